# Shared by the scripts beside it; sourced, never run.
# shellcheck shell=bash

ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)

say() { printf '\n==> %s\n' "$*"; }

die() {
  printf '%s: %s\n' "$(basename "$0")" "$*" >&2
  exit 2
}

# The package names in list files: comments and empty lines left out.
listed() { sed -e 's/#.*//' -e 's/[[:space:]]//g' -e '/^$/d' "$@"; }

is_installed() {
  [ "$(dpkg-query -W -f='${db:Status-Status}' "$1" 2>/dev/null)" = installed ]
}

as_root() {
  if [ "$(id -u)" -eq 0 ]; then
    env DEBIAN_FRONTEND=noninteractive "$@"
  else
    sudo env DEBIAN_FRONTEND=noninteractive "$@"
  fi
}

# install_packages FILE...: asks the network only when something is missing.
install_packages() {
  local missing=() package
  if ! command -v apt-get >/dev/null; then
    die "needs apt-get (Debian 12); elsewhere install the equivalents of: $(listed "$@" | xargs)"
  fi
  for package in $(listed "$@"); do
    is_installed "$package" || missing+=("$package")
  done
  [ ${#missing[@]} -gt 0 ] || return 0
  say "Installing ${#missing[@]} packages: ${missing[*]}"
  if [ "$(id -u)" -ne 0 ] && ! command -v sudo >/dev/null; then
    die "packages are missing and this is neither root nor a user with sudo; as root run:
  apt-get update && apt-get install --no-install-recommends ${missing[*]}"
  fi
  apt_quietly update
  apt_quietly install -y --no-install-recommends "${missing[@]}"
}

# apt-get's chatter only matters when it fails.
apt_quietly() {
  local log
  log=$(mktemp)
  if ! as_root apt-get -o Acquire::Retries=3 -o Dpkg::Use-Pty=0 -q "$@" >"$log" 2>&1; then
    tail -n 30 "$log" >&2
    rm -f "$log"
    die "apt-get $1 failed (above: its last lines)"
  fi
  rm -f "$log"
}

# Put in front of programs that were built with a sanitizer, also of those that the build runs.
WRAP=()

# build PRESET [TARGET...]: both cores, one moving line on a terminal, the compiler's words on failure.
build() {
  local preset=$1 folder=$ROOT/build/$1 log=$ROOT/build/$1.log
  shift
  say "Building $preset on $(nproc) cores (minutes the first time; log: build/$preset.log)"
  mkdir -p "$ROOT/build"
  if ! (cd "$ROOT" && cmake --preset "$preset") >"$log" 2>&1; then
    cat "$log" >&2
    return 1
  fi
  if [ -t 1 ]; then
    NINJA_STATUS='[%f/%t] ' "${WRAP[@]}" ninja -C "$folder" -j "$(nproc)" "$@"
  elif ! "${WRAP[@]}" ninja -C "$folder" -j "$(nproc)" "$@" >"$log" 2>&1; then
    grep -v '^\[' "$log" | tail -n 60 >&2
    return 1
  fi
}
