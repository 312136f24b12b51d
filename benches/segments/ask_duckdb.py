"""Asks DuckDB: runs the statements of a file over Parquet files, and prints what they count.

    ask_duckdb.py THREADS STATEMENTS TABLE=FILE…

The last line is the time from connecting to the last answer, in seconds: without the start of Python.
"""

import sys
import time

import duckdb

threads, path, *tables = sys.argv[1:]
with open(path) as file:
    statements = file.read().split(";\n")

started = time.perf_counter()
db = duckdb.connect(config={"threads": int(threads)})
for table in tables:
    name, source = table.split("=", 1)
    db.execute(f"CREATE VIEW {name} AS SELECT * FROM read_parquet('{source}')")
counts = []
for statement in filter(str.strip, statements):
    answer = db.execute(statement)
    names = [column[0] for column in answer.description]
    if statement.lstrip().startswith("WITH"):
        counts += zip(names, answer.fetchone())
seconds = time.perf_counter() - started

for name, count in counts:
    print(f"{name},{count or 0}")
print(f"seconds,{seconds}")
