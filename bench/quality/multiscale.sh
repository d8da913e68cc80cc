#!/bin/sh
# Is a scene as good from afar as from near? PSNR of held-out views at full (d1), half, quarter and eighth resolution.
# The levels of the recipe end at what the median photo can tell apart, here a small one; 10 suit the full resolution.
# usage: bench/quality/multiscale.sh [SEED...]
variants='
instant-ngp|multiscale|
instant-ngp, 10 levels|multiscale|--set encoding.n_levels=10
'
columns='d1 d2 d4 d8 all'
budget='--steps 2000'
. "$(dirname -- "$0")/common.sh"
