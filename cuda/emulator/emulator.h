// The CUDA execution model on a CPU, for tests: the real .cu files, compiled by g++ over NVIDIA's own headers.
//
//   g++ -std=c++17 -x c++ -include cuda/emulator/emulator.h kernel.cu        CMake: eik_emulated_library(name build files...)
//
// Every CUDA thread runs on a fiber when it has to wait, and on a fiber that is free otherwise. Blocks run one after
// the other, in an order and with schedules (ascending, descending, random, greedy: one warp as far ahead as it can) that
// a seed draws: EIK_EMULATOR_SEED, or emulator::set_seed. The same seed repeats the same run.
//
// In every build a run ends, with a line that names place, kernel, block, thread and seed, when
//   - threads of a block are in different __syncthreads, or wait for others that never come;
//   - a lane is missing from its mask, lanes of a mask are in different collectives, mma or ldmatrix lack lanes;
//   - an atomic, a row of ldmatrix or an asynchronous copy is misaligned, or its shared side is not in shared memory;
//   - an asynchronous copy's source or destination changes before its wait, or nobody waits for it;
//   - a launch is refused (as an Error of launch()), or a copy of the runtime leaves its allocation (as an error code).
// Shared memory before it is written, fresh device memory, the destination of a copy under way, and what a shuffle gets
// from a lane that takes no part, are NaN in every floating-point type: results go wrong instead of right by chance.
//
// Builds: plain is fast. address adds out-of-bounds accesses to global, static and dynamic shared memory, freed memory,
// misaligned vectors, and the host in device memory. thread adds races, by real host atomics and CUDA's rules of order:
// __syncthreads, __syncwarp and fences order memory; shuffles, votes and relaxed atomics do not; blocks have no order.
//
// EIK_EMULATOR_SCHEDULE=ascending|descending|random|greedy holds all blocks to one schedule, EIK_EMULATOR_DEVICES=0 is a
// machine without a GPU. Two devices: 9.0 with 227 KB of shared memory a block, 12.0 with 99 KB. Needs AVX2, FMA and F16C.
//
// Host threads may use it at once: calls and launches take turns, and each thread has a current device and a last error.
//
// Kernels keep to these rules: launch(), dynamic_shared() and the wrappers of device.cuh in place of <<<>>>, extern
// __shared__ and inline PTX; functions with __shared__ variables are static or in anonymous namespaces (memory_spaces.h);
// who spins on another thread does it with atomics; no block waits for a block that starts later (true of hardware as
// well).
//
// Not covered: PTX text and what ptxas makes of it, registers and __launch_bounds__, the size of static shared memory, errors
// of fast approximations, the order and rounding of tensor cores' sums, host memory touched by kernels, overlap of streams
// (a call has happened when it returns), weaker orders of memory than the thread sanitizer's, textures, clusters, TMA,
// cooperative groups, graphs.
#pragma once
#if defined(__CUDACC__)
#error "emulator.h is for host compilers"
#endif
#if !defined(__F16C__)
#error "Compile emulated kernels with -mf16c"
#endif
#define EIK_EMULATOR 1

#include "execution.h"

#include "arithmetic.h"
#include "asynchronous_copy.h"
#include "atomics.h"
#include "collectives.h"
#include "halves.h"
#include "memory_spaces.h"
#include "runtime.h"
#include "tensor_cores.h"
