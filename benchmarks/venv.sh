# Shared by the benchmarks; sourced after scripts/lib.sh, never run.
# shellcheck shell=bash

BENCH=$ROOT/build/bench

# venv NAME PACKAGE...|-r FILE: an interpreter of its own, made once per list of packages.
venv() {
  local folder=$BENCH/$1 made_of
  shift
  made_of=$(printf '%s\n' "$@" && if [ "$1" = -r ]; then cat "$2"; fi)
  if [ -f "$folder/.made-of" ] && [ "$(cat "$folder/.made-of")" = "$made_of" ]; then return 0; fi
  say "Installing $* (once)"
  rm -rf "$folder"
  python3 -m venv "$folder"
  "$folder/bin/pip" install --quiet --disable-pip-version-check "$@"
  echo "$made_of" >"$folder/.made-of"
}

mkdir -p "$BENCH"
