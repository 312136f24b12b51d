"""Derives files from the orders and customers of TPC-H: with times of day, and with keys that are text.

    derive.py DIRECTORY

What is there already stays. Rows keep their order, files their columns.
"""

import os
import sys

import duckdb

# A time of day for each order, to the microsecond: its key, spread over the day by a multiplication that wraps.
TIME = """
    o_orderdate + to_microseconds(
        CAST((o_orderkey * 2654435761 % 4294967296)::HUGEINT * 86400000000 // 4294967296 AS BIGINT))
"""
DERIVED = {
    "orders_time": f"SELECT *, CAST({TIME} AS TIMESTAMP) AS o_ordertime FROM 'orders.parquet'",
    "orders_text": "SELECT * REPLACE ('C' || lpad(o_custkey::VARCHAR, 9, '0') AS o_custkey) FROM 'orders.parquet'",
    "customer_text": "SELECT * REPLACE ('C' || lpad(c_custkey::VARCHAR, 9, '0') AS c_custkey) FROM 'customer.parquet'",
}

os.chdir(sys.argv[1])
for name, query in DERIVED.items():
    if not os.path.exists(f"{name}.parquet"):
        duckdb.sql(f"COPY ({query}) TO '{name}.parquet.new' (FORMAT parquet)")
        os.rename(f"{name}.parquet.new", f"{name}.parquet")
