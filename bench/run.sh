#!/usr/bin/env bash
# Measures the CPU backend, its peers and the limits of this machine in one run, and writes docs/benchmarks-cpu.md.
#
#   bench/run.sh [quick|full] [--only PIECES] [--out DIR] [--docs DIR]
#
#   quick      (default) what the pictures and the table of peers need: about 10 minutes
#   full       every size, width, instruction set and precision
#   --only     some pieces, with commas between: their results replace those in DIR, all others stay
#   --out      where results go (default: build/bench)
#   --docs     where the page goes (default: docs)
#   --no-build what bench/target has, as it is
#
# EIK_BENCH_PREFIX is put before each measurement, such as "taskset -c 0,1" or "nice -n -5".
set -euo pipefail
home=$(cd "$(dirname -- "$(readlink -f -- "$0")")/.." && pwd)
cd "$home"

selection=quick only= out=build/bench docs=docs build=true
while [ $# -gt 0 ]; do
  case $1 in
    quick | full) selection=$1 ;;
    --only) only=,$2, && shift ;;
    --out) out=$2 && shift ;;
    --docs) docs=$2 && shift ;;
    --no-build) build=false ;;
    *) sed -n '2,/^set/{/^set/d; s/^# \{0,1\}//p}' "$0" >&2 && exit 2 ;;
  esac
  shift
done
mkdir -p "$out"

if $build; then
  mvn -q -B -ntp -Ppeers -pl bench -am -Dmaven.test.skip=true -DskipTests package >"$out/build.log" 2>&1 ||
    { cat "$out/build.log" >&2; exit 1; }
fi

wanted() {
  [ -z "$only" ] || [[ $only = *,$1,* ]]
}

# limits NUMBER: the best of several counts.
limits() {
  wanted limits || return 0
  echo "limits ..." >&2
  ${EIK_BENCH_PREFIX:-} bench/target/limits/limits --json "$out/limits-$1.json" >"$out/limits-$1.log"
}

# piece NAME TITLE ARGUMENT...: one command, whose results become a table of the page, in this order.
number=10
piece() {
  local name=$((number++))-$1 title=$2
  wanted "$1" || return 0
  shift 2
  echo "$title ..." >&2
  printf '%s\njava -jar bench/target/benchmarks.jar %s\n' "$title" "${*@Q}" >"$out/$name.txt"
  # The collector's profiler last, for it counts what the one before allocates where it comes first.
  ${EIK_BENCH_PREFIX:-} java -jar bench/target/benchmarks.jar "$@" -prof org.eikonal.bench.ProcessorTime -prof gc \
    -rf json -rff "$out/$name.json" >"$out/$name.log" 2>&1 ||
    { tail -n 30 "$out/$name.log" >&2; exit 1; }
}

# pick QUICK FULL: what the selection has of the two.
pick() {
  if [ $selection = quick ]; then echo "$1"; else echo "$2"; fi
}
all=$(nproc)
both=precision=bf16,fp32
encoding='EncodingBenchmark.(forward|backwardToParameters)'
network='[.]NetworkBenchmark'
step='[.]StepBenchmark'

limits 1
piece step 'Training step against batch' "$step" -p $both -p log2Batch=14,16,18
piece step-table 'Training step against table size' "$step" -p $both -p log2Table=$(pick 15,22 14,15,16,17,18,20,21,22)
piece table 'Encoding against table size' "$encoding" -p $both \
  -p log2Table=$(pick 14,17,19,22 14,15,16,17,18,19,20,21,22)
piece batch 'Encoding and field against batch' "$encoding|FieldBenchmark" \
  -p $both -p log2Batch=$(pick 14,16 14,15,16,17)
piece field 'The radiance field' 'FieldBenchmark|InstantNgpNetworks|EncodingBenchmark.backwardToInputs' -p $both
piece width 'Networks against width' "$network" -p $both -p width=16,32,64,128
piece rays 'Rays, samples, pixels' RayBenchmark -p precision=auto
piece optimizer 'Optimiser' OptimizerBenchmark -p $both -p average=false,true
piece scene 'A trained scene' SceneBenchmark -p precision=auto -p size=$(pick 200 200,800)
limits 2
if [ "$all" -gt 1 ]; then
  piece threads 'All threads' "$encoding|$network|FieldBenchmark|$step|OptimizerBenchmark" \
    -p precision=$(pick bf16 bf16,fp32) -p threads="$all" -p width=$(pick 64 16,32,64,128)
  piece threads-scene 'A trained scene, all threads' SceneBenchmark -p precision=auto \
    -p threads="$all" -p size=$(pick 200 200,800)
fi
piece isa 'Instruction sets' "$encoding|$network|$step" \
  -p precision=fp32 -p isa=portable,avx2,avx512 -p log2Batch=$(pick 16 18)
piece java 'Peers: plain Java' PlainJavaBenchmark -p log2Batch=$(pick 16,18 14,16,18)
piece networks 'Both networks of Instant-NGP, as peers have them' InstantNgpNetworks -p $both -p log2Batch=14,16
piece torch 'Peers: libtorch' TorchBenchmark -p log2Batch=14,16 -wi 1 -i 3
piece torch-large 'Peers: libtorch, large batches' "TorchBenchmark$(pick .step .)" -p log2Batch=18 -wi 1 -i 2
if [ "$all" -gt 1 ]; then
  piece step-threads 'Training step on all threads' "$step" -p $both -p log2Batch=14,16,18 -p threads="$all"
  piece torch-threads 'Peers: libtorch, all threads' "TorchBenchmark$(pick .step .)" \
    -p log2Batch=$(pick 16 14,16,18) -p threads="$all" -wi 1 -i 3
fi
limits 3

java -Djava.awt.headless=true -cp bench/target/benchmarks.jar org.eikonal.bench.report.Report "$out" "$docs"
echo "$docs/benchmarks-cpu.md" >&2
