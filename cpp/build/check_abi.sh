#!/bin/sh
# Fails unless a library runs on every Linux with glibc 2.34 and GCC 11's libstdc++, wherever it lies.
# usage: check_abi.sh LIBRARY
library=$1
command -v objdump >/dev/null || { echo "check_abi: objdump is missing; install binutils" >&2; exit 1; }

too_new=$(objdump -T "$library" | grep -o '\(GLIBC\|GLIBCXX\|CXXABI\)_[0-9][0-9.]*' | sort -u | awk -F_ '
  BEGIN { limit["GLIBC"] = "2.34"; limit["GLIBCXX"] = "3.4.29"; limit["CXXABI"] = "1.3.13" }
  function newer(a, b,   x, y, i, n) {
    n = split(a, x, "."); split(b, y, ".")
    for (i = 1; i <= n; i++) if (x[i] + 0 != y[i] + 0) return x[i] + 0 > y[i] + 0
    return 0
  }
  newer($2, limit[$1]) { print $0 " (at most " $1 "_" limit[$1] ")" }')
if [ -n "$too_new" ]; then
  echo "check_abi: $library needs newer system libraries than it may:" >&2
  echo "$too_new" >&2
  exit 1
fi

# The next line of defence against a build folder's path in the product.
path=$(objdump -p "$library" | grep -E 'R(UN)?PATH')
if [ -n "$path" ]; then
  echo "check_abi: $library looks for libraries in fixed folders:$path" >&2
  exit 1
fi
