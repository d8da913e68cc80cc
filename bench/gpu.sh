#!/usr/bin/env bash
# Builds, tests and measures the CUDA backend on a machine that has a GPU, nvcc and CMake, but neither a JDK nor a network.
#
#   bench/gpu.sh pack [--pack DIR]       where a JDK is and Maven has built: what the other machine needs, below 60 MB
#   bench/gpu.sh run [OPTION...]         there, from the source tree with the folder carried along: all within 8 minutes
#       --pack DIR             what pack made (default: build/gpu)
#       --out DIR              results, logs and the build (default: build/gpu-run); results are in DIR/gpu.json
#       --stages LIST          some of build,conformance,sanitizers,demo,bench,peers, with commas between (default: all);
#                              without build, what an earlier run has built in DIR is used
#       --tiny-cuda-nn PATH    tiny-cuda-nn's bench_image_ours, to be measured beside us
#       --emulated             on the emulated device, without a GPU: tests this script, measures nothing
#
# A stage that fails does not stop the others; the exit code is 1 if one did.
set -euo pipefail
home=$(cd "$(dirname -- "$(readlink -f -- "$0")")/.." && pwd)
begun=$SECONDS

# Seconds for each stage; one that is done earlier leaves the rest to those behind it. In all 8 minutes.
declare -A budget=([build]=150 [conformance]=80 [sanitizers]=70 [demo]=40 [bench]=70 [peers]=65)
stages=(build conformance sanitizers demo bench peers)
largest_pack=60000000

die() {
  echo "gpu.sh: $1" >&2
  exit 2
}

# What the packed core and the CUDA library that is built there must agree on.
shared_headers=(cpp/core cpp/math cpp/include cuda/backend.h)
headers_mark() {
  (cd "$home" && find "${shared_headers[@]}" -name '*.h' -print0 | LC_ALL=C sort -z | xargs -0 cat | cksum)
}

# ---- packing -----------------------------------------------------------------------------------------------------------

