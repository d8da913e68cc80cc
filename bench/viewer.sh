#!/usr/bin/env bash
# bench/viewer.sh SCENE|RUN [MINUTES]: what a person feels of the viewer at 640x480: the first picture, the whole one, pictures a
# second while the camera moves, and the program's memory minute by minute (default: none).
set -euo pipefail
home=$(cd "$(dirname "$0")/.." && pwd)
log=$(mktemp)
"$home/eikonal" view "$1" --no-browser >"$log" 2>&1 &
program=$!
trap 'kill $program 2>/dev/null; wait $program || true; rm -f "$log"' EXIT
for _ in $(seq 100); do
  link=$(sed -n 's/^viewer: //p' "$log")
  [ -z "$link" ] || break
  sleep 0.2
done
[ -n "$link" ] || { cat "$log"; exit 1; }
java -cp "$home/java/core/target/eikonal.jar:$home/java/studio/target/lib/*" "$home/bench/java/ViewerSpeed.java" \
  "$link" "$program" "${2:--1}"
