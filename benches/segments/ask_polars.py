"""Asks Polars: runs a program over Parquet files, and prints what it counts.

    ask_polars.py THREADS PROGRAM TABLE=FILE…

The program reads lazy frames from `tables` and leaves `answer`, a frame of one row, or nothing where it wrote its answer. The
last line is the time from opening the files to the answer, in seconds: without the start of Python.
"""

import os
import sys
import time
from datetime import date, datetime

threads, path, *sources = sys.argv[1:]
os.environ["POLARS_MAX_THREADS"] = threads

import polars as pl  # reads the number of threads when it is loaded

with open(path) as file:
    programs = file.read().split("# next\n")

started = time.perf_counter()
counts = []
for program in programs:
    tables = {name: pl.scan_parquet(source) for name, source in (source.split("=", 1) for source in sources)}
    names = {"pl": pl, "date": date, "datetime": datetime, "tables": tables}
    exec(compile(program, path, "exec"), names)
    if names["answer"] is not None:
        counts += names["answer"].row(0, named=True).items()
seconds = time.perf_counter() - started

for name, count in counts:
    print(f"{name},{count or 0}")
print(f"seconds,{seconds}")