pack_all() {
  local tool java_home jar modules size newer said
  for tool in java javac jar jlink jdeps; do
    [ -x "${JAVA_HOME:+$JAVA_HOME/bin/}$tool" ] || command -v $tool >/dev/null || die "$tool is missing; packing needs a JDK"
  done
  java_home=${JAVA_HOME:-$(dirname -- "$(dirname -- "$(readlink -f -- "$(command -v javac)")")")}
  PATH=$java_home/bin:$PATH
  local core=$home/java/core/target studio=$home/java/studio/target
  for tool in "$core/classes/org/eikonal/internal/linux-x86_64/libjnieikonal.so" "$core/test-classes" "$studio/classes" "$studio/lib"; do
    [ -e "$tool" ] || die "$tool is missing; build first: mvn -B -ntp package -DskipTests"
  done
  newer=$(cd "$home" && find "${shared_headers[@]}" -name '*.h' -newer "$core/classes/org/eikonal/internal/linux-x86_64/libjnieikonal.so" | head -n 1)
  [ -z "$newer" ] || die "$newer is newer than the build; build again: mvn -B -ntp package -DskipTests"
  rm -rf "$pack"
  mkdir -p "$pack/lib" "$pack/tests" "$pack/work"

  # The CUDA library is built for the card, there.
  cp -r "$core/classes" "$pack/work/core"
  rm -f "$pack/work/core/org/eikonal/internal/linux-x86_64/libeikonal_cuda.so"
  jar --create --file "$pack/lib/eikonal.jar" -C "$pack/work/core" .
  jar --create --file "$pack/lib/eikonal-studio.jar" -C "$studio/classes" .
  cp "$studio/lib/"*.jar "$pack/lib"
  jar --create --file "$pack/tests/conformance.jar" -C "$core/test-classes" org/eikonal
  said=$(cd "$home" && mvn -q -B -ntp -pl java/core dependency:copy-dependencies -DincludeScope=test \
    -DexcludeArtifactIds=lz4,systems,cpu_features "-DoutputDirectory=$pack/tests") || die "Maven could not copy the libraries of the tests: $said"
  javac -d "$pack/work/suite" -cp "$pack/tests/*" "$home/bench/java/Suite.java"
  jar --create --file "$pack/tests/suite.jar" -C "$pack/work/suite" .

  # The scene of the demo, and one that the emulator gets done.
  java -Djava.awt.headless=true -cp "$pack/lib/*" "$home/bench/java/MakeScene.java" "$pack/scene"
  java -Djava.awt.headless=true -cp "$pack/lib/*" "$home/bench/java/MakeScene.java" "$pack/small-scene" 6 1 16

  # All classes in one place, on the class path: as modules, some of the libraries lack others that they never use.
  mkdir "$pack/work/all"
  for jar in "$pack"/lib/*.jar "$pack"/tests/*.jar; do
    (cd "$pack/work/all" && jar --extract --file "$jar")
  done
  find "$pack/work/all" -name module-info.class -delete
  rm -rf "$pack/work/all/META-INF/versions"
  modules=$(jdeps --ignore-missing-deps --print-module-deps "$pack/work/all")
  # jdk.zipfs is how JUnit looks for tests in a jar.
  jlink --add-modules "$modules,jdk.zipfs" --strip-debug --no-header-files --no-man-pages --compress=2 --vm=server \
    --output "$pack/work/jre" || die "jlink failed"
  tar -C "$pack/work" -czf "$pack/jre.tar.gz" jre
  rm -rf "$pack/work"
  headers_mark >"$pack/headers"
  size=$(du -sb "$pack" | cut -f 1)
  echo "$pack: $((size / 1000000)) MB ($(du -sb "$pack"/* | awk '{ n = split($2, p, "/"); printf "%s%s %.1f", n_++ ? ", " : "", p[n], $1 / 1e6 }')), modules $modules"
  [ "$size" -le "$largest_pack" ] || die "the pack is larger than $((largest_pack / 1000000)) MB"
}

# ---- running: what stages share --------------------------------------------------------------------------------------------

# A text as a JSON string.
quote() {
  printf '"%s"' "$(printf '%s' "$1" | tr '\t\n' '  ' | tr -d '\000-\037' | sed 's/\\/\\\\/g; s/"/\\"/g')"
}

left() {
  local rest=$((deadline - SECONDS))
  echo $((rest > 1 ? rest : 1))
}

# Runs a command within what is left of the stage's time.
limited() {
  timeout --kill-after=5 "$(left)" "$@"
}

run_java() {
  local native=()
  grep -q '^JAVA_VERSION="\(2[4-9]\|[3-9]\)' "$out/jre/release" && native=(--enable-native-access=ALL-UNNAMED)
  limited "$out/jre/bin/java" -XX:+UseSerialGC "-XX:ErrorFile=$out/jvm-crash.log" -Djava.awt.headless=true "${native[@]}" "$@"
}

# What nvidia-smi says now, as JSON.
card_now() {
  local keys=name,driver_version,compute_cap,memory.total,clocks.sm,clocks.mem,clocks.max.sm,clocks.max.mem,power.limit,power.draw,temperature.gpu,utilization.gpu
  nvidia-smi --id=0 --query-gpu=$keys --format=csv,noheader,nounits 2>/dev/null | head -n 1 | awk -F ', *' -v keys=$keys '
    { n = split(keys, key, ",") ; printf "{"
      for (i = 1; i <= n; ++i) {
        number = $i ~ /^[0-9]+(\.[0-9]+)?$/ && key[i] !~ /^(name|driver_version|compute_cap)$/
        gsub(/["\\]/, "", $i)
        printf "%s\"%s\": %s", (i > 1 ? ", " : ""), key[i], number ? $i : "\"" $i "\""
      }
      printf "}" }' || true
}

# Runs a command while clocks are written down; they go to DIR/clocks.json.
watching_clocks() {
  local watcher= status=0
  if ! $emulated; then
    nvidia-smi --id=0 --query-gpu=clocks.sm,clocks.mem,power.draw,temperature.gpu --format=csv,noheader,nounits -lms 250 \
      >"$out/clocks.csv" 2>/dev/null &
    watcher=$!
  fi
  "$@" || status=$?
  if [ -n "$watcher" ]; then
    kill "$watcher" 2>/dev/null || true
    wait "$watcher" 2>/dev/null || true
    for column in 1 2 3 4; do
      cut -d , -f $column "$out/clocks.csv" | tr -d ' ' | grep -E '^[0-9.]+$' | sort -n >"$out/column" || true
      awk -v name="$(echo "sm_mhz mem_mhz watts celsius" | cut -d ' ' -f $column)" '
        { x[NR] = $1 } END { if (NR) printf "%s{\"what\": \"%s\", \"least\": %s, \"median\": %s, \"most\": %s}", "", name, x[1], x[int((NR + 1) / 2)], x[NR] }
      ' "$out/column"
      echo
    done | awk 'BEGIN { printf "[" } NF { printf "%s%s", n++ ? ", " : "", $0 } END { print "]" }' >"$out/clocks.json"
    rm -f "$out/column"
  fi
  return $status
}

# ---- the stages: each prints what it does, and as its last line what came out; 77: not on this machine -----------------------------

# As nvcc spells the architecture whose instructions this card has.
architecture() {
  case $1 in
    90) echo 90a ;;
    10[0-9]) echo 100f ;;
    *) echo "$1" ;;
  esac
}

stage_build() {
  local options=(-DEIK_BENCH_EMULATED=ON) targets=(eikonal_cuda_emulated gpu_bench) what="the emulated device"
  if ! $emulated; then
    what=sm_$(architecture "$capability")
    options=(-DEIK_BENCH_EMULATED=OFF "-DEIK_CUDA_ARCHITECTURES=${what#sm_}" "-DEIK_CUDA_OUTPUT=$build")
    targets=(eikonal_cuda gpu_bench)
  fi
  limited cmake -S "$home/bench/cuda" -B "$build" -DCMAKE_BUILD_TYPE=Release "${options[@]}"
  limited cmake --build "$build" --parallel "$(nproc)" --target "${targets[@]}"
  echo "built for $what: $(du -k "$library" | cut -f 1) KB"
}

stage_conformance() {
  local options=(-Deikonal.cuda.library="$library" -Deikonal.devices=cuda) classes=() wanted="cuda "
  if $emulated; then
    options=(-Deikonal.emulated="$library") wanted=cuda-emulated
    classes=(CameraRaysTest CompositingTest LossTest MarchingTest OptimizerTest ResampleTest SphericalHarmonicsTest)
  fi
  run_java "${options[@]}" -cp "$pack/lib/*:$pack/tests/*" Suite "$out/conformance.json" "$wanted" "${classes[@]}"
}

stage_sanitizers() {
  if $emulated; then
    echo "skipped: the emulator's own builds with sanitizers have tests of their own"
    return 77
  fi
  local sanitizer tool devices failed=0 said=() status
  sanitizer=$(command -v compute-sanitizer || ls /usr/local/cuda/bin/compute-sanitizer 2>/dev/null) ||
    { echo "compute-sanitizer is missing"; return 1; }
  local result=()
  for tool in memcheck racecheck synccheck; do
    devices=auto,fp32,auto+deterministic
    [ $tool = memcheck ] && devices=auto,fp16,fp32,auto+deterministic
    status=0
    limited "$sanitizer" --tool $tool --error-exitcode 3 --print-limit 20 \
      "$build/gpu_bench" --library "$library" --small --devices $devices >"$out/$tool.log" 2>&1 || status=$?
    if grep -q 'Device not supported' "$out/$tool.log"; then
      echo "skipped: compute-sanitizer refuses this machine (Device not supported)"
      return 77
    fi
    said+=("$tool: $(grep 'SUMMARY' "$out/$tool.log" | tail -n 1 | sed 's/^=* *//' || true)")
    [ $status -eq 0 ] || { failed=1; said+=("(exit code $status)"); tail -n 30 "$out/$tool.log"; }
    result+=("\"$tool\": $(quote "${said[-1]}")")
  done
  (IFS=,; echo "{${result[*]}}") >"$out/sanitizers.json"
  echo "${said[*]}"
  return $failed
}

