#!/bin/sh
# Compares perfmodel's predictions with those of the libraries that people use instead, and with its own limits.
#
# usage: bench/peers.sh [--json] [--page] [--rounds N] [--rows N] [--layers N] [--build FOLDER] [--skip-build]
#                       [--predictor FILE]
#
#   --json            print one JSON object per comparison instead of a table
#   --page            also write docs/results/speed.md and speed.json
#   --rounds N        samples of each, taken in turn (21)
#   --rows N          rows of the tables, to fit on and to predict (46080)
#   --layers N        layers that the predictor is fitted to (1000)
#   --build FOLDER    build folder (build/release)
#   --skip-build      take the programs there as they are
#   --predictor FILE  take this predictor instead of fitting one
#
# Installs what is missing from Debian (as root or through sudo), builds, fits every model anew, and runs everything on
# one thread. Answers that must be equal are checked; where they are not, the script ends with a message and status 1.
set -eu
cd "$(dirname "$0")/.."

command="bench/peers.sh $*"
json=false page=false rounds=21 rows=46080 layers=1000 build=build/release skip_build=false predictor=
while [ $# -gt 0 ]; do
  case $1 in
    --json) json=true ;;
    --page) page=true ;;
    --skip-build) skip_build=true ;;
    --rounds | --rows | --layers | --build | --predictor)
      [ $# -gt 1 ] || { echo "$1 needs a value" >&2; exit 2; }
      case $1 in
        --rounds) rounds=$2 ;;
        --rows) rows=$2 ;;
        --layers) layers=$2 ;;
        --build) build=$2 ;;
        --predictor) predictor=$2 ;;
      esac
      shift ;;
    *) sed -n '2,/^set/{/^#/s/^# \{0,1\}//p}' "$0" >&2; exit 2 ;;
  esac
  shift
done

install_peers() {
  missing=
  for package in libopencv-ml-dev libdlib-dev python3-sklearn python3-numpy binutils; do
    case "$(dpkg-query -W -f '${Status}' "$package" 2>/dev/null)" in
      *"ok installed") ;;
      *) missing="$missing $package" ;;
    esac
  done
  [ -n "$missing" ] || return 0
  sudo=
  [ "$(id -u)" = 0 ] || sudo="sudo -n"
  echo "installing$missing" >&2
  $sudo apt-get update >&2
  $sudo env DEBIAN_FRONTEND=noninteractive apt-get install --yes --no-install-recommends $missing >&2
}

build_peers() {
  ./cmake/setup_debian.sh >&2
  generator=
  [ -e "$build/CMakeCache.txt" ] || generator="-G Ninja"
  cmake -S . -B "$build" $generator -DPERFMODEL_BUILD_BENCHMARKS=ON -DPERFMODEL_BUILD_PEERS=ON >&2
  cmake --build "$build" --target peers >&2
}

# limit_line CASE VALUE LIMIT: one comparison of numbers that are bytes, not times
limit_line() {
  awk -v name="$1" -v value="$2" -v limit="$3" 'BEGIN {
    printf "{\"case\":\"%s\",\"ours_us\":%d,\"peer\":\"limit\",\"peer_us\":%d,\"ratio\":%.4g,\"goal\":1}\n",
           name, value, limit, limit / value }'
}

measure_sizes() {
  program=$build/bench/peers/peak_memory
  total=0
  for library in $(ldd "$program" | awk '/libperfmodel/ {print $3}'); do
    strip -o "$work/stripped.so" "$library"
    total=$((total + $(stat -c %s "$work/stripped.so")))
  done
  limit_line "bytes of the perfmodel libraries that a C program loads, stripped" "$total" 3000000
  limit_line "bytes of peak memory of a C program that loads a model of 1 MB and predicts" \
    "$("$program" "$work/trees_1mb.safetensors")" 16000000
}

compare_all() {
  for program in xgboost_peer torch_peer network_peer forest_peer limits_peer; do
    echo "$program" >&2
    "$build/bench/peers/$program" "$work" "$rounds"
  done
  echo sklearn_peer >&2
  /usr/bin/python3 bench/peers/sklearn_peer.py "$work" "$rounds" "$build/capi/libperfmodel_c.so"
  measure_sizes
}

export OMP_NUM_THREADS=1 OPENBLAS_NUM_THREADS=1 MKL_NUM_THREADS=1 DLIB_NUM_THREADS=1
install_peers
$skip_build || build_peers
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
echo "fitting models to $rows rows and $layers layers" >&2
"$build/bench/peers/make_peer_inputs" "$work" "$rows" "$layers"
if [ -n "$predictor" ]; then
  cp "$predictor" "$work/predictor.safetensors"
else
  "$build/examples/perfmodel_layers/perfmodel-layers" train --data "$work/layers.csv" \
    --model "$work/predictor.safetensors" >"$work/train.log" 2>&1 || { cat "$work/train.log" >&2; exit 1; }
fi
"$build/examples/perfmodel_layers/perfmodel-layers" train --data "$work/layers.csv" --learner resperfnet \
  --model "$work/resperfnets.safetensors" >"$work/train.log" 2>&1 || { cat "$work/train.log" >&2; exit 1; }
compare_all >"$work/results.jsonl"
if $json; then
  cat "$work/results.jsonl"
else
  /usr/bin/python3 bench/peers/speed_report.py table "$work/results.jsonl"
fi
if $page; then
  /usr/bin/python3 bench/peers/speed_report.py page "$work/results.jsonl" "$build" "$command"
fi
