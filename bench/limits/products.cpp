// Multiply-adds: as many independent chains as hide the latency and fit in registers.
#include <immintrin.h>

#include "measure.h"

namespace limits {
namespace {

constexpr int kChains = 12;

#define LIMITS_FP32(name, isa, bytes)                                     \
  __attribute__((target(isa), noinline)) void name(int64_t rounds) {      \
    typedef float V __attribute__((vector_size(bytes)));                  \
    const V x = V{} + 1.0000001f, y = V{} + 1e-9f;                        \
    V sum[kChains];                                                       \
    for (int i = 0; i < kChains; ++i) sum[i] = V{} + static_cast<float>(i); \
    for (int64_t r = 0; r < rounds; ++r)                                  \
      _Pragma("GCC unroll 12") for (int i = 0; i < kChains; ++i) sum[i] = sum[i] * x + y; \
    for (int i = 1; i < kChains; ++i) sum[0] += sum[i];                   \
    keep(sum[0]);                                                         \
  }
LIMITS_FP32(fp32_sse, "sse2", 16)
LIMITS_FP32(fp32_avx2, "avx2,fma", 32)
LIMITS_FP32(fp32_avx512, "avx512f", 64)
#undef LIMITS_FP32

__attribute__((target("avx512f,avx512bw,avx512vl,avx512bf16"), noinline)) void bf16_avx512(int64_t rounds) {
  const __m512bh x = (__m512bh)_mm512_set1_epi32(0x3f803f80), y = (__m512bh)_mm512_set1_epi32(0x30003000);
  __m512 sum[kChains];
  for (int i = 0; i < kChains; ++i) sum[i] = _mm512_set1_ps(static_cast<float>(i));
  for (int64_t r = 0; r < rounds; ++r)
#pragma GCC unroll 12
    for (int i = 0; i < kChains; ++i) sum[i] = _mm512_dpbf16_ps(sum[i], x, y);
  for (int i = 1; i < kChains; ++i) sum[0] = _mm512_add_ps(sum[0], sum[i]);
  keep(sum[0]);
}

const struct {
  const char *what, *isa;
  void (*run)(int64_t);
  int flops;  // of one instruction
} kProducts[] = {
    {"fp32", "portable", fp32_sse, 8},
    {"fp32", "avx2", fp32_avx2, 16},
    {"fp32", "avx512", fp32_avx512, 32},
    {"bf16", "avx512bf16", bf16_avx512, 64},
};

}  // namespace

void measure_products(Results& results, int threads, bool quick) {
  const int64_t rounds = quick ? 10000 : 4000000;
  for (const auto& product : kProducts) {
    if (!supports(product.isa)) continue;
    const double seconds = best_seconds(threads, quick ? 1 : 7, [&](int) { product.run(rounds); });
    const double flops = static_cast<double>(rounds) * kChains * product.flops * threads;
    results.push_back({product.what, "12 chains", product.isa, threads, 0, flops / seconds * 1e-9, "GFLOP/s"});
  }
}

}  // namespace limits
