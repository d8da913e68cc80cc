// The whole portability layer of the shared maths: one macro for functions, one for the namespace they live in.
// Every instruction set and every backend includes this folder in a namespace of its own (EIK_ISA), so that an inline
// function compiled for AVX-512 can never be linked into the portable path. No CUDA type appears in this folder.
#pragma once
#include <cstdint>

#if defined(__CUDACC__)
#define EIK_HD __host__ __device__ __forceinline__
#else
#define EIK_HD inline __attribute__((always_inline))
#endif

#ifndef EIK_ISA
#define EIK_ISA generic
#endif
