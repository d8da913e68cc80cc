// A register of floats by GCC's vector extension: as many lanes as the instruction set has, the operators of a float,
// and the few functions that math/scalar.h has for one float. Also the parallel loop and scratch arrays of kernels.
#pragma once
#if defined(__AVX2__)
#include <immintrin.h>
#else
#include <emmintrin.h>
#endif

#include "cpu/exec.h"
#include "math/scalar.h"

namespace eik::EIK_ISA {

#if defined(__AVX512F__)
constexpr int kLanes = 16;
#elif defined(__AVX2__)
constexpr int kLanes = 8;
#else
constexpr int kLanes = 4;
#endif

typedef float vf __attribute__((vector_size(4 * kLanes)));
typedef int32_t vi __attribute__((vector_size(4 * kLanes)));
typedef uint32_t vu __attribute__((vector_size(4 * kLanes)));  // indices: their arithmetic wraps
typedef float vf_unaligned __attribute__((vector_size(4 * kLanes), aligned(4), may_alias));
typedef int32_t vi_unaligned __attribute__((vector_size(4 * kLanes), aligned(4), may_alias));

EIK_HD vf load(const float* p) { return *reinterpret_cast<const vf_unaligned*>(p); }
EIK_HD void store(float* p, vf x) { *reinterpret_cast<vf_unaligned*>(p) = x; }
EIK_HD vi load(const int32_t* p) { return *reinterpret_cast<const vi_unaligned*>(p); }
EIK_HD void store(int32_t* p, vi x) { *reinterpret_cast<vi_unaligned*>(p) = x; }
EIK_HD vi load(const uint32_t* p) { return *reinterpret_cast<const vi_unaligned*>(p); }
EIK_HD void store(uint32_t* p, vi x) { *reinterpret_cast<vi_unaligned*>(p) = x; }

EIK_HD vi as_bits(vf x) { return reinterpret_cast<vi>(x); }
EIK_HD vf from_bits(vi x) { return reinterpret_cast<vf>(x); }
EIK_HD vi truncate(vf x) { return __builtin_convertvector(x, vi); }
EIK_HD vf to_float(vi x) { return __builtin_convertvector(x, vf); }

EIK_HD vf root(vf x) {
#if defined(__AVX512F__)
  return _mm512_sqrt_ps(x);
#elif defined(__AVX2__)
  return _mm256_sqrt_ps(x);
#else
  return _mm_sqrt_ps(x);
#endif
}

EIK_HD vf gather(const float* base, vi index) {
#if defined(__AVX512F__)
  return _mm512_i32gather_ps(reinterpret_cast<__m512i>(index), base, 4);
#elif defined(__AVX2__)
  return _mm256_i32gather_ps(base, reinterpret_cast<__m256i>(index), 4);
#else
  vf x;
  for (int i = 0; i < kLanes; ++i) x[i] = base[index[i]];
  return x;
#endif
}
EIK_HD vi gather(const uint32_t* base, vi index) {
  return as_bits(gather(reinterpret_cast<const float*>(base), index));
}

// The sum of all lanes, by a fixed tree.
EIK_HD float sum(vf x) {
  float a[kLanes];
  store(a, x);
  for (int width = kLanes / 2; width > 0; width /= 2)
    for (int i = 0; i < width; ++i) a[i] += a[i + width];
  return a[0];
}

// One bit a lane of a comparison's answer.
EIK_HD uint32_t lane_bits(vi mask) {
#if defined(__AVX512F__)
  return _mm512_movepi32_mask(reinterpret_cast<__m512i>(mask));
#elif defined(__AVX2__)
  return static_cast<uint32_t>(_mm256_movemask_ps(reinterpret_cast<__m256>(mask)));
#else
  return static_cast<uint32_t>(_mm_movemask_ps(reinterpret_cast<__m128>(mask)));
#endif
}
EIK_HD bool any(vi mask) { return lane_bits(mask) != 0; }

EIK_HD vi lane_numbers() {
  vi x;
  for (int i = 0; i < kLanes; ++i) x[i] = i;
  return x;
}

// n rounded up to whole registers.
EIK_HD int64_t padded(int64_t n, int64_t unit = kLanes) { return (n + unit - 1) / unit * unit; }

template <class T>
EIK_HD T* take(Arena& arena, int64_t n) {
  return static_cast<T*>(arena.take_bytes(static_cast<size_t>(n) * sizeof(T)));
}

// body(index, thread) for index 0..count-1 on all threads.
template <class Body>
EIK_HD void parallel(Exec& exec, int64_t count, Body&& body) {
  struct Call {
    static void run(void* context, int64_t index, int thread) {
      (*static_cast<__typeof__(&body)>(context))(index, thread);
    }
  };
  exec.run(count, &Call::run, static_cast<void*>(&body));
}

// Channels of points, one array (plane) a channel; a plane of uint32_t holds two bf16 channels of a point, the first in the
// low half.
template <class T>
struct PlanesOf {
  T* data;
  int64_t stride;
  EIK_HD T* operator[](int64_t plane) const { return data + plane * stride; }
  EIK_HD PlanesOf from(int64_t point) const { return {data + point, stride}; }
  EIK_HD PlanesOf channels(int64_t first) const { return {data + first * stride, stride}; }
};
typedef PlanesOf<float> Plane;

template <class T = float>
EIK_HD PlanesOf<T> take_plane(Arena& arena, int64_t planes, int64_t points) {
  return {take<T>(arena, planes * points), points};
}

// Batches are padded by as many floats, so that whole registers (and blocks of registers) can be read past their end.
constexpr int64_t kPadding = 128;

}  // namespace eik::EIK_ISA