stage_demo() {
  local scene=$pack/scene length=(--seconds 15) options=("-Deikonal.cuda.library=$library") java=(run_java)
  rm -rf "$out/demo"
  if $emulated; then
    # The library is found by its name: the property is for one that has the right name inside, too.
    mkdir -p "$out/named"
    ln -sfn "$library" "$out/named/libeikonal_cuda.so"
    export LD_LIBRARY_PATH=$out/named${LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH}
    scene=$pack/small-scene length=(--steps 3 --set samples_per_step=2048 --set encoding.log2_hashmap_size=12) options=()
  fi
  java+=("${options[@]}" -cp "$pack/lib/*" org.eikonal.studio.cli.Main)
  "${java[@]}" train "$scene" --device cuda "${length[@]}" --run "$out/demo"
  "${java[@]}" eval "$out/demo" --json >"$out/eval.json"
  grep -q '"device" : "cuda"' "$out/eval.json" || { echo "it was not evaluated on cuda"; return 1; }
  mv "$out/eval.json" "$out/demo.json"
  echo "$(figure_of "$out/demo.json" psnr) dB on held-out views after $(figure_of "$out/demo.json" steps) steps in" \
    "$(figure_of "$out/demo.json" trainSeconds) s"
}

# The first number of a name in a JSON file.
figure_of() {
  sed -n "s/.*\"$2\" *: *\([-0-9.eE+]*\).*/\1/p;" "$1" | head -n 1
}

