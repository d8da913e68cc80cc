# What the scripts of this folder share. Each sets these and then sources this file, which trains, measures and prints:
#   variants  a line each: name|kind of scene|options of eikonal train
#   columns   PSNR of the held-out views whose names end in _COLUMN; all: of all
#   budget    how long each trains; EIK_BENCH_BUDGET, such as "--seconds 20", comes first
# Arguments are the seeds, of scene and training alike; 0 1 2 if there are none.
set -eu
home=$(readlink -f -- "$(dirname -- "$0")/../..")
budget=${EIK_BENCH_BUDGET:-$budget}
[ $# -gt 0 ] || set -- 0 1 2
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
trap 'exit 1' HUP INT TERM

# What a command says is of interest only if it fails.
quiet() {
  "$@" >"$work/log" 2>&1 || { cat "$work/log" >&2; exit 1; }
}

quiet "$home/eikonal" info # builds what is missing
libraries="$home/java/core/target/eikonal.jar:$home/java/studio/target/eikonal-studio.jar:$home/java/studio/target/lib/*"
quiet javac -d "$work/classes" -cp "$libraries" "$home"/bench/quality/scenes/*.java
set -f # options may have brackets

# measure KIND OPTIONS SEED: the columns, then steps and seconds of training, on one line.
measure() {
  scene=$work/$1-$3
  [ -d "$scene" ] || quiet java -Djava.awt.headless=true -cp "$work/classes:$libraries" MakeScenes "$1" "$scene" "$3"
  rm -rf "$work/run"
  # shellcheck disable=SC2086 # options are words
  quiet "$home/eikonal" train "$scene" --run "$work/run" --seed "$3" $2 $budget
  "$home/eikonal" eval "$work/run" --json >"$work/eval.json" 2>"$work/log" || { cat "$work/log" >&2; exit 1; }
  awk -F' : |,' -v columns="$columns" '
    /"steps"/ { steps = $2 }
    /"trainSeconds"/ { seconds = $2 }
    /"name"/ { group = $2; sub(/.*_/, "", group); sub(/".*/, "", group) }
    /"psnr"/ && group != "" { sum["all"] += $2; count["all"]++; sum[group] += $2; count[group]++ }
    END {
      n = split(columns, column, " ")
      for (i = 1; i <= n; i++) printf "%.2f ", sum[column[i]] / count[column[i]]
      printf "%d %.0f\n", steps, seconds
    }' "$work/eval.json"
}

# The median of each column of rows.
medians() {
  awk '
    { for (i = 1; i <= NF; i++) value[i, NR] = $i }
    END {
      for (i = 1; i <= NF; i++) {
        for (j = 2; j <= NR; j++)
          for (k = j; k > 1 && value[i, k] + 0 < value[i, k - 1] + 0; k--) {
            swap = value[i, k]; value[i, k] = value[i, k - 1]; value[i, k - 1] = swap
          }
        low = value[i, int((NR + 1) / 2)]; high = value[i, int(NR / 2) + 1]
        printf "%s ", low == high ? low : sprintf("%.2f", (low + high) / 2)
      }
    }' "$1"
}

# row NAME SEED VALUE...
row() {
  printf '%-24s %6s' "$1" "$2"
  shift 2
  printf ' %8s' "$@"
  echo
}

# shellcheck disable=SC2086 # columns and values are words
{
  row variant seed $columns steps seconds
  echo "$variants" | sed '/^$/d' | while IFS='|' read -r name kind options; do
    : >"$work/rows"
    for seed in "$@"; do
      measure "$kind" "$options" "$seed" </dev/null >"$work/row"
      cat "$work/row" >>"$work/rows"
      row "$name" "$seed" $(cat "$work/row")
    done
    row "$name" median $(medians "$work/rows")
  done
}
