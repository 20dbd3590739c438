#!/bin/sh
# Installs the Debian packages that perfmodel is built with, where some are missing: with apt-get, as root or through sudo
# that asks nothing. Otherwise prints the one command to run. Does nothing, quickly, when all are there.
set -eu

packages="build-essential cmake ninja-build ccache pkg-config libtorch-dev libopenblas0-pthread libxgboost-dev
  libeigen3-dev liblbfgspp-dev libfmt-dev nlohmann-json3-dev libsqlite3-dev libcli11-dev libgtest-dev libgmock-dev
  libbenchmark-dev gnuplot-nox python3"

if ! command -v dpkg-query >/dev/null; then
  echo "This is no Debian. perfmodel needs what these Debian packages hold:" $packages >&2
  exit 0
fi

missing=
for package in $packages; do
  case "$(dpkg-query -W -f '${Status}' "$package" 2>/dev/null)" in
    *"ok installed") ;;
    *) missing="$missing $package" ;;
  esac
done
[ -n "$missing" ] || exit 0

if [ "$(id -u)" = 0 ]; then
  sudo=
elif sudo -n true 2>/dev/null; then
  sudo="sudo -n"
else
  echo "Some packages are missing. Run this, then try again:" >&2
  echo "  sudo sh -c 'apt-get update && apt-get install --yes --no-install-recommends$missing'" >&2
  exit 1
fi

echo "installing$missing"
log=$(mktemp)
trap 'rm -f "$log"' EXIT
if ! { $sudo apt-get update &&
       DEBIAN_FRONTEND=noninteractive $sudo apt-get install --yes --no-install-recommends $missing; } >"$log" 2>&1; then
  tail -n 20 "$log" >&2
  exit 1
fi
