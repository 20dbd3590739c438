#!/bin/sh
# Runs bench/peers.sh on little, so that it cannot rot; its times mean nothing. Installs nothing: where a library to compare
# with is missing, it says "skipped: " and why.
# usage: run_test.sh BUILD_FOLDER
set -eu
cd "$(dirname "$0")/../.."

/usr/bin/python3 -c 'import numpy, sklearn' 2>/dev/null || { echo "skipped: no scikit-learn"; exit 0; }
for package in libopencv-ml-dev libdlib-dev binutils; do
  case "$(dpkg-query -W -f '${Status}' "$package" 2>/dev/null)" in
    *"ok installed") ;;
    *) echo "skipped: no Debian package $package"; exit 0 ;;
  esac
done

lines=$(bench/peers.sh --json --skip-build --build "$1" --rounds 2 --rows 4000 --layers 300)
echo "$lines"
num_lines=$(echo "$lines" | grep -c '^{"case": *".*"goal": *[0-9]')
[ "$num_lines" = "$(echo "$lines" | wc -l)" ] && [ "$num_lines" -ge 20 ]
