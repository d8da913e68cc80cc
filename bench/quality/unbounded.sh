#!/bin/sh
# Does what is far away stay where it is? PSNR of whole held-out views, of what is near in them, and of what is far.
# Of the shells, those at 10, 30 and 100 lie within 128 unit cubes, none within one. Its cells are made as fine by 9 levels.
# usage: bench/quality/unbounded.sh [SEED...]
variants='
instant-ngp, 128 cubes|unbounded|
instant-ngp, 1 cube|unbounded|--set occupancy.cascades=1 --set encoding.n_levels=9
'
columns='whole near far'
budget='--steps 2000'
. "$(dirname -- "$0")/common.sh"
