// The multiresolution grid on the CPU, level by level over the whole batch, so that one level's table stays in cache
// (5-6 times faster than point by point at 2^19 entries). Floor: 2^dims random reads a level and point forward, as many
// read-modify-writes backward; everything else has to hide behind them.
#pragma once
#include "core/plan.h"
#include "cpu/lanes.h"
#include "math/grid.h"

namespace eik::EIK_ISA {

template <int D, bool Slopes>
EIK_HD GridCell<vf, vu, D> cell_at(const GridLevel& level, Interpolation interpolation, const Plane& in, int64_t p) {
  vf x[D];
  for (int d = 0; d < D; ++d) x[d] = load(in[d] + p);
  return grid_cell<vu, D, Slopes>(level, interpolation, x);
}

// The level as the compiler may know it: its own copy, which no store of a kernel can change.
template <bool Hashed>
EIK_HD GridLevel known(const GridLevel& level) {
  GridLevel copy = level;
  if (Hashed) copy.indexing = Indexing::hashed;
  return copy;
}

// The corners of a register of points: entries and weights, by corner and lane. Kept in memory, because addresses go
// through general registers, and found one register of points ahead, so that loads never wait for their addresses.
template <int D>
struct Corners {
  static constexpr int kCount = 1 << D;
  alignas(64) uint32_t entry[kCount][kLanes];
  alignas(64) float weight[kCount][kLanes];

  template <bool Hashed>
  EIK_HD void find(const GridLevel& level, Interpolation interpolation, const Plane& in, int64_t p) {
    const auto cell = cell_at<D, false>(level, interpolation, in, p);
#pragma GCC unroll 16
    for (int corner = 0; corner < kCount; ++corner) {
      store(entry[corner], reinterpret_cast<vi>(grid_entry<Hashed>(level, cell, corner)));
      store(weight[corner], grid_corner_weight(cell, corner));
    }
  }

