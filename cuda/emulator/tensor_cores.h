// mma.sync and ldmatrix, by the register layouts that the PTX ISA documents (device.cuh repeats them).
#pragma once
#include <cstdint>

#include "execution.h"
#include "memory_spaces.h"

namespace emulator {

enum Element { kHalf, kBfloat16 };

// d += a b over k = 8 (2 registers of a, 1 of b) or 16 (4 and 2).
void mma(Element element, int k, float* d, const uint32_t* a, const uint32_t* b);

struct alignas(16) MatrixRow {
  uint16_t element[8];
};
void exchange_matrices(uint32_t* registers, int matrices, bool transposed, const MatrixRow& row);

// The row is read here, by its lane, in code that the sanitizers see.
inline void ldmatrix(uint32_t* registers, int matrices, bool transposed, const void* address) {
  check_aligned(address, 16, "ldmatrix: the row's address is not a multiple of 16");
  if (!is_shared(address)) fail("ldmatrix: the row is not in shared memory");
  const MatrixRow row = *static_cast<const MatrixRow*>(address);
  exchange_matrices(registers, matrices, transposed, row);
}

}  // namespace emulator
