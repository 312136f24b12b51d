#!/usr/bin/env bash
# Ranks beside DuckDB's window functions: DuckDB comes from PyPI into a directory that is thrown away. Needs python3 with its
# module `venv` besides the Rust toolchain. Arguments go to the benchmark: `benches/ranks.sh 1000000`.
set -euo pipefail
cd "$(dirname "$0")/.."

duckdb='duckdb==2.0.0'

fail() {
  echo "benches/ranks.sh: $1" >&2
  exit 1
}

command -v python3 >/dev/null || fail "python3 is missing"
directory=$(mktemp -d)
trap 'rm -rf "$directory"' EXIT
python3 -m venv "$directory/venv" || fail "python3 has no module venv (on Debian: apt-get install python3-venv)"
"$directory/venv/bin/pip" install --quiet --disable-pip-version-check "$duckdb" || fail "DuckDB cannot be installed"

KOHORT_BENCH_PYTHON="$directory/venv/bin/python" cargo bench --bench ranks -- "$@"
