# Sourced by examples/run.sh and tests/run.sh, with the root of the project as current folder.

# quietly WHAT LOG COMMAND...: says WHAT, runs COMMAND with its output in LOG, shows the end of it when it fails.
quietly() {
  echo "$1 ..."
  quietly_log=$2
  shift 2
  mkdir -p "$(dirname "$quietly_log")"
  if ! "$@" >"$quietly_log" 2>&1; then
    tail -n 40 "$quietly_log" >&2
    echo "this went wrong: $* (all of it is in $quietly_log)" >&2
    return 1
  fi
}

# set_up_and_build [TARGET...]: packages, configuration and build of the preset "dev"; all targets when none is named.
set_up_and_build() {
  sh cmake/setup_debian.sh
  if [ ! -e build/dev/build.ninja ]; then
    quietly "configuring" build/dev/configure.log cmake --preset dev
  fi
  build_jobs=$(nproc)
  if [ -t 1 ]; then
    cmake --build build/dev --parallel "$build_jobs" ${1:+--target "$@"}
  else
    quietly "building" build/dev/build.log cmake --build build/dev --parallel "$build_jobs" ${1:+--target "$@"}
  fi
}
