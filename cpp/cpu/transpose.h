// Rows of points to planes and back, and planes to what a weight gradient multiplies: squares of 32-bit words transposed
// in registers. Floor: a shuffle for each register in each of log2(kLanes) stages.
#pragma once
#include "cpu/lanes.h"

namespace eik::EIK_ISA {

#if defined(__AVX512F__)
// Lanes of 128 bits, a matrix of four by four.
EIK_HD void transpose_quarters(vi& a, vi& b, vi& c, vi& d) {
  typedef __m512i m;
  const m ab = _mm512_shuffle_i32x4((m)a, (m)b, 0x44), ab_high = _mm512_shuffle_i32x4((m)a, (m)b, 0xee);
  const m cd = _mm512_shuffle_i32x4((m)c, (m)d, 0x44), cd_high = _mm512_shuffle_i32x4((m)c, (m)d, 0xee);
  a = (vi)_mm512_shuffle_i32x4(ab, cd, 0x88);
  b = (vi)_mm512_shuffle_i32x4(ab, cd, 0xdd);
  c = (vi)_mm512_shuffle_i32x4(ab_high, cd_high, 0x88);
  d = (vi)_mm512_shuffle_i32x4(ab_high, cd_high, 0xdd);
}
#define EIK_UNPACK(a, b, half, width) (vi) _mm512_unpack##half##_epi##width((__m512i)(a), (__m512i)(b))
#elif defined(__AVX2__)
#define EIK_UNPACK(a, b, half, width) (vi) _mm256_unpack##half##_epi##width((__m256i)(a), (__m256i)(b))
#else
#define EIK_UNPACK(a, b, half, width) (vi) _mm_unpack##half##_epi##width((__m128i)(a), (__m128i)(b))
#endif

// Words in each lane of 128 bits, a matrix of four by four.
EIK_HD void transpose_words(vi& a, vi& b, vi& c, vi& d) {
  const vi ab = EIK_UNPACK(a, b, lo, 32), ab_high = EIK_UNPACK(a, b, hi, 32);
  const vi cd = EIK_UNPACK(c, d, lo, 32), cd_high = EIK_UNPACK(c, d, hi, 32);
  a = EIK_UNPACK(ab, cd, lo, 64);
  b = EIK_UNPACK(ab, cd, hi, 64);
  c = EIK_UNPACK(ab_high, cd_high, lo, 64);
  d = EIK_UNPACK(ab_high, cd_high, hi, 64);
}
#undef EIK_UNPACK

#if defined(__AVX512BF16__)
// Numbers of 16-bit words of two registers.
struct WordOrder {
  alignas(64) int16_t at[32];
  EIK_HD vi of(vi a, vi b) const {
    return reinterpret_cast<vi>(_mm512_permutex2var_epi16(reinterpret_cast<__m512i>(a), _mm512_load_si512(at),
                                                          reinterpret_cast<__m512i>(b)));
  }
};
template <class F>
constexpr WordOrder word_order(F word) {
  WordOrder order{};
  for (int i = 0; i < 32; ++i) order.at[i] = static_cast<int16_t>(word(i));
  return order;
}
#endif

EIK_HD void transpose(vi* r) {  // r[i][j] to r[j][i]
#pragma GCC unroll 4
  for (int i = 0; i < kLanes; i += 4) transpose_words(r[i], r[i + 1], r[i + 2], r[i + 3]);
#if defined(__AVX512F__)
#pragma GCC unroll 4
  for (int i = 0; i < 4; ++i) transpose_quarters(r[i], r[4 + i], r[8 + i], r[12 + i]);
#elif defined(__AVX2__)
#pragma GCC unroll 4
  for (int i = 0; i < 4; ++i) {
    const __m256i a = (__m256i)r[i], b = (__m256i)r[4 + i];
    r[i] = (vi)_mm256_permute2x128_si256(a, b, 0x20);
    r[4 + i] = (vi)_mm256_permute2x128_si256(a, b, 0x31);
  }
#endif
}

// rows[n][channels] to the planes of E; planes are zero from n to points.
template <class E>
static void rows_to_planes(const float* rows, int64_t n, int64_t channels, int64_t points,
                           PlanesOf<typename E::Element> out) {
  constexpr int64_t kWide = kLanes * E::kChannels;
  for (int64_t p = 0; p < points; p += kLanes)
    for (int64_t k = 0; k < channels; k += kWide) {
      const float* from = rows + p * channels + k;
      int64_t step = channels;
      float edge[kLanes * kWide];
      if (p + kLanes > n || k + kWide > channels) {
        __builtin_memset(edge, 0, sizeof edge);
        for (int64_t i = 0; i < lesser<int64_t>(kLanes, n - p); ++i)
          for (int64_t j = 0; j < lesser(kWide, channels - k); ++j) edge[i * kWide + j] = from[i * step + j];
        from = edge;
        step = kWide;
      }
      vi r[kLanes];
#pragma GCC unroll 16
      for (int i = 0; i < kLanes; ++i) r[i] = E::from_row(from + i * step);
      transpose(r);
      const int64_t planes = (lesser(kWide, channels - k) + E::kChannels - 1) / E::kChannels;
      auto* to = out[k / E::kChannels] + p;
      if (planes == kLanes)
#pragma GCC unroll 16
        for (int i = 0; i < kLanes; ++i) store(to + i * out.stride, E::word(r[i]));
      else
        for (int64_t i = 0; i < planes; ++i) store(to + i * out.stride, E::word(r[i]));
    }
}

// Planes turned: out[p][k], rows as wide as whole registers, what lies behind the last channel being anything. For bf16 the
// points 2p and 2p+1 of a channel share a word.
EIK_HD void turn(PlanesOf<const float> in, int64_t channels, int64_t points, float* out) {
  const int64_t stride = padded(channels);
  for (int64_t p = 0; p < points; p += kLanes)
    for (int64_t k = 0; k < channels; k += kLanes) {
      vi r[kLanes];
#pragma GCC unroll 16
      for (int i = 0; i < kLanes; ++i) r[i] = as_bits(load(in[lesser(k + i, channels - 1)] + p));
      transpose(r);
#pragma GCC unroll 16
      for (int i = 0; i < kLanes; ++i) store(out + (p + i) * stride + k, from_bits(r[i]));
    }
}

#if defined(__AVX512BF16__)
EIK_HD void turn(PlanesOf<const uint32_t> in, int64_t channels, int64_t points, uint32_t* out) {
  // In a lane of 128 bits: points 0 and 1 (or 2 and 3) of two channels of one register, then of another.
  static constexpr WordOrder low = word_order([](int i) { return i / 8 * 8 + i % 8 / 4 * 32 + i % 4 / 2 + i % 2 * 2; });
  static constexpr WordOrder high = word_order([](int i) { return i / 8 * 8 + i % 8 / 4 * 32 + i % 4 / 2 + i % 2 * 2 + 4; });
  const int64_t stride = padded(channels), last = (channels - 1) / 2;
  for (int64_t p = 0; p < points; p += kLanes)
    for (int64_t k = 0; k < channels; k += kLanes) {
      vi r[8], even[4], odd[4];
#pragma GCC unroll 8
      for (int i = 0; i < 8; ++i) r[i] = load(in[lesser(k / 2 + i, last)] + p);
#pragma GCC unroll 4
      for (int i = 0; i < 4; ++i) {
        even[i] = low.of(r[2 * i], r[2 * i + 1]);
        odd[i] = high.of(r[2 * i], r[2 * i + 1]);
      }
      transpose_quarters(even[0], even[1], even[2], even[3]);
      transpose_quarters(odd[0], odd[1], odd[2], odd[3]);
#pragma GCC unroll 4
      for (int i = 0; i < 4; ++i) {
        store(out + (p / 2 + 2 * i) * stride + k, even[i]);
        store(out + (p / 2 + 2 * i + 1) * stride + k, odd[i]);
      }
    }
}
#endif

// Planes that can be read up to whole registers to rows[n][channels].
static void planes_to_rows(Plane in, int64_t n, int64_t channels, float* rows) {
  for (int64_t p = 0; p < n; p += kLanes)
    for (int64_t k = 0; k < channels; k += kLanes) {
      const bool edge = p + kLanes > n || k + kLanes > channels;
      vi r[kLanes];
      if (!edge)
#pragma GCC unroll 16
        for (int i = 0; i < kLanes; ++i) r[i] = as_bits(load(in[k + i] + p));
      else
        for (int i = 0; i < kLanes; ++i) r[i] = as_bits(load(in[lesser(k + i, channels - 1)] + p));
      transpose(r);
      float* to = rows + p * channels + k;
      if (!edge) {
#pragma GCC unroll 16
        for (int i = 0; i < kLanes; ++i) store(to + i * channels, from_bits(r[i]));
        continue;
      }
      for (int64_t i = 0; i < lesser<int64_t>(kLanes, n - p); ++i) {
        float row[kLanes];
        store(row, from_bits(r[i]));
        for (int64_t j = 0; j < lesser<int64_t>(kLanes, channels - k); ++j) to[i * channels + j] = row[j];
      }
    }
}

}  // namespace eik::EIK_ISA
