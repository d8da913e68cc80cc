// The one product of a network: y[o][lane] = b[o] + sum_k w[o][k] x[k][lane].
//   forward:                 o outputs, k inputs,  lanes points
//   backward to the inputs:  o inputs,  k outputs, lanes points (w transposed)
//   backward to the weights: o outputs, k points,  lanes inputs (x transposed)
// fp32 planes hold a float a point; bf16 planes hold the channels 2k and 2k+1 of a point in 32 bits, which is what the
// dot-product instruction multiplies. Sums are fp32. Floor: the FMA (or dot-product) rate; tiles of kRows x kRegisters keep
// every accumulator in a register and ask for fewer loads than multiplications.
#pragma once
#include "cpu/lanes.h"
#include "cpu/transpose.h"

namespace eik::EIK_ISA {

#if defined(__AVX512F__)
constexpr int kRegisters = 4;
#else
constexpr int kRegisters = 2;
#endif
constexpr int kRows = 6;
constexpr int64_t kTileUnit = 64;  // points: a multiple of every instruction set's kRegisters * kLanes

enum class Finish { store, add, relu, gate };  // gate: zero where the saved activation is zero

#if defined(__AVX512BF16__)
EIK_HD vf multiply(vf sum, vi x, uint32_t w) {
  return _mm512_dpbf16_ps(sum, reinterpret_cast<__m512bh>(x),
                          reinterpret_cast<__m512bh>(_mm512_set1_epi32(static_cast<int32_t>(w))));
}
#endif
EIK_HD vf multiply(vf sum, vf x, float w) { return sum + x * w; }

EIK_HD vf relu(vf x) {
#if defined(__AVX512F__)
  return _mm512_max_ps(x, vf{});  // NaN to zero, as activate() does
#else
  return greater(x, vf{});
#endif
}

// Where a tile's rows o.. and points p.. go, as planes of floats.
template <Finish finish>
struct StoreFull {
  float* y;
  int64_t stride;
  const float* gate = nullptr;
  int64_t gate_stride = 0;

  EIK_HD StoreFull from(int64_t p) const { return {y + p, stride, gate, gate_stride}; }
  template <int R, int V>
  EIK_HD void operator()(const vf (&sum)[R][V], int64_t o, int64_t p) const {
#pragma GCC unroll 8
    for (int i = 0; i < R; ++i)
#pragma GCC unroll 4
      for (int v = 0; v < V; ++v) {
        float* to = y + (o + i) * stride + p + v * kLanes;
        vf r = sum[i][v];
        if (finish == Finish::add) r += load(to);
        if (finish == Finish::relu) r = relu(r);
        if (finish == Finish::gate) r = load(gate + (o + i) * gate_stride + p + v * kLanes) > 0.0f ? r : vf{};
        store(to, r);
      }
  }
};

// One element type: how planes of it are loaded, stored and made of rows.
struct Full {
  typedef float Element;
  static constexpr int kChannels = 1;  // in one plane
  template <Finish finish>
  using Store = StoreFull<finish>;
  static EIK_HD vi from_row(const float* row) { return as_bits(load(row)); }
  static EIK_HD vf word(vi x) { return from_bits(x); }
  static EIK_HD vf single(vf x) { return x; }  // the sum of the points in a register of a row of single channels, by lane
};

#if defined(__AVX512BF16__)
// From 32 points of one channel, and of the next, to pairs of channels of 16 points, and of the next 16; and back.
constexpr WordOrder kPairLow = word_order([](int i) { return i / 2 + i % 2 * 32; });
constexpr WordOrder kPairHigh = word_order([](int i) { return i / 2 + i % 2 * 32 + 16; });
constexpr WordOrder kEvenWords = word_order([](int i) { return 2 * i; });
constexpr WordOrder kOddWords = word_order([](int i) { return 2 * i + 1; });

EIK_HD vi half_of(vf low, vf high) {  // 32 numbers in order
  return reinterpret_cast<vi>(_mm512_cvtne2ps_pbh(high, low));
}

// As planes of pairs; and, if points has data, as rows of single channels, two points in 32 bits: what the product with
// transposed inputs wants on its left.
template <Finish finish>
struct StoreHalf {
  uint32_t* y;
  int64_t stride;
  const uint32_t* gate = nullptr;
  int64_t gate_stride = 0;
  uint32_t* points = nullptr;
  int64_t points_stride = 0;

