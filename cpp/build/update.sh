#!/bin/sh
# Copies generated files to where they are compiled, except those that say the same as before: JavaCPP writes its output
# anew on every run, with the methods in another order, and nothing shall be compiled again for that.
# usage: update.sh FROM_DIRECTORY TO_DIRECTORY
from=$1
to=$2
cd "$from" || exit 1
find . -type f | while read -r file; do
  if [ ! -f "$to/$file" ] || [ "$(sort "$file" | cksum)" != "$(sort "$to/$file" | cksum)" ]; then
    mkdir -p "$(dirname "$to/$file")" && cp "$file" "$to/$file" || exit 1
  fi
done
