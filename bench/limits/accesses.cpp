// Independent random accesses to a table, by its size. Which entries: a short list of random numbers, each time from
// another random place on, so that computing an index costs nothing and the access is all that is measured. Several variants
// of each, for none is the best everywhere: gathers lose to loads on some processors, prefetching pays in large tables only.
#include <immintrin.h>

#include <random>

#include "measure.h"

namespace limits {
namespace {

constexpr int kList = 2048;    // indices: 8 KiB, beside which a small table stays in the first-level cache
constexpr int kAhead = 64;     // accesses between a prefetch and its use
constexpr int kUpdateAhead = 32;

struct Indices {
  alignas(64) uint32_t list[kList + kAhead];
  uint32_t places;  // an eighth of the table, from where the others are seven eighths at most

  explicit Indices(int log2_entries) : places(1u << log2_entries >> 3) {
    std::mt19937 random(1);
    for (uint32_t& index : list) index = random() % (7 * places);
  }
  uint32_t place(int64_t pass) const { return static_cast<uint32_t>(pass) * 0x9e3779b1u >> 7 & (places - 1); }
};

// ---- reading four bytes: a pair of bf16 features --------------------------------------------------------------------

template <bool Prefetch, class Entry>
void load(const Indices& indices, const void* data, int64_t passes) {
  Entry s0 = 0, s1 = 0, s2 = 0, s3 = 0;
  for (; passes > 0; --passes) {
    const Entry* table = static_cast<const Entry*>(data) + indices.place(passes);
    for (int i = 0; i < kList; i += 4) {
      const uint32_t* list = indices.list + i;
      if (Prefetch)
        for (int j = 0; j < 4; ++j) __builtin_prefetch(table + list[kAhead + j], 0);
      s0 += table[list[0]];
      s1 += table[list[1]];
      s2 += table[list[2]];
      s3 += table[list[3]];
      asm volatile("" : "+r"(s0), "+r"(s1), "+r"(s2), "+r"(s3));  // keeps it scalar
    }
  }
  s0 += s1 + s2 + s3;
  keep(s0);
}

__attribute__((target("avx2"))) void gather4_avx2(const Indices& indices, const void* data, int64_t passes) {
  __m256i s0 = _mm256_setzero_si256(), s1 = s0;
  for (; passes > 0; --passes) {
    const uint32_t* table = static_cast<const uint32_t*>(data) + indices.place(passes);
    for (int i = 0; i < kList; i += 16) {
      const __m256i* list = reinterpret_cast<const __m256i*>(indices.list + i);
      s0 = _mm256_add_epi32(s0, _mm256_i32gather_epi32(reinterpret_cast<const int*>(table), list[0], 4));
      s1 = _mm256_add_epi32(s1, _mm256_i32gather_epi32(reinterpret_cast<const int*>(table), list[1], 4));
    }
  }
  s0 = _mm256_add_epi32(s0, s1);
  keep(s0);
}

template <bool Prefetch>
__attribute__((target("avx512f"))) void gather4_avx512(const Indices& indices, const void* data, int64_t passes) {
  __m512i s0 = _mm512_setzero_si512(), s1 = s0;
  for (; passes > 0; --passes) {
    const uint32_t* table = static_cast<const uint32_t*>(data) + indices.place(passes);
    for (int i = 0; i < kList; i += 32) {
      if (Prefetch)
        for (int j = 0; j < 32; ++j)
          __builtin_prefetch(table + indices.list[i + kAhead + j], 0);
      const __m512i* list = reinterpret_cast<const __m512i*>(indices.list + i);
      s0 = _mm512_add_epi32(s0, _mm512_i32gather_epi32(list[0], table, 4));
      s1 = _mm512_add_epi32(s1, _mm512_i32gather_epi32(list[1], table, 4));
    }
  }
  s0 = _mm512_add_epi32(s0, s1);
  keep(s0);
}

// ---- reading eight: a pair of fp32 features --------------------------------------------------------------------------

__attribute__((target("avx512f"))) void gather8_avx512(const Indices& indices, const void* data, int64_t passes) {
  __m512i s0 = _mm512_setzero_si512(), s1 = s0;
  for (; passes > 0; --passes) {
    const uint64_t* table = static_cast<const uint64_t*>(data) + indices.place(passes);
    for (int i = 0; i < kList; i += 16) {
      const __m256i* list = reinterpret_cast<const __m256i*>(indices.list + i);
      s0 = _mm512_add_epi64(s0, _mm512_i32gather_epi64(list[0], table, 8));
      s1 = _mm512_add_epi64(s1, _mm512_i32gather_epi64(list[1], table, 8));
    }
  }
  s0 = _mm512_add_epi64(s0, s1);
  keep(s0);
}

// ---- adding to eight: the gradient of a pair --------------------------------------------------------------------------

template <bool Prefetch>
void update8(const Indices& indices, void* data, int64_t passes) {
  const __m128 slope = _mm_set1_ps(1e-3f);
  for (; passes > 0; --passes) {
    uint64_t* table = static_cast<uint64_t*>(data) + indices.place(passes);
#pragma GCC unroll 8
    for (int i = 0; i < kList; ++i) {
      if (Prefetch) __builtin_prefetch(table + indices.list[i + kUpdateAhead], 1);
      __m128i* entry = reinterpret_cast<__m128i*>(table + indices.list[i]);
      _mm_storel_epi64(entry, _mm_castps_si128(_mm_add_ps(_mm_castsi128_ps(_mm_loadl_epi64(entry)), slope)));
    }
  }
}

const struct {
  const char *what, *variant, *isa;
  void (*read)(const Indices&, const void*, int64_t);
  void (*update)(const Indices&, void*, int64_t);
} kAccesses[] = {
    {"read4", "loads", "portable", load<false, uint32_t>, nullptr},
    {"read4", "loads, prefetched", "portable", load<true, uint32_t>, nullptr},
    {"read4", "gathers of 8", "avx2", gather4_avx2, nullptr},
    {"read4", "gathers of 16", "avx512", gather4_avx512<false>, nullptr},
    {"read4", "gathers of 16, prefetched", "avx512", gather4_avx512<true>, nullptr},
    {"read8", "loads", "portable", load<false, uint64_t>, nullptr},
    {"read8", "loads, prefetched", "portable", load<true, uint64_t>, nullptr},
    {"read8", "gathers of 8", "avx512", gather8_avx512, nullptr},
    {"update8", "loads and stores", "portable", nullptr, update8<false>},
    {"update8", "loads and stores, prefetched", "portable", nullptr, update8<true>},
};

}  // namespace

void measure_accesses(Results& results, int threads, bool quick) {
  const int largest = quick ? 14 : 23;
  for (int log2 = 12; log2 <= largest; ++log2) {
    const int64_t passes = quick ? 16 : log2 < 20 ? 4096 : 1024;
    const size_t bytes = size_t{8} << log2;
    const Indices indices(log2);
    // What is read, all threads share; what is written, each has for itself, as a level's gradient has one owner.
    const Memory memory(bytes * static_cast<size_t>(threads));
    for (const auto& access : kAccesses) {
      if (!supports(access.isa)) continue;
      const double seconds = best_seconds(threads, quick ? 1 : 7, [&](int thread) {
        if (access.read) access.read(indices, memory.as<char>(), passes);
        if (access.update) access.update(indices, memory.as<char>() + bytes * static_cast<size_t>(thread), passes);
      });
      results.push_back({access.what, access.variant, access.isa, threads, log2,
                         seconds / static_cast<double>(passes * kList) * 1e9, "ns"});
    }
  }
}

}  // namespace limits
