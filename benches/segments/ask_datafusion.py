"""Asks DataFusion: runs the statements of a file over Parquet files, and prints what they count.

    ask_datafusion.py THREADS STATEMENTS TABLE=FILE…

The last line is the time from the session to the last answer, in seconds: without the start of Python.
"""

import sys
import time

from datafusion import SessionConfig, SessionContext

threads, path, *tables = sys.argv[1:]
with open(path) as file:
    statements = file.read().split(";\n")

started = time.perf_counter()
session = SessionContext(SessionConfig().with_target_partitions(int(threads)))
for table in tables:
    name, source = table.split("=", 1)
    session.register_parquet(name, source)
counts = []
for statement in filter(str.strip, statements):
    answer = session.sql(statement).collect()
    if statement.lstrip().startswith("WITH"):
        row = answer[0].to_pydict()
        counts += ((name, values[0]) for name, values in row.items())
seconds = time.perf_counter() - started

for name, count in counts:
    print(f"{name},{count or 0}")
print(f"seconds,{seconds}")
