// Sums that many threads add to, the same bits in any order: integers of 64 bits, whose unit each sum has of its own. A first
// pass over all terms finds the largest of each sum, a second adds them. Terms that are not finite are added as they are: what
// comes of them does not depend on the order either. Floor: twice the atomics of fp32 sums, and 12 bytes a sum.
#pragma once
#include "cuda/planes.cuh"

namespace eik::EIK_ISA {

struct FixedPointSums {
  int32_t* largest;          // the bits of the largest magnitude
  unsigned long long* sums;  // two's complement
  int32_t bits;              // of a term: with so many terms of the largest magnitude a sum does not overflow

  __device__ static bool finite(float x) { return fabsf(x) < INFINITY; }
  __device__ int32_t shift(int64_t i) const {  // the largest times 2^shift has so many bits
    return bits - (largest[i] >> 23) + 127;
  }
  __device__ void announce(int64_t i, float x) const {
    if (finite(x)) atomicMax(largest + i, as_bits(fabsf(x)));
  }
  __device__ void add(int64_t i, float x, float* elsewhere) const {
    if (finite(x))
      atomicAdd(sums + i, static_cast<unsigned long long>(__float2ll_rn(scalbnf(x, shift(i)))));
    else
      atomicAdd(elsewhere + i, x);
  }
  __device__ float get(int64_t i) const {
    return largest[i] == 0 ? 0.0f : static_cast<float>(scalbn(static_cast<double>(static_cast<long long>(sums[i])), -shift(i)));
  }
};

// How many bits n has.
inline int32_t magnitude_bits(int64_t n) {
  int32_t bits = 0;
  for (; n > 0; n /= 2) ++bits;
  return bits;
}

// n sums of at most so many terms each, all 0.
inline FixedPointSums take_sums(Exec& exec, int64_t n, int64_t terms) {
  const FixedPointSums s{take<int32_t>(exec, n), take<unsigned long long>(exec, n), 61 - magnitude_bits(terms)};
  clear(exec, s.largest, static_cast<size_t>(n) * sizeof *s.largest);
  clear(exec, s.sums, static_cast<size_t>(n) * sizeof *s.sums);
  return s;
}

}  // namespace eik::EIK_ISA
