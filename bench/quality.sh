#!/bin/sh
# Quality against training time: trains a scene anew for each number of seconds and prints what its held-out views say.
# usage: bench/quality.sh SCENE [SECONDS...]
set -eu
home=$(dirname -- "$(readlink -f -- "$0")")/..
scene=$1
shift
[ $# -gt 0 ] || set -- 15 30 60 180
runs=$(mktemp -d)
trap 'rm -rf "$runs"' EXIT

# A number from the head of the evaluation, before its views.
value() {
  sed -n "/\"views\"/q; s/.*\"$1\" : \([0-9.eE+-]*\).*/\1/p" "$runs/eval.json"
}

printf '%-16s %8s %8s %8s %8s %12s\n' scene seconds steps psnr ssim rays/s
for seconds in "$@"; do
  "$home/eikonal" train "$scene" --seconds "$seconds" --run "$runs/$seconds" >"$runs/log" 2>&1 || { cat "$runs/log" >&2; exit 1; }
  "$home/eikonal" eval "$runs/$seconds" --json >"$runs/eval.json" 2>/dev/null
  printf '%-16s %8d %8d %8.2f %8.4f %12.0f\n' "$(basename "$scene")" "$seconds" "$(value steps)" "$(value psnr)" \
    "$(value ssim)" "$(value raysPerSecond)"
done