# The milliseconds of the bench's first row of a kernel.
row_of() {
  sed -n "s/.*\"kernel\": \"$1\", .*\"ms\": \([^,]*\),.*/\1/p" "$out/bench.json" | head -n 1 | xargs printf '%.3f'
}

stage_bench() {
  local options=()
  $emulated && options=(--small)
  watching_clocks limited "$build/gpu_bench" --library "$library" --out "$out/bench.json" "${options[@]}"
  echo "$(grep -c '"kernel":' "$out/bench.json") rows; (step) $(row_of '(step)') ms, train_step $(row_of train_step) ms, render $(row_of render) ms"
}

stage_peers() {
  local said=() failed=0
  if ! command -v python3 >/dev/null || ! python3 -c 'import torch' 2>/dev/null; then
    echo '{"skipped": "no torch"}' >"$out/torch.json"
    said+=("PyTorch: skipped, no torch")
  elif $emulated; then
    echo '{"skipped": "emulated"}' >"$out/torch.json"
    said+=("PyTorch: skipped, nothing to measure")
  else
    local seconds=$(($(left) - 3))
    [ -z "$tiny_cuda_nn" ] || seconds=$((seconds / 3))
    timeout --kill-after=5 $((seconds > 5 ? seconds : 5)) python3 "$home/bench/peers/torch_step.py" --out "$out/torch.json" --seconds "$seconds" || {
      # What was measured before time ran out is in the file.
      [ -s "$out/torch.json" ] || failed=1
    }
    said+=("PyTorch: $(sed -n 's/.*"summary": "\([^"]*\)".*/\1/p' "$out/torch.json" 2>/dev/null || true)")
  fi
  if [ -n "$tiny_cuda_nn" ]; then
    tiny_cuda_nn_step || failed=1
    said+=("tiny-cuda-nn: $(grep -c training_points_per_s "$out/tiny-cuda-nn.json" || true) batch sizes")
  fi
  {
    echo "{\"torch\": $(cat "$out/torch.json" 2>/dev/null || echo null),"
    echo " \"tiny_cuda_nn\": $(cat "$out/tiny-cuda-nn.json" 2>/dev/null || echo '{"skipped": "no path given"}')}"
  } >"$out/peers.json"
  (IFS=';'; echo "${said[*]}")
  return $failed
}

# Its benchmark learns a picture, a 2-D grid and a network, at batch sizes from 2^21 downwards, and rests 20 s after each: it is
# stopped when time is up, and its lines up to there are read. With us, that is the (step) of the 2-D grid.
tiny_cuda_nn_step() {
  local folder=$out/tiny-cuda-nn
  rm -rf "$folder"
  mkdir -p "$folder"
  cp "$(ls "$pack"/scene/train/*.png | head -n 1)" "$folder/picture.png"
  cat >"$folder/config.json" <<'JSON'
{"loss": {"otype": "L2"},
 "optimizer": {"otype": "Adam", "learning_rate": 1e-2, "beta1": 0.9, "beta2": 0.99, "epsilon": 1e-15, "l2_reg": 1e-6},
 "encoding": {"otype": "HashGrid", "n_levels": 16, "n_features_per_level": 2, "log2_hashmap_size": 19, "base_resolution": 16,
              "per_level_scale": 1.5},
 "network": {"otype": "FullyFusedMLP", "activation": "ReLU", "output_activation": "None", "n_neurons": 64, "n_hidden_layers": 2}}
JSON
  (cd "$folder" && limited "$tiny_cuda_nn" picture.png config.json >log 2>&1) || true
  awk '
    BEGIN { batch = 2097152; printf "{\"measured\": [" }
    /Finished training benchmark/ { match($0, /is [-+0-9.e]+/); training = substr($0, RSTART + 3, RLENGTH - 3)
      printf "%s\n  {\"network\": \"%s\", \"batch\": %d, \"training_points_per_s\": %s", (n++ ? "}," : ""), (n > 8 ? "cutlass" : "fully_fused"), batch, training
      batch = batch == 16384 ? 2097152 : batch / 2 }
    /Finished inference benchmark/ { match($0, /is [-+0-9.e]+/); printf ", \"inference_points_per_s\": %s", substr($0, RSTART + 3, RLENGTH - 3) }
    END { print (n ? "}" : "") "]," }' "$folder/log" >"$out/tiny-cuda-nn.json"
  echo " \"said\": $(quote "$(tail -n 12 "$folder/log")")}" >>"$out/tiny-cuda-nn.json"
  grep -q training_points_per_s "$out/tiny-cuda-nn.json"
}

# ---- running -----------------------------------------------------------------------------------------------------------

run_stage() {
  local name=$1 status=0 started=$SECONDS verdict
  deadline=$((deadline + budget[$name]))
  rm -f "$out/$name.json"
  # In a subshell of its own, not as a condition: there set -e would not hold.
  set +e
  (
    set -e
    "stage_$name"
  ) >"$out/$name.log" 2>&1
  status=$?
  set -e
  case $status in
    0) verdict=ok ;;
    77) verdict=skipped ;;
    124 | 137) verdict="out of time" ;;
    *) verdict=failed ;;
  esac
  [ $status -eq 0 ] || [ $status -eq 77 ] || all_well=false
  local says
  says=$(tail -n 1 "$out/$name.log" | cut -c 1-400)
  printf '%-12s %-11s %4d s  %s\n' "$name" "$verdict" $((SECONDS - started)) "$says"
  {
    printf '%s\n  "%s": {"status": "%s", "seconds": %d, "says": %s, "log": "%s.log"' "$separator" "$name" "$verdict" \
      $((SECONDS - started)) "$(quote "$says")" "$name"
    if [ -s "$out/$name.json" ]; then
      printf ',\n   "result": '
      cat "$out/$name.json"
    fi
    printf '}'
  } >>"$out/stages"
  separator=,
}

