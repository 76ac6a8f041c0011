#!/bin/sh
# find_clang.sh           prints the version of clang that this system calls its own ("14" on Debian 12, "19" on Debian 13)
# find_clang.sh VERSION   prints VERSION if clang-format-VERSION is here or among this system's packages
# Prints nothing where there is none; exits 0 either way. Looks, installs nothing.
set -eu

# the system's own: what its package `clang` stands for
find_own() {
  apt-cache depends clang 2>/dev/null | sed -nE 's/.*Depends: clang-([0-9]+)$/\1/p' | head -n 1
}

if [ $# -gt 0 ] && command -v "clang-format-$1" >/dev/null; then
  echo "$1"
  exit 0
fi
if command -v apt-cache >/dev/null; then
  # a new machine has no package lists yet
  if [ -z "$(find_own)" ]; then
    if [ "$(id -u)" = 0 ]; then apt-get update -q >/dev/null 2>&1 || true
    elif command -v sudo >/dev/null; then sudo -n apt-get update -q >/dev/null 2>&1 || true
    fi
  fi
  if [ $# = 0 ]; then
    find_own
  elif [ -n "$(apt-cache madison "clang-format-$1" 2>/dev/null)" ]; then
    echo "$1"
  fi
  exit 0
fi
# no package manager that we know: the newest that is installed
if [ $# = 0 ]; then
  for version in 22 21 20 19 18 17 16 15 14; do
    if command -v "clang++-$version" >/dev/null && command -v "clang-tidy-$version" >/dev/null; then
      echo "$version"
      exit 0
    fi
  done
fi
