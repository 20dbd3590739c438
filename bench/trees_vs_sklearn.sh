#!/bin/sh
# Compares perfmodel's trees and forests with scikit-learn's: bench/trees_vs_sklearn.sh [BUILD_FOLDER] [ROWS] [ROUNDS]
#
# Needs a build with PERFMODEL_BUILD_BENCHMARKS and Debian's python3-sklearn. Everything runs on one thread.
set -eu
cd "$(dirname "$0")/.."
build=${1:-build/release}
rows=${2:-46080} # the configurations that Iqbal et al. (OpML 2019) measured on a Jetson TX1
rounds=${3:-3}
export OMP_NUM_THREADS=1 OPENBLAS_NUM_THREADS=1
exec /usr/bin/python3 bench/trees_vs_sklearn.py "$build/bench/trees_benchmark" "$rows" "$rounds"
