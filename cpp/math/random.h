// The counter-based random generator: a number is a pure function of (seed, step, element, dimension), so that a draw
// is the same whatever thread makes it and whatever was drawn before. Mixing: Jarzynski and Olano, "Hash Functions for
// GPU Rendering" (JCGT 2020), pcg4d.
#pragma once
#include "math/portability.h"

namespace eik::EIK_ISA {

struct Random4 {
  uint32_t x, y, z, w;
};

EIK_HD Random4 random_bits(uint64_t seed, uint64_t step, uint32_t element, uint32_t dimension) {
  uint32_t x = element * 1664525u + 1013904223u;
  uint32_t y = (dimension ^ static_cast<uint32_t>(step >> 32) * 0x9e3779b9u) * 1664525u + 1013904223u;
  uint32_t z = static_cast<uint32_t>(step) * 1664525u + 1013904223u;
  uint32_t w = static_cast<uint32_t>(seed ^ seed >> 32) * 1664525u + 1013904223u;
  for (int round = 0; round < 2; ++round) {
    x += y * w;
    y += z * x;
    z += x * y;
    w += y * z;
    x ^= x >> 16;
    y ^= y >> 16;
    z ^= z >> 16;
    w ^= w >> 16;
  }
  return {x, y, z, w};
}

// In [0, 1), 24 bits.
EIK_HD float unit_float(uint32_t bits) { return static_cast<float>(bits >> 8) * 0x1p-24f; }

// In [0, n), by multiplication (Lemire); the bias of 2^-32 n is of no concern here.
EIK_HD uint32_t below(uint32_t bits, uint32_t n) {
  return static_cast<uint32_t>(static_cast<uint64_t>(bits) * n >> 32);
}

}  // namespace eik::EIK_ISA
