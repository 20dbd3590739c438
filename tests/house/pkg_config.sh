#!/bin/sh
# Builds and runs a C program with what pkg-config says and nothing else.
# usage: pkg_config.sh COMPILER LIBDIR SOURCE WORKDIR   (PKG_CONFIG_FLAGS=--static for static libraries)
set -eu
compiler=$1 libdir=$2 source=$3 workdir=$4
export PKG_CONFIG_PATH="$libdir/pkgconfig"
# shellcheck disable=SC2046  # the flags are words
"$compiler" -std=c99 $(pkg-config --cflags perfmodel_c) "$source" -o "$workdir/pkg_config_consumer" \
  $(pkg-config ${PKG_CONFIG_FLAGS:-} --libs perfmodel_c)
LD_LIBRARY_PATH="$libdir" "$workdir/pkg_config_consumer"
