#!/bin/sh
# require_packages.sh [PACKAGE...]: makes sure that the Debian packages which build the program, and those named, are
# installed, asking nothing.
# Installs what is missing as root or with password-less sudo. Where it may not, it names the one command that does
# and exits 1. On a system without dpkg it cannot look and leaves the finding to CMake.
set -eu

product="g++ cmake ninja-build pkgconf
  libeigen3-dev libpugixml-dev nlohmann-json3-dev libcli11-dev libfmt-dev libsodium-dev"

command -v dpkg-query >/dev/null || exit 0
missing=
for package in $product "$@"; do
  status=$(dpkg-query -W -f='${db:Status-Status}' "$package" 2>/dev/null || true)
  [ "$status" = installed ] || missing="$missing $package"
done
[ -n "$missing" ] || exit 0

install="apt-get install -y --no-install-recommends$missing"
if [ "$(id -u)" = 0 ]; then
  as_root=
elif command -v sudo >/dev/null && sudo -n true 2>/dev/null; then
  as_root="sudo -n"
else
  echo "Packages are missing and this account may not install them. Run once:" >&2
  echo "    sudo $install" >&2
  exit 1
fi

echo "installing$missing" >&2
log=$(mktemp)
trap 'rm -f "$log"' EXIT
# the lists may be absent or old: fetch them first, and let the install itself be the judge
{
  # shellcheck disable=SC2086
  $as_root apt-get update -q || true
  $as_root env DEBIAN_FRONTEND=noninteractive $install
} </dev/null >"$log" 2>&1 || {
  tail -n 30 "$log" >&2
  echo "The packages could not be installed. Run this and read what it says:" >&2
  echo "    sudo $install" >&2
  exit 1
}