run_all() {
  local name before capability=
  [ -e "$pack/jre.tar.gz" ] || die "$pack/jre.tar.gz is missing: make it with bench/gpu.sh pack where a JDK is, and carry it here"
  [ "$(headers_mark)" = "$(cat "$pack/headers")" ] || die "$pack was made from other sources than these: pack again, or carry its sources"
  command -v cmake >/dev/null || die "cmake is missing"
  build=$out/build library=$out/build/libeikonal_cuda.so
  if $emulated; then
    library=$build/eikonal/cuda/emulator/libeikonal_cuda_emulated.so
  else
    command -v nvidia-smi >/dev/null || die "nvidia-smi is missing; without a GPU: --emulated"
    capability=$(nvidia-smi --id=0 --query-gpu=compute_cap --format=csv,noheader | tr -d '. \r')
    [[ $capability =~ ^[0-9]+$ ]] || die "nvidia-smi does not tell the compute capability: $capability"
  fi
  mkdir -p "$out"
  rm -rf "$out/jre" "$out/clocks.json" "$out/torch.json" "$out/tiny-cuda-nn.json"
  tar -C "$out" -xzf "$pack/jre.tar.gz"
  : >"$out/stages"
  separator= all_well=true deadline=$begun
  before=$(card_now)
  for name in "${stages[@]}"; do
    [[ ,$chosen, = *,$name,* ]] && run_stage "$name"
  done
  {
    echo "{\"when\": \"$(date -u +%Y-%m-%dT%H:%M:%SZ)\", \"emulated\": $emulated, \"seconds\": $((SECONDS - begun)),"
    echo " \"host\": {\"processors\": $(nproc), \"nvcc\": $(quote "$(nvcc_version)")},"
    echo " \"card\": {\"before\": ${before:-null}, \"after\": $(after=$(card_now); echo "${after:-null}"),"
    echo "  \"during_bench\": $(cat "$out/clocks.json" 2>/dev/null || echo null)},"
    echo ' "notes": ["Times are medians by CUDA events around calls of the table, what the host waits for included.",'
    echo '  "bytes, flops, gathers and adds are counted by formula (bench/cuda/work.h), not measured; flops are those of networks.",'
    echo '  "Ceilings are measured in the same run: a copy from device to device, read and written; the mma.sync rate, a loop on registers, which is below what wgmma and tcgen05 reach; random reads and atomic additions in a table of a hash grid level.",'
    echo '  "floor_ms is the longest of what the four amounts take at those rates; arrays that stay in cache may beat it."],'
    printf ' "stages": {'
    cat "$out/stages"
    printf '\n }}\n'
  } >"$out/gpu.json"
  rm -f "$out/stages"
  echo "$((SECONDS - begun)) s in all; $out/gpu.json has the figures"
  $all_well
}

