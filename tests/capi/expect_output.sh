#!/bin/sh
# Runs a program, which must exit with STATUS and write what STDOUT and STDERR say: extended regular expressions that may
# reach over lines, "" for nothing at all.
# usage: expect_output.sh STATUS STDOUT STDERR COMMAND...
set -eu
expected_status=$1 expected_stdout=$2 expected_stderr=$3
shift 3

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

# matches FILE REGEX
matches() {
  if [ -z "$2" ]; then [ ! -s "$1" ]; else tr '\n' ' ' <"$1" | grep -Eq "$2"; fi
}

status=0
"$@" >"$folder/stdout" 2>"$folder/stderr" || status=$?
if [ "$status" != "$expected_status" ] || ! matches "$folder/stdout" "$expected_stdout" ||
   ! matches "$folder/stderr" "$expected_stderr"; then
  echo "expected status $expected_status, stdout '$expected_stdout', stderr '$expected_stderr'; got status $status, stdout:"
  cat "$folder/stdout"
  echo "and stderr:"
  cat "$folder/stderr"
  exit 1
fi
