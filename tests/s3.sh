#!/usr/bin/env bash
# Files in S3: the tests that need a server, against one that runs here for as long as they do.
#
# The server is moto, which speaks S3; it comes from PyPI into a directory that is thrown away. Needs python3 with its
# module `venv`, and curl, besides the Rust toolchain. The first build takes as long as that of `cargo test`: it is
# another, since it holds the clients of the stores.
set -euo pipefail
cd "$(dirname "$0")/.."

moto='moto[server]==5.2.5'
attempts=120

fail() {
  echo "tests/s3.sh: $1" >&2
  exit 1
}

command -v python3 >/dev/null || fail "python3 is missing"
command -v curl >/dev/null || fail "curl is missing"

directory=$(mktemp -d)
server=
finish() {
  if [[ -n $server ]]; then kill "$server" 2>/dev/null && wait "$server" 2>/dev/null || true; fi
  rm -rf "$directory"
}
trap finish EXIT

python3 -m venv "$directory/venv" || fail "python3 has no module venv (on Debian: apt-get install python3-venv)"
"$directory/venv/bin/pip" install --quiet --disable-pip-version-check "$moto" || fail "moto cannot be installed"

# Built before the server starts, so that it does not run for nothing.
cargo test --features remote --test engine --no-run

port=$("$directory/venv/bin/python" -c \
  'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
"$directory/venv/bin/moto_server" --host 127.0.0.1 --port "$port" >"$directory/log" 2>&1 &
server=$!

# What the environment of whoever runs this says about other stores is not meant here.
for name in $(compgen -e AWS_ || true); do unset "$name"; done
export AWS_ENDPOINT="http://127.0.0.1:$port" AWS_ALLOW_HTTP=true AWS_REGION=us-east-1
export AWS_ACCESS_KEY_ID=tests AWS_SECRET_ACCESS_KEY=tests
export KOHORT_S3_BUCKET=kohort-tests
export NO_PROXY=127.0.0.1 no_proxy=127.0.0.1

# A server that has begun to listen answers; one that has ended never will.
until curl --silent --fail --output /dev/null -X PUT "$AWS_ENDPOINT/$KOHORT_S3_BUCKET"; do
  if ! kill -0 "$server" 2>/dev/null || ((attempts-- == 0)); then
    cat "$directory/log" >&2
    fail "the server does not start"
  fi
  sleep 0.5
done

cargo test --features remote --test engine in_s3 | tee "$directory/tests"
grep -q '^test result: ok\. [1-9]' "$directory/tests" || fail "no test ran: are they still called …_in_s3?"
