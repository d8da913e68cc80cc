#!/bin/sh
# Fails if objects compiled for an instruction set define a weak symbol outside the namespace of that instruction set:
# an inline function or template that others have as well. The linker keeps one of all that have the same name, and so
# the portable path could run AVX-512.
# usage: check_weak.sh NM ISA OBJECT...
nm=$1
isa=$2
shift 2
# In a mangled name, a name stands after its length.
own=3eik${#isa}$isa
weak=$("$nm" --defined-only "$@" | awk -v own="$own" '$2 ~ /^[WwVvu]$/ && index($3, own) == 0 { print $3 }' | c++filt)
if [ -n "$weak" ]; then
  echo "check_weak: the kernels for $isa define what other objects may define, too; move it into eik::EIK_ISA:" >&2
  echo "$weak" >&2
  exit 1
fi
