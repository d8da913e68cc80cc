#!/bin/sh
# What does a positional encoding bring over raw coordinates? PSNR of held-out views of the small demo scene.
# usage: bench/quality/positional.sh [SEED...]
network='--set network.n_hidden_layers=4 --set network.n_neurons=128'
variants="
10 frequencies|positional|--set encoding={\"otype\":\"Frequency\",\"n_frequencies\":10} $network
raw coordinates|positional|--set encoding={\"otype\":\"Identity\"} $network
"
columns='all'
budget='--steps 500'
. "$(dirname -- "$0")/common.sh"
