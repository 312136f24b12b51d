#!/usr/bin/env bash
# Hundreds of segments beside DuckDB, DataFusion and Polars. They and the generator of TPC-H come from PyPI, once, into
# `target/bench/venv`; the data is made once beside it. Needs python3 with its module `venv` besides the Rust toolchain.
# Arguments go to the benchmark: `benches/segments.sh --help`.
set -euo pipefail
cd "$(dirname "$0")/.."

packages='duckdb==2.0.0 datafusion==55.0.0 pyarrow==26.0.1 polars==2.1.0 tpchgen-cli==4.0.0'

fail() {
  echo "benches/segments.sh: $1" >&2
  exit 1
}

# What can be asked for is told without installing anything.
case " $* " in *" --help "* | *" -h "*) exec cargo bench --quiet --bench segments -- "$@" ;; esac

venv="$PWD/target/bench/venv"
if [ "$(cat "$venv/packages" 2>/dev/null)" != "$packages" ]; then
  command -v python3 >/dev/null || fail "python3 is missing"
  rm -rf "$venv"
  mkdir -p "$(dirname "$venv")"
  python3 -m venv "$venv" || fail "python3 has no module venv (on Debian: apt-get install python3-venv)"
  # shellcheck disable=SC2086  # several words
  "$venv/bin/pip" install --quiet --disable-pip-version-check $packages || fail "the peers cannot be installed"
  echo "$packages" >"$venv/packages"
fi

KOHORT_BENCH_VENV="$venv" cargo bench --quiet --bench segments -- "$@"