  EIK_HD StoreHalf from(int64_t p) const { return {y + p, stride, gate, gate_stride, points, points_stride}; }
  template <int R, int V>
  EIK_HD void operator()(const vf (&sum)[R][V], int64_t o, int64_t p) const {
#pragma GCC unroll 8
    for (int i = 0; i < R; i += 2)
#pragma GCC unroll 4
      for (int v = 0; v < V; v += 2) {
        vf a = sum[i][v], b = sum[i][v + 1], c{}, d{};
        if (i + 1 < R) {
          c = sum[i + 1][v];
          d = sum[i + 1][v + 1];
        }
        if (finish == Finish::relu) {
          a = relu(a);
          b = relu(b);
          c = relu(c);
          d = relu(d);
        }
        vi even = half_of(a, b), odd = half_of(c, d);
        vi low = kPairLow.of(even, odd), high = kPairHigh.of(even, odd);
        const int64_t plane = (o + i) / 2, at = p + v * kLanes;
        if (finish == Finish::gate) {  // bf16 of a positive number is nonzero: each half by its own
          low = where_nonzero(gate + plane * gate_stride + at, low);
          high = where_nonzero(gate + plane * gate_stride + at + kLanes, high);
          even = kEvenWords.of(low, high);
          odd = kOddWords.of(low, high);
        }
        store(y + plane * stride + at, low);
        store(y + plane * stride + at + kLanes, high);
        if (!points) continue;
        uint32_t* words = points + (o + i) * points_stride + at / 2;
        store(words, even);
        if (i + 1 < R) store(words + points_stride, odd);
      }
  }

