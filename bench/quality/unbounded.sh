#!/bin/sh
# Does what is far away stay where it is? PSNR of whole held-out views, of what is near in them, and of what is far.
# Shells at 10, 30 and 100 lie within 128 unit cubes, none within 2, which hold the cameras; 11 levels make cells as fine.
# usage: bench/quality/unbounded.sh [SEED...]
variants='
instant-ngp, 128 cubes|unbounded|
instant-ngp, 2 cubes|unbounded|--set occupancy.cascades=2 --set encoding.n_levels=11
'
columns='whole near far'
budget='--steps 2000'
. "$(dirname -- "$0")/common.sh"
