#!/bin/sh
# cmake/setup_debian.sh on machines that are played: dpkg-query, id, sudo and apt-get are stand-ins in a folder of PATH.
# usage: setup_test.sh SOURCE_DIR WORK_DIR
set -eu
setup=$1/cmake/setup_debian.sh
bin=$2/setup_test
rm -rf "$bin"
mkdir -p "$bin"

# stand_in NAME LINE...: a program that runs these shell lines.
stand_in() {
  name=$1
  shift
  { echo '#!/bin/sh'; printf '%s\n' "$@"; } >"$bin/$name"
  chmod +x "$bin/$name"
}

# expect STATUS TEXT: runs the set-up, which must end so and say TEXT ("" for nothing at all).
expect() {
  status=0
  output=$(PATH="$bin:$PATH" sh "$setup" 2>&1) || status=$?
  case "$output" in
    *"$2"*) [ "$status" = "$1" ] && { [ -n "$2" ] || [ -z "$output" ]; } && return ;;
  esac
  echo "expected status $1 and '$2', got $status and: $output" >&2
  exit 1
}

# Everything is there.
stand_in dpkg-query 'echo "install ok installed"'
expect 0 ""

# Two packages are missing, one of them was removed but left its configuration; the user is nobody.
stand_in dpkg-query 'for package; do :; done' \
  'case $package in ninja-build) exit 1 ;; libfmt-dev) echo "deinstall ok config-files" ;; *) echo "install ok installed" ;; esac'
stand_in id 'echo 1000'
stand_in sudo 'exit 1'
expect 1 "sudo sh -c 'apt-get update && apt-get install --yes --no-install-recommends ninja-build libfmt-dev'"

# The same as root: apt-get is asked for these two and nothing else.
stand_in id 'echo 0'
stand_in apt-get "echo \"\$@\" >>'$bin/asked'"
expect 0 "installing ninja-build libfmt-dev"
grep -qx 'install --yes --no-install-recommends ninja-build libfmt-dev' "$bin/asked"

# Through sudo that asks nothing.
rm "$bin/asked"
stand_in id 'echo 1000'
stand_in sudo '[ "$1" = -n ] || exit 1; shift; exec "$@"'
expect 0 "installing"
grep -qx 'update' "$bin/asked"

# apt-get goes wrong: its words are shown.
stand_in apt-get 'echo "E: no network"; exit 100'
expect 1 "E: no network"
