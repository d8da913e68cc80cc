// The two products of a network layer, on planes of points: one array a channel, points in registers.
//   product: y[o][p] = b[o] + sum_k w[o][k] x[k][p]  (forward; backward to inputs with w transposed, without b)
//   outer:   c[o][k] += sum_p d[o][p] x[k][p]        (backward to weights)
// fp32 planes hold a float a point; bf16 planes hold the channels 2k and 2k+1 of a point in 32 bits, which is what the
// dot-product instruction multiplies. Sums are fp32. Floor: the FMA (or dot-product) rate; tiles of kRows x kBlock keep
// every accumulator in registers and ask for fewer loads than multiplications.
#pragma once
#include "cpu/lanes.h"

namespace eik::EIK_ISA {

#if defined(__AVX512F__)
constexpr int kRegisters = 6;  // of points, in a tile
#else
constexpr int kRegisters = 2;
#endif
constexpr int kRows = 4;
constexpr int kBlock = kRegisters * kLanes;
constexpr int64_t kTileUnit = 96;  // a multiple of every instruction set's block

enum class Finish { store, add, relu, gate };  // gate: zero where the saved activation is zero

#if defined(__AVX512BF16__)
EIK_HD vf multiply(vf sum, vi x, uint32_t w) {
  return _mm512_dpbf16_ps(sum, reinterpret_cast<__m512bh>(x),
                          reinterpret_cast<__m512bh>(_mm512_set1_epi32(static_cast<int32_t>(w))));
}
EIK_HD vf multiply(vf sum, vi x, vi d) {
  return _mm512_dpbf16_ps(sum, reinterpret_cast<__m512bh>(x), reinterpret_cast<__m512bh>(d));
}
#endif
EIK_HD vf multiply(vf sum, vf x, float w) { return sum + x * w; }
EIK_HD vf multiply(vf sum, vf x, vf d) { return sum + x * d; }

// One element type's planes: how a register is loaded, and how rows o.. of a tile are stored.
struct Full {
  typedef float Element;
  static constexpr int kChannels = 1;  // in one plane
  static EIK_HD vf single(vf x) { return x; }  // the sum of the points in a register of a plane of single channels, by lane
  template <Finish finish, int R>
  static EIK_HD void store_rows(const vf (*sum)[kRegisters], Element* y, int64_t stride, const Element* gate, int64_t o,
                                int64_t p) {
    for (int i = 0; i < R; ++i)
      for (int v = 0; v < kRegisters; ++v) {
        const int64_t at = (o + i) * stride + p + v * kLanes;
        vf r = sum[i][v];
        if (finish == Finish::add) r += load(y + at);
        if (finish == Finish::relu) r = greater(r, vf{});
        if (finish == Finish::gate) r = load(gate + at) > 0.0f ? r : vf{};
        store(y + at, r);
      }
  }
};

#if defined(__AVX512BF16__)
struct Half {
  typedef uint32_t Element;
  static constexpr int kChannels = 2;
  static EIK_HD vf single(vi x) { return from_bits(x << 16) + from_bits(x & static_cast<int32_t>(0xffff0000)); }
  static EIK_HD uint32_t pack(float low, float high) {
    const uint32_t a = static_cast<uint32_t>(as_bits(low)), b = static_cast<uint32_t>(as_bits(high));
    return (a + 0x7fff + (a >> 16 & 1)) >> 16 | ((b + 0x7fff + (b >> 16 & 1)) & 0xffff0000u);
  }
  // Two registers of floats as one of bf16 pairs: a in the low halves, b in the high ones.
  static EIK_HD vi pack(vf a, vf b) {
    const __m512i low = _mm512_cvtepu16_epi32(reinterpret_cast<__m256i>(_mm512_cvtneps_pbh(a)));
    const __m512i high = _mm512_cvtepu16_epi32(reinterpret_cast<__m256i>(_mm512_cvtneps_pbh(b)));
    return reinterpret_cast<vi>(_mm512_or_si512(low, _mm512_slli_epi32(high, 16)));
  }
  template <Finish finish, int R>
  static EIK_HD void store_rows(const vf (*sum)[kRegisters], Element* y, int64_t stride, const Element* gate, int64_t o,
                                int64_t p) {
    for (int i = 0; i < R; i += 2)
      for (int v = 0; v < kRegisters; ++v) {
        const int64_t at = (o + i) / 2 * stride + p + v * kLanes;
        vf a = sum[i][v], b = i + 1 < R ? sum[i + 1][v] : vf{};
        if (finish == Finish::relu) {
          a = greater(a, vf{});
          b = greater(b, vf{});
        }
        vi pair = pack(a, b);
        if (finish == Finish::gate) {  // bf16 of a positive number is nonzero: each half by its own
          const __m512i h = reinterpret_cast<__m512i>(load(gate + at));
          pair = reinterpret_cast<vi>(_mm512_maskz_mov_epi16(_mm512_test_epi16_mask(h, h), reinterpret_cast<__m512i>(pair)));
        }
        store(y + at, pair);
      }
  }
};
#endif

// w[o][k] lies at data + o * row + k * column (in elements of the planes' type, pairs of channels for Half).
template <class E>
struct Matrix {
  const typename E::Element* data;
  int64_t row, column;
  const float* bias;  // a number for each row, or NULL
  EIK_HD Matrix rows(int64_t first) const { return {data + first * row, row, column, bias ? bias + first : nullptr}; }
};

template <class X, class Y, Finish finish, int R>
static void product_rows(const Matrix<X>& w, int64_t depth, const typename X::Element* x, int64_t x_stride,
                         typename Y::Element* y, int64_t y_stride, const typename Y::Element* gate, int64_t o, int64_t p) {
  vf sum[R][kRegisters];
#pragma GCC unroll 4
  for (int i = 0; i < R; ++i) {
    const vf bias = vf{} + (w.bias ? w.bias[o + i] : 0.0f);
#pragma GCC unroll 8
    for (int v = 0; v < kRegisters; ++v) sum[i][v] = bias;
  }
  for (int64_t k = 0; k < depth; ++k) {
    const auto* source = x + k * x_stride + p;
    decltype(load(source)) in[kRegisters];
#pragma GCC unroll 8
    for (int v = 0; v < kRegisters; ++v) in[v] = load(source + v * kLanes);
#pragma GCC unroll 4
    for (int i = 0; i < R; ++i) {
      const auto weight = w.data[(o + i) * w.row + k * w.column];
#pragma GCC unroll 8
      for (int v = 0; v < kRegisters; ++v) sum[i][v] = multiply(sum[i][v], in[v], weight);
    }
  }
  Y::template store_rows<finish, R>(sum, y, y_stride, gate, o, p);
}

// points is a multiple of kBlock.
template <class X, class Y, Finish finish>
static void product(int64_t outputs, int64_t depth, int64_t points, const Matrix<X>& w, const typename X::Element* x,
                    int64_t x_stride, typename Y::Element* y, int64_t y_stride, const typename Y::Element* gate) {
  for (int64_t p = 0; p < points; p += kBlock) {
    int64_t o = 0;
    for (; o + kRows <= outputs; o += kRows)
      product_rows<X, Y, finish, kRows>(w, depth, x, x_stride, y, y_stride, gate, o, p);
    if (o + 2 <= outputs) {
      product_rows<X, Y, finish, 2>(w, depth, x, x_stride, y, y_stride, gate, o, p);
      o += 2;
    }
    if (o < outputs) product_rows<X, Y, finish, 1>(w, depth, x, x_stride, y, y_stride, gate, o, p);
  }
}

#if defined(__AVX512F__)
// a0+a1, a2+a3, .. of a, then of b.
EIK_HD vf add_neighbours(vf a, vf b) {
  const vi even = {0, 2, 4, 6, 8, 10, 12, 14, 16, 18, 20, 22, 24, 26, 28, 30};
  return __builtin_shuffle(a, b, even) + __builtin_shuffle(a, b, even + 1);
}
#endif

// The sums of the lanes of 16 registers.
EIK_HD void sums(const vf* x, float* out) {
#if defined(__AVX512F__)
  vf a[8];
#pragma GCC unroll 8
  for (int i = 0; i < 8; ++i) a[i] = add_neighbours(x[2 * i], x[2 * i + 1]);
#pragma GCC unroll 4
  for (int i = 0; i < 4; ++i) a[i] = add_neighbours(a[2 * i], a[2 * i + 1]);
  a[0] = add_neighbours(a[0], a[1]);
  a[1] = add_neighbours(a[2], a[3]);
  store(out, add_neighbours(a[0], a[1]));
#else
  for (int i = 0; i < 16; ++i) out[i] = sum(x[i]);
#endif
}

// d and x: planes of single channels of the same point order; length in elements. Rows beyond outputs or depth are read
// as the last one and not written, so that one kernel serves every size. Rows of c lie c_row apart.
template <class Element>
static void outer(int64_t outputs, int64_t depth, int64_t length, const Element* d, int64_t d_stride, const Element* x,
                  int64_t x_stride, float* c, int64_t c_row) {
  for (int64_t o = 0; o < outputs; o += 4)
    for (int64_t k = 0; k < depth; k += 4) {
      vf sum[16] = {};
      const Element *d_row[4], *x_row[4];
      for (int i = 0; i < 4; ++i) {
        d_row[i] = d + lesser(o + i, outputs - 1) * d_stride;
        x_row[i] = x + lesser(k + i, depth - 1) * x_stride;
      }
      for (int64_t p = 0; p < length; p += kLanes) {
        decltype(load(x)) in[4];
#pragma GCC unroll 4
        for (int j = 0; j < 4; ++j) in[j] = load(x_row[j] + p);
#pragma GCC unroll 4
        for (int i = 0; i < 4; ++i) {
          const auto g = load(d_row[i] + p);
#pragma GCC unroll 4
          for (int j = 0; j < 4; ++j) sum[i * 4 + j] = multiply(sum[i * 4 + j], in[j], g);
        }
      }
      float total[16];
      sums(sum, total);
      for (int i = 0; i < 4 && o + i < outputs; ++i)
        for (int j = 0; j < 4 && k + j < depth; ++j) c[(o + i) * c_row + k + j] += total[i * 4 + j];
    }
}

}  // namespace eik::EIK_ISA
