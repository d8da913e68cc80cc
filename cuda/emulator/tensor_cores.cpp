// Products of halves are exact in fp32; the sums are fp32 here, in the order of k, and the hardware's in an order and with
// a rounding of its own.
#include "tensor_cores.h"

#include <immintrin.h>

#include <cstring>

#include "scheduler.h"

namespace emulator {
namespace {

typedef float Float8 __attribute__((vector_size(32)));

struct Product {
  float* d;
  const uint32_t *a, *b;
};

template <Element element>
Float8 widen(const uint16_t* eight) {
  const __m128i bits = _mm_loadu_si128(reinterpret_cast<const __m128i*>(eight));
  if constexpr (element == kHalf) return reinterpret_cast<Float8>(_mm256_cvtph_ps(bits));
  return reinterpret_cast<Float8>(_mm256_slli_epi32(_mm256_cvtepu16_epi32(bits), 16));
}

template <Element element, int K>
void run_product(void* const* arguments) {
  constexpr int M = 16, N = 8;
  uint16_t a[M][K], b[K][N];
  Float8 d[M];
  for (unsigned lane = 0; lane < kWarp; ++lane) {
    const Product& p = *static_cast<const Product*>(arguments[lane]);
    const unsigned g = lane / 4, t = lane % 4;
    for (unsigned half = 0; half < K / 8; ++half) {
      const unsigned k = 8 * half + 2 * t;
      memcpy(&a[g][k], &p.a[2 * half], 4);
      memcpy(&a[g + 8][k], &p.a[2 * half + 1], 4);
      b[k][g] = static_cast<uint16_t>(p.b[half]);
      b[k + 1][g] = static_cast<uint16_t>(p.b[half] >> 16);
    }
    for (unsigned i = 0; i < 4; ++i) d[g + 8 * (i / 2)][2 * t + i % 2] = p.d[i];
  }
  Float8 columns[K];
  for (int k = 0; k < K; ++k) columns[k] = widen<element>(b[k]);
  for (int m = 0; m < M; ++m) {
    Float8 sum = d[m];
    for (int k = 0; k < K; k += 8) {
      const Float8 row = widen<element>(&a[m][k]);
      for (int i = 0; i < 8; ++i) sum += row[i] * columns[k + i];
    }
    d[m] = sum;
  }
  for (unsigned lane = 0; lane < kWarp; ++lane) {
    const Product& p = *static_cast<const Product*>(arguments[lane]);
    const unsigned g = lane / 4, t = lane % 4;
    for (unsigned i = 0; i < 4; ++i) p.d[i] = d[g + 8 * (i / 2)][2 * t + i % 2];
  }
}

struct Matrices {
  const MatrixRow* row;
  uint32_t* registers;
};

template <int N, bool transposed>
void run_ldmatrix(void* const* arguments) {
  for (unsigned lane = 0; lane < kWarp; ++lane) {
    uint32_t* registers = static_cast<Matrices*>(arguments[lane])->registers;
    const unsigned g = lane / 4, t = lane % 4;
    for (unsigned m = 0; m < N; ++m) {
      const auto element = [&](unsigned row, unsigned column) -> uint32_t {
        return static_cast<Matrices*>(arguments[8 * m + row])->row->element[column];
      };
      registers[m] = transposed ? element(2 * t, g) | element(2 * t + 1, g) << 16
                                : element(g, 2 * t) | element(g, 2 * t + 1) << 16;
    }
  }
}

constexpr Collective kProducts[2][2] = {
    {{"mma m16n8k8 of halves", run_product<kHalf, 8>, true, false},
     {"mma m16n8k16 of halves", run_product<kHalf, 16>, true, false}},
    {{"mma m16n8k8 of bfloat16s", run_product<kBfloat16, 8>, true, false},
     {"mma m16n8k16 of bfloat16s", run_product<kBfloat16, 16>, true, false}}};

constexpr Collective kLoads[3][2] = {
    {{"ldmatrix x1", run_ldmatrix<1, false>, true, false}, {"ldmatrix x1 trans", run_ldmatrix<1, true>, true, false}},
    {{"ldmatrix x2", run_ldmatrix<2, false>, true, false}, {"ldmatrix x2 trans", run_ldmatrix<2, true>, true, false}},
    {{"ldmatrix x4", run_ldmatrix<4, false>, true, false}, {"ldmatrix x4 trans", run_ldmatrix<4, true>, true, false}}};

}  // namespace

void mma(Element element, int k, float* d, const uint32_t* a, const uint32_t* b) {
  Product p{d, a, b};
  meet(kProducts[element][k / 16], ~0u, &p, {"device.cuh", 0});
}

void exchange_matrices(uint32_t* registers, int matrices, bool transposed, const MatrixRow& row) {
  Matrices m{&row, registers};
  meet(kLoads[matrices / 2][transposed], ~0u, &m, {"device.cuh", 0});
}

}  // namespace emulator
