#!/bin/sh
# What do training poses cost that are 2 degrees and 2 % of the scene off? PSNR of held-out views, at exact poses.
# usage: bench/quality/poses.sh [SEED...]
variants='
instant-ngp, exact|poses-exact|
instant-ngp, perturbed|poses|
'
columns='all'
budget='--steps 2000'
. "$(dirname -- "$0")/common.sh"
