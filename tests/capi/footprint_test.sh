#!/bin/sh
# What perfmodel costs a C program: bytes of its stripped libraries together, and the peak memory of a run.
# usage: footprint_test.sh size PROGRAM MOST_BYTES
#        footprint_test.sh memory PROGRAM MOST_BYTES MODEL   (a model of 1 MB at least)
# PROGRAM is bench/peers/peak_memory.c.
set -eu
what=$1 program=$2 most=$3

# at_most BYTES THING
at_most() {
  echo "$2: $1 bytes, at most $most"
  [ "$1" -le "$most" ]
}

case $what in
  size)
    libraries=$(ldd "$program" | awk '/libperfmodel/ {print $3}')
    [ -n "$libraries" ] || { echo "$program loads no library of perfmodel" >&2; exit 1; }
    stripped=$(mktemp)
    trap 'rm -f "$stripped"' EXIT
    total=0
    for library in $libraries; do
      strip -o "$stripped" "$library"
      total=$((total + $(wc -c <"$stripped")))
    done
    at_most "$total" "stripped libraries that a program with perfmodel_c loads" ;;
  memory)
    [ "$(wc -c <"$4")" -ge 1000000 ] || { echo "$4 has less than 1 MB" >&2; exit 1; }
    at_most "$("$program" "$4")" "peak memory of a program that loads a model and predicts" ;;
esac