nvcc_version() {
  local nvcc
  nvcc=$(command -v nvcc || echo /usr/local/cuda/bin/nvcc)
  "$nvcc" --version 2>/dev/null | sed -n 's/.*release \(.*\)/\1/p' || true
}

# ---- the command line ----------------------------------------------------------------------------------------------------

command=${1:-}
[ $# -eq 0 ] || shift
pack=$home/build/gpu out=$home/build/gpu-run emulated=false tiny_cuda_nn='' chosen=$(IFS=,; echo "${stages[*]}")
while [ $# -gt 0 ]; do
  case $1 in
    --emulated) emulated=true ;;
    --pack | --out | --stages | --tiny-cuda-nn)
      [ $# -gt 1 ] || die "$1 needs a value"
      case $1 in
        --pack) pack=$(readlink -m -- "$2") ;;
        --out) out=$(readlink -m -- "$2") ;;
        --stages) chosen=$2 ;;
        --tiny-cuda-nn) tiny_cuda_nn=$(readlink -f -- "$2") && [ -x "$tiny_cuda_nn" ] || die "$2 is no program" ;;
      esac
      shift ;;
    *) die "unknown option $1; the head of this script has them" ;;
  esac
  shift
done
case $command in
  pack) pack_all ;;
  run) run_all ;;
  *) sed -n '2,/^set/{/^set/d; s/^# \{0,1\}//; p}' "$0"; exit 2 ;;
esac
