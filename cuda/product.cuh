// The one matrix product of all networks: c(m, n) = sum_k a(m, k) b(n, k), by tiles of 64 x 64 whose operands pass through
// shared memory in the precision of the device, on tensor cores where that is a half precision; sums are fp32. What a and
// b are (planes of points, weights, gradients) and what happens to c (bias, activation, derivative) is up to small
// functions, so that forward, backward to inputs and backward to weights are one kernel.
#pragma once
#include "cuda/planes.cuh"

namespace eik::EIK_ISA {

constexpr int kTile = 64;          // rows and columns of c
constexpr int kTileDepth = 32;     // of k at a time
constexpr int kTileThreads = 128;  // four warps of 32 x 32
constexpr int kSkew = 8;           // keeps the eight rows that a warp reads at once in different banks

template <class H>
using OperandTile = H[kTile][kTileDepth + kSkew];

// A warp's part of c: 2 x 4 tensor-core tiles of 16 x 8; a lane holds rows g and g + 8, columns 2t and 2t + 1 of each.
struct Accumulator {
  float c[2][4][4];
};

// visit(row, column, value) for all that this lane holds, within the tile.
template <class Visit>
__device__ void for_accumulator(Accumulator& acc, const Visit& visit) {
  const int lane = threadIdx.x % 32, warp = threadIdx.x / 32;
  const int row = warp / 2 * 32 + lane / 4, column = warp % 2 * 32 + lane % 4 * 2;
#pragma unroll
  for (int i = 0; i < 2; ++i)
#pragma unroll
    for (int j = 0; j < 4; ++j)
#pragma unroll
      for (int e = 0; e < 4; ++e) visit(row + i * 16 + e / 2 * 8, column + j * 8 + e % 2, acc.c[i][j][e]);
}

template <class H>
__device__ uint32_t pair_at(const H* elements) {
  return *reinterpret_cast<const uint32_t*>(elements);
}

template <class H>
__device__ void multiply_tile(const OperandTile<H>& a, const OperandTile<H>& b, Accumulator& acc) {
  const int lane = threadIdx.x % 32, warp = threadIdx.x / 32, g = lane / 4, t = lane % 4 * 2;
#pragma unroll
  for (int k = 0; k < kTileDepth; k += 16) {
    uint32_t fa[2][4], fb[4][2];
#pragma unroll
    for (int i = 0; i < 2; ++i) {
      const int row = warp / 2 * 32 + i * 16 + g;
      fa[i][0] = pair_at(&a[row][k + t]);
      fa[i][1] = pair_at(&a[row + 8][k + t]);
      fa[i][2] = pair_at(&a[row][k + t + 8]);
      fa[i][3] = pair_at(&a[row + 8][k + t + 8]);
    }
#pragma unroll
    for (int j = 0; j < 4; ++j) {
      const int column = warp % 2 * 32 + j * 8 + g;
      fb[j][0] = pair_at(&b[column][k + t]);
      fb[j][1] = pair_at(&b[column][k + t + 8]);
    }
#pragma unroll
    for (int i = 0; i < 2; ++i)
#pragma unroll
      for (int j = 0; j < 4; ++j) mma_m16n8k16<H>(acc.c[i][j], fa[i], fb[j]);
  }
}

// fp32 has no tensor-core product of its own precision: plain multiplications, the same shape.
template <>
__device__ inline void multiply_tile<float>(const OperandTile<float>& a, const OperandTile<float>& b, Accumulator& acc) {
  for (int k = 0; k < kTileDepth; ++k)
    for_accumulator(acc, [&](int row, int column, float& c) { c += a[row][k] * b[column][k]; });
}

// Rows [row, row + kTile) and k [begin, begin + kTileDepth) of an operand, zero outside its range.
template <class H, class Operand>
__device__ void load_tile(const Operand& operand, int64_t row, int64_t rows, int64_t begin, int64_t end, OperandTile<H>& to) {
  for (int i = threadIdx.x; i < kTile * kTileDepth; i += kTileThreads) {
    const int r = Operand::kRowsTogether ? i % kTile : i / kTileDepth;
    const int k = Operand::kRowsTogether ? i / kTile : i % kTileDepth;
    to[r][k] = to_half<H>(row + r < rows && begin + k < end ? operand(row + r, begin + k) : 0.0f);
  }
}

template <class H, class A, class B, class Finish>
__global__ void __launch_bounds__(kTileThreads)
    product_kernel(Count rows, int64_t columns, Count depth, A a, B b, Finish finish) {
  __shared__ OperandTile<H> tile_a, tile_b;
  const int64_t row = static_cast<int64_t>(blockIdx.x) * kTile, column = static_cast<int64_t>(blockIdx.y) * kTile;
  const int64_t n_rows = rows.get(), all = depth.get();
  if (row >= n_rows) return;
  const int64_t begin = all * blockIdx.z / gridDim.z, end = all * (blockIdx.z + 1) / gridDim.z;
  Accumulator acc = {};
  for (int64_t k = begin; k < end; k += kTileDepth) {
    load_tile<H>(a, row, n_rows, k, end, tile_a);
    load_tile<H>(b, column, columns, k, end, tile_b);
    __syncthreads();
    multiply_tile<H>(tile_a, tile_b, acc);
    __syncthreads();
  }
  for_accumulator(acc, [&](int r, int c, float value) {
    if (row + r < n_rows && column + c < columns) finish(row + r, column + c, value, blockIdx.z);
  });
}

// finish(row, column, value, part) for all of c; in parts of k if asked for, each with its own sum.
template <class H, class A, class B, class Finish>
void product(Exec& exec, Count rows, int64_t columns, Count depth, unsigned parts, const A& a, const B& b, const Finish& finish) {
  if (rows.most == 0 || columns == 0) return;
  const dim3 grid(static_cast<unsigned>((rows.most + kTile - 1) / kTile), static_cast<unsigned>((columns + kTile - 1) / kTile), parts);
  launch(product_kernel<H, A, B, Finish>, grid, dim3(kTileThreads), 0, exec.stream, rows, columns, depth, a, b, finish);
}

}  // namespace eik::EIK_ISA
