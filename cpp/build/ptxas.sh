#!/usr/bin/env bash
# Writes docs/cuda-kernels.md: registers, shared memory, stack and spills of every CUDA kernel, as ptxas reports them. Ends
# with 1 where a hot kernel spills.
# usage: cpp/build/ptxas.sh [ARCHITECTURE...]      as in sm_75 sm_90a, which are the default
# NVCC: the compiler. HOT: an extended regular expression over the table's names, for which kernels are hot (default: all).
set -euo pipefail
cd "$(dirname -- "$(readlink -f -- "$0")")/../.."
nvcc=${NVCC:-$(command -v nvcc || echo /usr/local/cuda/bin/nvcc)}
hot=${HOT:-.}
[ $# -gt 0 ] || set -- sm_75 sm_90a
for tool in "$nvcc" c++filt; do
  command -v "$tool" >/dev/null || { echo "ptxas.sh: $tool is missing; it needs nvcc (or NVCC=...) and binutils" >&2; exit 2; }
done
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

# "name <tab> registers <tab> shared bytes <tab> stack bytes <tab> spilled bytes (stores + loads)" of an architecture's kernels.
figures() {
  local number=${1#sm_} file
  for file in cuda/*.cu; do
    "$nvcc" -std=c++17 -O3 -DNDEBUG -DEIK_ISA=cuda --extended-lambda -I. -Icpp -Icpp/include \
      "-gencode=arch=compute_$number,code=sm_$number" -Xptxas -v -cubin -o "$scratch/cubin" "$file" 2>"$scratch/log" ||
      { cat "$scratch/log" >&2; return 1; }
    cat "$scratch/log"
  done | awk '
    /Compiling entry function/ { split($0, part, "\047"); entry[part[2]] = 1; kernel = part[2] }
    /Function properties for/  { name = $NF }
    /bytes stack frame/        { stack[name] = $1; spilled[name] = $5 + $9 }
    /Used [0-9]+ registers/ {
      shared[kernel] = 0
      for (i = 1; i < NF; ++i) {
        if ($(i + 1) ~ /^registers/) registers[kernel] = $i
        if ($(i + 1) == "bytes" && $(i + 2) ~ /^smem/) shared[kernel] = $i
      }
    }
    # A function that was not inlined has a stack of its own; its registers count with the kernels that call it.
    END {
      for (name in stack)
        printf "%s\t%s\t%s\t%d\t%d\n", name, name in entry ? registers[name] : "-", name in entry ? shared[name] : "-",
               stack[name], spilled[name]
    }' | c++filt | shorten | LC_ALL=C sort
}

# A kernel by the function whose lambda it runs: for_each<occupancy_bits#2> is the second lambda in occupancy_bits.
shorten() {
  awk -F '\t' -v OFS='\t' '{
    s = $1
    gsub(/\(anonymous namespace\)::/, "", s)
    gsub(/\{lambda\([^{}]*\)#/, "{#", s)
    # Parameter lists go, innermost first.
    while (match(s, /\([^()]*\)( const)?/)) s = substr(s, 1, RSTART - 1) substr(s, RSTART + RLENGTH)
    gsub(/::\{#/, "#", s)
    gsub(/[{}]/, "", s)
    sub(/^void /, "", s)
    gsub(/eik::cuda::|eik::/, "", s)
    gsub(/__nv_bfloat16/, "bf16", s)
    gsub(/__half/, "fp16", s)
    gsub(/float/, "fp32", s)
    gsub(/_kernel/, "", s)
    gsub(/ const&| const\*/, "", s)
    gsub(/Constant</, "<", s)
    gsub(/> >/, ">>", s)
    $1 = s
    print
  }'
}

for architecture in "$@"; do
  figures "$architecture" >"$scratch/$architecture"
  echo "ptxas.sh: $architecture: $(wc -l <"$scratch/$architecture") kernels" >&2
done

# One row a kernel, four figures an architecture. Names may repeat where only types that the short name leaves out differ.
doc=docs/cuda-kernels.md
listed=$*
{
  echo '# CUDA kernels'
  echo
  echo "Written by \`cpp/build/ptxas.sh $listed\`, in this order: ${listed// /, }; one figure stands for all where they are the"
  echo 'same. Registers are of a thread, shared memory of a block (static; launches add dynamic), stack and spills (stores and'
  echo 'loads) of a thread, in bytes. `kernel<function#n>` runs the n-th lambda in that function.'
  echo
  echo '| kernel | registers | shared | stack | spilled |'
  echo '|---|---|---|---|---|'
  (
    cd "$scratch"
    awk -F '\t' -v architectures="$*" '
      FNR == 1 { ++file }
      {
        id = $1 SUBSEP (++count[file, $1])  # the how-many-th of its name
        if (!(id in known)) { known[id] = 1; order[++n] = id; name[id] = $1 }
        for (i = 2; i <= 5; ++i) figure[id, file, i] = $i
      }
      END {
        files = split(architectures, architecture, " ")
        for (k = 1; k <= n; ++k) {
          line = "| `" name[order[k]] "`"
          for (i = 2; i <= 5; ++i) {
            line = line " | "
            same = 1
            for (f = 2; f <= files; ++f) same = same && figure[order[k], f, i] == figure[order[k], 1, i]
            for (f = 1; f <= (same ? 1 : files); ++f)
              line = line (f > 1 ? ", " : "") ((order[k], f, i) in figure ? figure[order[k], f, i] : "-")
          }
          print line " |"
        }
      }' "$@"
  )
} >"$scratch/doc"
mv "$scratch/doc" "$doc"
chmod 644 "$doc"

# bf16 is there from compute capability 8.0 on: what older architectures have of it is never launched.
cd "$scratch"
awk -F '\t' -v OFS='\t' -v hot="$hot" '
  { number = FILENAME; gsub(/[^0-9]/, "", number) }
  $1 ~ hot && !(number + 0 < 80 && $1 ~ /bf16/) { print FILENAME, $1, $5 }' "$@" >watched
watched=$(wc -l <watched)
[ "$watched" -gt 0 ] || { echo "ptxas.sh: no kernel's name matches HOT" >&2; exit 2; }
spilling=$(awk -F '\t' '$3 > 0 { print $1 ": " $2 ": " $3 " bytes" }' watched)
if [ -n "$spilling" ]; then
  echo "ptxas.sh: hot kernels spill:" >&2
  echo "$spilling" >&2
  exit 1
fi
echo "ptxas.sh: none of $watched hot kernels spills; the table is in $doc" >&2
