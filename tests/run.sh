#!/bin/sh
# Installs what is missing, builds perfmodel and runs its tests, but for those labelled "slow".
# usage: tests/run.sh [--slow] [CTEST_ARGUMENT...]
#   --slow   the slow ones, too
#   others   go to ctest, e.g. -R Network or -L capi
set -eu
cd "$(dirname "$0")/.."
. cmake/build.sh

case "${1:-}" in
  -h | --help)
    sed -n '2,5s/^# //p' tests/run.sh
    exit 0
    ;;
  --slow)
    shift
    ;;
  *)
    set -- -LE slow "$@"
    ;;
esac

# Measured tables that the tests compare with, where they lie beside the project.
if [ -z "${PERFMODEL_DATA_DIR:-}" ] && [ -d ../shared/data ]; then
  PERFMODEL_DATA_DIR=$(cd ../shared/data && pwd)
  export PERFMODEL_DATA_DIR
fi

set_up_and_build
echo "testing ..."
ctest --test-dir build/dev --parallel "$(nproc)" --output-on-failure --no-label-summary --progress "$@"