 private:
  static EIK_HD vi where_nonzero(const uint32_t* gate, vi x) {
    const __m512i g = reinterpret_cast<__m512i>(load(gate));
    return reinterpret_cast<vi>(_mm512_maskz_mov_epi16(_mm512_test_epi16_mask(g, g), reinterpret_cast<__m512i>(x)));
  }
};

struct Half {
  typedef uint32_t Element;
  static constexpr int kChannels = 2;
  template <Finish finish>
  using Store = StoreHalf<finish>;
  static EIK_HD vi from_row(const float* row) { return half_of(load(row), load(row + kLanes)); }
  static EIK_HD vi word(vi x) { return x; }
  static EIK_HD vf single(vi x) { return from_bits(x << 16) + from_bits(x & static_cast<int32_t>(0xffff0000)); }
  static EIK_HD uint32_t pack(float low, float high) {
    const __m128i pair = reinterpret_cast<__m128i>(_mm_cvtneps_pbh(_mm_set_ps(0, 0, high, low)));
    return static_cast<uint32_t>(_mm_cvtsi128_si32(pair));
  }
};
#endif

// w[o][k] lies at data + o * row + k (in elements: pairs of k for Half).
template <class E>
struct Matrix {
  const typename E::Element* data;
  int64_t row;
  const float* bias;  // a number for each row, or NULL
};

template <class E, int R, int V, class Store>
EIK_HD void product_tile(const Matrix<E>& w, int64_t depth, const typename E::Element* x, int64_t stride, int64_t o,
                         int64_t lane, const Store& to) {
  vf sum[R][V];
#pragma GCC unroll 8
  for (int i = 0; i < R; ++i) {
    const vf bias = vf{} + (w.bias ? w.bias[o + i] : 0.0f);
#pragma GCC unroll 4
    for (int v = 0; v < V; ++v) sum[i][v] = bias;
  }
  const auto* row = w.data + o * w.row;
  x += lane;
  for (int64_t k = 0; k < depth; ++k, x += stride) {
    decltype(load(x)) in[V];
#pragma GCC unroll 4
    for (int v = 0; v < V; ++v) in[v] = load(x + v * kLanes);
#pragma GCC unroll 8
    for (int i = 0; i < R; ++i) {
      const auto weight = row[i * w.row + k];
#pragma GCC unroll 4
      for (int v = 0; v < V; ++v) sum[i][v] = multiply(sum[i][v], in[v], weight);
    }
  }
  to(sum, o, lane);
}

// All rows of one block of V registers.
template <class E, int V, class Store>
static void product_block(int64_t rows, const Matrix<E>& w, int64_t depth, const typename E::Element* x, int64_t stride,
                          int64_t lane, const Store& store) {
  int64_t o = 0;
  for (; rows - o > kRows + 2; o += kRows) product_tile<E, kRows, V>(w, depth, x, stride, o, lane, store);
  if (rows - o > kRows) {  // 8 are 4 and 4, since 6 and 2 would wait for the two
    product_tile<E, 4, V>(w, depth, x, stride, o, lane, store);
    o += 4;
  }
  switch (rows - o) {
    case 6: return product_tile<E, 6, V>(w, depth, x, stride, o, lane, store);
    case 5: return product_tile<E, 5, V>(w, depth, x, stride, o, lane, store);
    case 4: return product_tile<E, 4, V>(w, depth, x, stride, o, lane, store);
    case 3: return product_tile<E, 3, V>(w, depth, x, stride, o, lane, store);
    case 2: return product_tile<E, 2, V>(w, depth, x, stride, o, lane, store);
    case 1: return product_tile<E, 1, V>(w, depth, x, stride, o, lane, store);
  }
}

// On kTileUnit points.
template <class E, class Store>
EIK_HD void product(int64_t rows, const Matrix<E>& w, int64_t depth, const typename E::Element* x, int64_t stride,
                    const Store& store) {
  for (int64_t p = 0; p < kTileUnit; p += kRegisters * kLanes)
    product_block<E, kRegisters>(rows, w, depth, x, stride, p, store);
}

// Adds to the first lanes of rows, whatever their number.
struct AddLanes {
  float* y;
  int64_t stride, lanes;
  template <int R, int V>
  EIK_HD void operator()(const vf (&sum)[R][V], int64_t o, int64_t lane) const {
    if (lane + V * kLanes <= lanes) return StoreFull<Finish::add>{y, stride}(sum, o, lane);
#pragma GCC unroll 8
    for (int i = 0; i < R; ++i) {
      float all[V * kLanes];
#pragma GCC unroll 4
      for (int v = 0; v < V; ++v) store(all + v * kLanes, sum[i][v]);
      for (int64_t j = 0; j < lanes - lane; ++j) y[(o + i) * stride + lane + j] += all[j];
    }
  }
};

// c[o][k] += sum over points of d[o] x[k]: x turned, at most kRegisters registers of inputs.
template <class E>
static void outer(int64_t outputs, int64_t inputs, int64_t depth, PlanesOf<typename E::Element> d,
                  const typename E::Element* x, float* c, int64_t c_stride) {
  constexpr int64_t kDepth = 96;  // so many rows of x stay in the first-level cache for all rows of d
  const int64_t x_stride = padded(inputs);
  const AddLanes add{c, c_stride, inputs};
  for (int64_t k = 0; k < depth; k += kDepth, x += kDepth * x_stride) {
    const int64_t part = lesser(kDepth, depth - k);
    const Matrix<E> rows{d.data + k, d.stride, nullptr};
    switch (x_stride / kLanes) {
#if defined(__AVX512F__)
      case 4: product_block<E, 4>(outputs, rows, part, x, x_stride, 0, add); break;
      case 3: product_block<E, 3>(outputs, rows, part, x, x_stride, 0, add); break;
#endif
      case 2: product_block<E, 2>(outputs, rows, part, x, x_stride, 0, add); break;
      case 1: product_block<E, 1>(outputs, rows, part, x, x_stride, 0, add); break;
    }
  }
}

}  // namespace eik::EIK_ISA
