// What a warp of a fused network holds in registers: all W channels of its points, as sums and as halves.
//
// A tensor core's sums of one layer lie in the lanes just as it wants the inputs of the next, so activations never leave
// the registers between layers. A lane (g = lane / 4, t = lane % 4) holds 2 kBands neighbouring points, and of each 2 T
// neighbouring channels of every 8 T: row g + 8 h of band i is point 2 kBands g + 2 i + h.
#pragma once
#include "cuda/weight_stream.cuh"
#include "math/activation.h"

namespace eik::EIK_ISA {

// ---- a lane's points of a plane ----------------------------------------------------------------------------------------

template <int N>
__device__ void load_points(Plane plane, int64_t channel, int64_t point, int64_t end, float (&v)[N]) {
  static_assert(N == 2 || N == 4, "load_points: 2 or 4");
  using Vector = std::conditional_t<N == 2, float2, float4>;
  const float* const from = plane[channel] + point;
  if (point + N <= end && reinterpret_cast<uintptr_t>(from) % sizeof(Vector) == 0) {
    const Vector all = *reinterpret_cast<const Vector*>(from);
    v[0] = all.x;
    v[1] = all.y;
    if constexpr (N == 4) {
      v[2] = all.z;
      v[3] = all.w;
    }
  } else {
#pragma unroll
    for (int i = 0; i < N; ++i) v[i] = point + i < end ? from[i] : 0.0f;
  }
}

template <int N>
__device__ void store_points(Plane plane, int64_t channel, int64_t point, int64_t end, const float (&v)[N]) {
  using Vector = std::conditional_t<N == 2, float2, float4>;
  float* const to = plane[channel] + point;
  if (point + N <= end && reinterpret_cast<uintptr_t>(to) % sizeof(Vector) == 0) {
    if constexpr (N == 4)
      *reinterpret_cast<Vector*>(to) = {v[0], v[1], v[2], v[3]};
    else
      *reinterpret_cast<Vector*>(to) = {v[0], v[1]};
  } else {
#pragma unroll
    for (int i = 0; i < N; ++i) {
      if (point + i < end) to[i] = v[i];
    }
  }
}

// ---- all channels of the warp's points -----------------------------------------------------------------------------------

template <int W>
struct WarpTile {
  static_assert(W % 16 == 0, "WarpTile: whole tensor-core tiles");
  static constexpr int kBands = W > 128 ? 1 : 2;  // of 16 points: as many as registers hold
  static constexpr int kLanePoints = 2 * kBands, kPoints = 16 * kBands;
  static constexpr int T = kRowTiles<W>, kGroups = W / (8 * T), kPiece = 2 * T;  // channels a lane holds together

  float sum[kBands * kGroups][T][4];  // [band, group of 8 T channels][tile of 8][mma's d]
};

// Inputs of products: mma's A for each 16 channels.
template <int W>
struct WarpRows {
  uint32_t a[WarpTile<W>::kBands][W / 16][4];
};

template <class H, int W>
__device__ __forceinline__ void multiply_step(WarpTile<W>& tile, const uint32_t (&a)[WarpTile<W>::kBands][4], const uint4* weights) {
  constexpr int T = WarpTile<W>::T, kGroups = WarpTile<W>::kGroups;
#pragma unroll
  for (int q = 0; q < W / 16; ++q) {
    const uint4 b = weights[q * 32];
#pragma unroll
    for (int i = 0; i < WarpTile<W>::kBands; ++i) {
      float(&both)[T][4] = tile.sum[i * kGroups + 2 * q / T];
      mma_m16n8k16<H>(both[2 * q % T], a[i], {b.x, b.y});
      mma_m16n8k16<H>(both[2 * q % T + 1], a[i], {b.z, b.w});
    }
  }
}

template <class H, int W>
__device__ __forceinline__ void to_rows(const WarpTile<W>& tile, WarpRows<W>& rows) {
  constexpr int T = WarpTile<W>::T, kGroups = WarpTile<W>::kGroups;
#pragma unroll
  for (int i = 0; i < WarpTile<W>::kBands; ++i)
#pragma unroll
    for (int j = 0; j < W / 8; ++j) {
      const float(&d)[4] = tile.sum[i * kGroups + j / T][j % T];
      rows.a[i][j / 2][j % 2 * 2] = pack<H>(d[0], d[1]);
      rows.a[i][j / 2][j % 2 * 2 + 1] = pack<H>(d[2], d[3]);
    }
}

// Where the lane's piece of a point begins in rows [point][W].
template <int W>
__device__ __forceinline__ int64_t piece_at(int64_t point, int group) {
  return point * W + group * (8 * WarpTile<W>::T) + static_cast<int>(threadIdx.x % 4) * WarpTile<W>::kPiece;
}

// A piece in halves: 16 bytes, or 8 with W = 16.
template <int W>
struct alignas(4 * WarpTile<W>::T) Piece {
  uint32_t pair[WarpTile<W>::T];
};

// The lane's points from point on, up to end.
template <class H, int W>
__device__ __forceinline__ void store_rows(const WarpRows<W>& rows, H* to, int64_t point, int64_t end) {
  constexpr int T = WarpTile<W>::T;
#pragma unroll
  for (int i = 0; i < WarpTile<W>::kBands; ++i)
#pragma unroll
    for (int h = 0; h < 2; ++h) {
      const int64_t p = point + 2 * i + h;
      if (p >= end) continue;
#pragma unroll
      for (int c = 0; c < WarpTile<W>::kGroups; ++c) {
        Piece<W> piece;
#pragma unroll
        for (int j = 0; j < T; ++j) piece.pair[j] = rows.a[i][(c * T + j) / 2][j % 2 * 2 + h];
        *reinterpret_cast<Piece<W>*>(to + piece_at<W>(p, c)) = piece;
      }
    }
}

// visit(band, group, sums) one after the other by the same instructions: for what is too long to be written out for every
// register. The registers pass by.
template <int W, class Visit>
__device__ __forceinline__ void for_groups_in_turn(WarpTile<W>& tile, const Visit& visit) {
  constexpr int T = WarpTile<W>::T, kAll = WarpTile<W>::kBands * WarpTile<W>::kGroups;
#pragma unroll 1
  for (int u = 0; u < kAll; ++u) {
    float now[T][4];
#pragma unroll
    for (int j = 0; j < T; ++j)
#pragma unroll
      for (int e = 0; e < 4; ++e) now[j][e] = tile.sum[0][j][e];
    visit(u / WarpTile<W>::kGroups, u % WarpTile<W>::kGroups, now);
#pragma unroll
    for (int v = 0; v < kAll; ++v)
#pragma unroll
      for (int j = 0; j < T; ++j)
#pragma unroll
        for (int e = 0; e < 4; ++e) tile.sum[v][j][e] = v + 1 < kAll ? tile.sum[v + 1][j][e] : now[j][e];
  }
}

// body(activation as a constant), so that the choice is made once and not for every register.
template <class Body>
__device__ __forceinline__ void with_activation(Activation a, const Body& body) {
  switch (a) {
#define EIK_CASE(name) \
  case Activation::name: return body(std::integral_constant<Activation, Activation::name>())
    EIK_CASE(none);
    EIK_CASE(relu);
    EIK_CASE(leaky_relu);
    EIK_CASE(exponential);
    EIK_CASE(sigmoid);
    EIK_CASE(softplus);
    EIK_CASE(squareplus);
    EIK_CASE(tanh);
    EIK_CASE(sine);
    EIK_CASE(silu);
#undef EIK_CASE
  }
}

}  // namespace eik::EIK_ISA