  // Entries of a table that lies beyond the second-level cache are asked for before they are read or (Write) written. Loads
  // of 8 bytes wait for each other otherwise: 11-13 ns a point and level at 2 MiB where a neighbour uses the third-level
  // cache, 5 ns so; near tables are 2 ns slower by it.
  template <int Bytes, int Write>
  EIK_HD void fetch(const void* table) const {
    for (int corner = 0; corner < kCount; ++corner)
#pragma GCC unroll 16
      for (int i = 0; i < kLanes; ++i)
        __builtin_prefetch(static_cast<const char*>(table) + int64_t{entry[corner][i]} * Bytes, Write);
  }
};

// base[index[lane] * stride]. Scalar loads are faster than the gather instruction. With AVX-512 a load into one lane in
// four of a register (a masked broadcast) costs as much as a load: four such registers are blended.
EIK_HD vi pick(const uint32_t* base, const uint32_t* index, int stride) {
#if defined(__AVX512F__)
  __m512i part[4];
#pragma GCC unroll 4
  for (int i = 0; i < 4; ++i) {
    const auto word = [&](int k) __attribute__((always_inline)) {
      return static_cast<int>(base[int64_t{index[4 * i + k]} * stride]);
    };
    part[i] = _mm512_set1_epi32(word(0));
    part[i] = _mm512_mask_set1_epi32(part[i], 0x2222, word(1));
    part[i] = _mm512_mask_set1_epi32(part[i], 0x4444, word(2));
    part[i] = _mm512_mask_set1_epi32(part[i], 0x8888, word(3));
  }
  const __m512i low = _mm512_mask_mov_epi32(part[0], 0x00f0, part[1]);
  const __m512i high = _mm512_mask_mov_epi32(part[2], 0xf000, part[3]);
  return reinterpret_cast<vi>(_mm512_mask_mov_epi32(low, 0xff00, high));
#elif defined(__AVX2__)
  const auto word = [&](int i) __attribute__((always_inline)) { return static_cast<int>(base[int64_t{index[i]} * stride]); };
  return vi{word(0), word(1), word(2), word(3), word(4), word(5), word(6), word(7)};
#else
  vi x;
  for (int i = 0; i < kLanes; ++i) x[i] = static_cast<int32_t>(base[int64_t{index[i]} * stride]);
  return x;
#endif
}

// The same of two neighbouring words, which one load takes.
EIK_HD void pick_two(const uint32_t* base, const uint32_t* index, int stride, vi& first, vi& second) {
  typedef double vd __attribute__((vector_size(4 * kLanes)));
  const auto words = [&](int i) __attribute__((always_inline)) {
    double x;
    __builtin_memcpy(&x, base + int64_t{index[i]} * stride, 8);
    return x;
  };
#if defined(__AVX512F__)
  const vd a = {words(0), words(1), words(2), words(3), words(4), words(5), words(6), words(7)};
  const vd b = {words(8), words(9), words(10), words(11), words(12), words(13), words(14), words(15)};
#elif defined(__AVX2__)
  const vd a = {words(0), words(1), words(2), words(3)}, b = {words(4), words(5), words(6), words(7)};
#else
  const vd a = {words(0), words(1)}, b = {words(2), words(3)};
#endif
  const vi even = lane_numbers() * 2;
  first = __builtin_shuffle(reinterpret_cast<vi>(a), reinterpret_cast<vi>(b), even);
  second = __builtin_shuffle(reinterpret_cast<vi>(a), reinterpret_cast<vi>(b), even + 1);
}

// The features of one corner. Half tables hold two bf16 features in 32 bits.
template <int F, bool Half>
EIK_HD void corner_features(const void* table, const uint32_t* entry, vf* feature) {
  constexpr int kWords = Half ? F / 2 : F;
  const auto* base = static_cast<const uint32_t*>(table);
  vi word[kWords];
  if constexpr (kWords == 1) word[0] = pick(base, entry, 1);
  if constexpr (kWords > 1)
#pragma GCC unroll 4
    for (int w = 0; w < kWords; w += 2) pick_two(base + w, entry, kWords, word[w], word[w + 1]);
#pragma GCC unroll 8
  for (int f = 0; f < F; ++f)
    feature[f] = !Half ? from_bits(word[f % kWords])
                       : from_bits(f % 2 == 0 ? word[f / 2] << 16 : word[f / 2] & static_cast<int32_t>(0xffff0000));
}

// A plane's element: a float, or a pair of bf16 channels of a point.
template <class Element>
struct PlaneElement {
  static constexpr int kChannels = 1;
};
template <>
struct PlaneElement<uint32_t> {
  static constexpr int kChannels = 2;
};

// A register of points of F channels.
template <int F>
EIK_HD void load_channels(const Plane& planes, int64_t p, vf* x) {
  for (int f = 0; f < F; ++f) x[f] = load(planes[f] + p);
}
template <int F>
EIK_HD void load_channels(const PlanesOf<uint32_t>& planes, int64_t p, vf* x) {
  for (int f = 0; f < F; f += 2) {
    const vi pair = load(planes[f / 2] + p);
    x[f] = from_bits(pair << 16);
    x[f + 1] = from_bits(pair & static_cast<int32_t>(0xffff0000));
  }
}
template <int F>
EIK_HD void store_channels(const Plane& planes, int64_t p, const vf* x) {
  for (int f = 0; f < F; ++f) store(planes[f] + p, x[f]);
}
#if defined(__AVX512BF16__)
template <int F>
EIK_HD void store_channels(const PlanesOf<uint32_t>& planes, int64_t p, const vf* x) {
  for (int f = 0; f < F; f += 2) {
    const __m512i low = _mm512_cvtepu16_epi32(reinterpret_cast<__m256i>(_mm512_cvtneps_pbh(x[f])));
    const __m512i high = _mm512_cvtepu16_epi32(reinterpret_cast<__m256i>(_mm512_cvtneps_pbh(x[f + 1])));
    store(planes[f / 2] + p, reinterpret_cast<vi>(_mm512_or_si512(low, _mm512_slli_epi32(high, 16))));
  }
}
#endif

// Memory that will be used soon, fetched a few cache lines with each register of points: a table that lies far away
// comes at the speed of a stream, not at that of random reads.
struct Ahead {
  const char* at;
  int64_t lines;  // a register
  EIK_HD void fetch() {
    for (int64_t i = 0; i < lines; ++i, at += 64) __builtin_prefetch(at, 0, 2);
  }
};

// Points [begin, end) of one level; end is padded to whole registers, planes are too. Far: see Corners::fetch.
template <int D, int F, bool Half, bool Hashed, class Element>
static void grid_forward_level(const GridLevel& of, Interpolation interpolation, const void* table, Plane in,
                               int64_t begin, int64_t end, PlanesOf<Element> out, bool far, Ahead ahead) {
  const GridLevel level = known<Hashed>(of);
  Corners<D> corners[2];
  const auto find = [&](int64_t p, int side) __attribute__((always_inline)) {
    corners[side].template find<Hashed>(level, interpolation, in, p);
    if (far) corners[side].template fetch<(Half ? 2 : 4) * F, 0>(table);
  };
  find(begin, 0);
  int side = 0;
  for (int64_t p = begin; p < end; p += kLanes, side ^= 1) {
    const Corners<D>& here = corners[side];
    ahead.fetch();
    if (p + kLanes < end) find(p + kLanes, side ^ 1);
    vf sum[F] = {};
#pragma GCC unroll 8
    for (int corner = 0; corner < 1 << D; ++corner) {
      vf feature[F];
      corner_features<F, Half>(table, here.entry[corner], feature);
      for (int f = 0; f < F; ++f) sum[f] += load(here.weight[corner]) * feature[f];
    }
    store_channels<F>(out, p, sum);
  }
}

// Adds d_in of one level, for points [begin, end).
template <int D, int F, bool Half, bool Hashed>
static void grid_inputs_level(const GridLevel& of, Interpolation interpolation, const void* table, Plane in,
                              int64_t begin, int64_t end, Plane d_out, Plane d_in) {
  const GridLevel level = known<Hashed>(of);
  for (int64_t p = begin; p < end; p += kLanes) {
    const auto cell = cell_at<D, true>(level, interpolation, in, p);
    alignas(64) uint32_t entry[1 << D][kLanes];
    for (int corner = 0; corner < 1 << D; ++corner)
      store(entry[corner], reinterpret_cast<vi>(grid_entry<Hashed>(level, cell, corner)));
    asm("" : "+m"(entry));  // in memory, not taken out of registers lane by lane
    vf slope[D] = {};
    for (int corner = 0; corner < 1 << D; ++corner) {
      vf feature[F];
      corner_features<F, Half>(table, entry[corner], feature);
      vf product = {};
      for (int f = 0; f < F; ++f) product += feature[f] * load(d_out[f] + p);
      for (int d = 0; d < D; ++d) {
        const vf rest = product * grid_corner_weight(cell, corner, d);
        slope[d] += (corner >> d & 1) != 0 ? rest : -rest;
      }
    }
    for (int d = 0; d < D; ++d) store(d_in[d] + p, load(d_in[d] + p) + slope[d] * cell.slope[d]);
  }
}

// The features of one entry of a table of gradients.
template <int F>
struct Entry {
  typedef float V __attribute__((vector_size(4 * F), aligned(4), may_alias));
  V x;
  EIK_HD static Entry at(const float* p) { return {*reinterpret_cast<const V*>(p)}; }
  EIK_HD void add(Entry gradient, float weight, float* p) const { *reinterpret_cast<V*>(p) = x + gradient.x * weight; }
};
template <>
struct Entry<1> {
  float x;
  EIK_HD static Entry at(const float* p) { return {*p}; }
  EIK_HD void add(Entry gradient, float weight, float* p) const { *p = x + gradient.x * weight; }
};
template <>
struct Entry<2> {  // in the lower half of a register: vectors of 8 bytes have no instructions of their own
  __m128 x;
  EIK_HD static Entry at(const float* p) { return {_mm_castsi128_ps(_mm_loadl_epi64(reinterpret_cast<const __m128i*>(p)))}; }
  EIK_HD void add(Entry gradient, float weight, float* p) const {
    _mm_storel_pi(reinterpret_cast<__m64*>(p), x + gradient.x * _mm_set1_ps(weight));
  }
};

// Adds the gradients of points [begin, end) to a level's table. One thread owns a level: no atomics, a fixed order. Far:
// see Corners::fetch.
template <int D, int F, bool Hashed, class Element>
static void grid_scatter_level(const GridLevel& of, Interpolation interpolation, Plane in, int64_t begin, int64_t end,
                               PlanesOf<Element> d_out, bool far, float* gradients) {
  const GridLevel level = known<Hashed>(of);
  Corners<D> corners[2];
  const auto find = [&](int64_t p, int side) __attribute__((always_inline)) {
    corners[side].template find<Hashed>(level, interpolation, in, p);
    if (far) corners[side].template fetch<4 * F, 1>(gradients);
  };
  if (begin < end) find(begin, 0);
  int side = 0;
  for (int64_t p = begin; p < end; p += kLanes, side ^= 1) {
    const Corners<D>& here = corners[side];
    if (p + kLanes < end) find(p + kLanes, side ^ 1);
    const int count = end - p < kLanes ? static_cast<int>(end - p) : kLanes;
    vf channel[F];
    load_channels<F>(d_out, p, channel);
    alignas(64) float d[kLanes * F];
    if constexpr (F == 2) {
      const vi lane = lane_numbers(), low = lane / 2 + lane % 2 * kLanes;
      store(d, __builtin_shuffle(channel[0], channel[1], low));
      store(d + kLanes, __builtin_shuffle(channel[0], channel[1], low + kLanes / 2));
    } else {
      for (int f = 0; f < F; ++f)
        for (int i = 0; i < kLanes; ++i) d[i * F + f] = channel[f][i];
    }
    asm("" : "+m"(d));  // in memory, not taken out of registers lane by lane
    for (int i = 0; i < count; ++i) {
      const auto gradient = Entry<F>::at(d + i * F);
#pragma GCC unroll 16
      for (int corner = 0; corner < 1 << D; ++corner) {
        float* target = gradients + static_cast<int64_t>(here.entry[corner][i]) * F;
        Entry<F>::at(target).add(gradient, here.weight[corner][i], target);
      }
    }
  }
}

// A number known to the compiler, to be handed to a generic lambda.
template <int N>
struct Constant {
  static constexpr int value = N;
};

// Calls body(dimensions, features, half, hashed) with the grid's own, as constants.
template <class Body>
EIK_HD void grid_dispatch(int dims, int features, bool half, bool hashed, const Body& body) {
  const auto choose = [&](auto d, auto f) __attribute__((always_inline)) {
    if constexpr (f.value % 2 == 0)
      if (half) return hashed ? body(d, f, Constant<1>(), Constant<1>()) : body(d, f, Constant<1>(), Constant<0>());
    return hashed ? body(d, f, Constant<0>(), Constant<1>()) : body(d, f, Constant<0>(), Constant<0>());
  };
  switch (dims * 16 + features) {
#define EIK_GRID_CASE(D, F) \
  case D * 16 + F: return choose(Constant<D>(), Constant<F>());
#define EIK_GRID_CASES(D) EIK_GRID_CASE(D, 1) EIK_GRID_CASE(D, 2) EIK_GRID_CASE(D, 4) EIK_GRID_CASE(D, 8)
    EIK_GRID_CASES(1) EIK_GRID_CASES(2) EIK_GRID_CASES(3) EIK_GRID_CASES(4)
#undef EIK_GRID_CASES
#undef EIK_GRID_CASE
    default: break;  // the configuration was checked
  }
}

// A grid's tables: bf16 pairs where the device keeps them, fp32 elsewhere.
struct GridTables {
  const float* values;
  const uint16_t* half;  // or NULL
  const void* of(const GridLevel& level) const {
    return half ? static_cast<const void*>(half + level.offset) : static_cast<const void*>(values + level.offset);
  }
};

}  // namespace eik::EIK_ISA
