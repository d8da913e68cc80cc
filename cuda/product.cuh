// The one matrix product of all networks: c(m, n) = sum_k a(m, k) b(n, k), by tiles of 64 x 64 whose operands pass through
// shared memory in the precision of the device, on tensor cores where that is a half precision; sums are fp32. What a and
// b are (points, weights, gradients) and what happens to c (bias, activation, derivative) is up to small functions, so
// that forward, backward to inputs and backward to weights are one kernel.
//
// An operand is a struct with
//   bool rows_together() const                                   which neighbours lie side by side in memory: rows, or k
//   Eight<H> eight(row, k, rows, end) const                      elements (row, k) and the seven behind it in memory,
//                                                                zero from rows on and from end on; row or k is 8 i
//
// Floors of a tile: 8192 operations and 256 bytes (halves) a k. A product over points reads a row of 64 channels once for
// every 64 columns: with up to 64 x 64 it is bound by memory, at 256 bytes a point.
#pragma once
#include "cuda/planes.cuh"

namespace eik::EIK_ISA {

template <class H>
struct alignas(sizeof(H) * 8 < 16 ? sizeof(H) * 8 : 16) Eight {
  H v[8];
};

// For operands without a faster way. at(row, k) is asked only inside of the operand.
template <class H, class At>
__device__ Eight<H> gather_eight(bool rows_together, int64_t row, int64_t k, int64_t rows, int64_t end, const At& at) {
  Eight<H> out;
#pragma unroll
  for (int i = 0; i < 8; ++i) {
    const int64_t r = rows_together ? row + i : row, d = rows_together ? k : k + i;
    out.v[i] = to_half<H>(r < rows && d < end ? at(r, d) : 0.0f);
  }
  return out;
}

constexpr int kTile = 64;          // rows and columns of c
constexpr int kTileThreads = 128;  // four warps of 32 x 32
template <class H>
constexpr int kTileDepth = 64 / static_cast<int>(sizeof(H));  // of k at a time
template <class H>
constexpr int kSkew = 16 / static_cast<int>(sizeof(H));  // keeps the eight rows that a warp reads at once in different banks

// 64 rows of kTileDepth, in lines of what lies together in memory: of k, or of rows.
template <class H>
struct OperandTile {
  alignas(16) H elements[kTile * (kTileDepth<H> + kSkew<H>)];
  __device__ static int line(bool rows_together) { return (rows_together ? kTile : kTileDepth<H>) + kSkew<H>; }
  __device__ H* at(bool rows_together, int row, int k) {
    return elements + (rows_together ? k * line(true) + row : row * line(false) + k);
  }
};

// What a thread carries from memory to a tile: registers, so that the next tile is under way while one is multiplied.
template <class H>
struct OperandPart {
  static constexpr int kEights = kTile * kTileDepth<H> / 8 / kTileThreads;
  Eight<H> eights[kEights];

  template <class Visit>
  __device__ static void for_eights(bool rows_together, const Visit& visit) {
    const int along = (rows_together ? kTile : kTileDepth<H>) / 8;  // eights in a line
#pragma unroll
    for (int e = 0; e < kEights; ++e) {
      const int i = threadIdx.x + e * kTileThreads, line = i / along, place = i % along * 8;
      visit(e, rows_together ? place : line, rows_together ? line : place);
    }
  }
  template <class Operand>
  __device__ void load(const Operand& operand, int64_t row, int64_t rows, int64_t begin, int64_t end) {
    for_eights(operand.rows_together(),
               [&](int e, int r, int k) { eights[e] = operand.template eight<H>(row + r, begin + k, rows, end); });
  }
  __device__ void store(bool rows_together, OperandTile<H>& tile) const {
    for_eights(rows_together,
               [&](int e, int r, int k) { *reinterpret_cast<Eight<H>*>(tile.at(rows_together, r, k)) = eights[e]; });
  }
};

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

// Four matrices of 8 x 8 from (row, k) on: down the rows first and then along k (what mma takes as A), or the other way
// round (two of its B).
template <class H>
__device__ void load_fragment(OperandTile<H>& tile, bool rows_together, bool rows_first, int row, int k, uint32_t (&to)[4]) {
  const int lane = threadIdx.x % 32, m = lane / 8, i = lane % 8;
  row += rows_first ? m % 2 * 8 : m / 2 * 8;
  k += rows_first ? m / 2 * 8 : m % 2 * 8;
  if (rows_together)
    ldmatrix_transposed<4>(to, tile.at(true, row, k + i));
  else
    ldmatrix<4>(to, tile.at(false, row + i, k));
}

template <class H>
__device__ void multiply_tile(OperandTile<H>& a, bool a_together, OperandTile<H>& b, bool b_together, Accumulator& acc) {
  const int warp = threadIdx.x / 32, row = warp / 2 * 32, column = warp % 2 * 32;
#pragma unroll
  for (int k = 0; k < kTileDepth<H>; k += 16) {
    uint32_t fa[2][4], fb[2][4];
#pragma unroll
    for (int i = 0; i < 2; ++i) load_fragment(a, a_together, true, row + i * 16, k, fa[i]);
#pragma unroll
    for (int j = 0; j < 2; ++j) load_fragment(b, b_together, false, column + j * 16, k, fb[j]);
#pragma unroll
    for (int i = 0; i < 2; ++i)
#pragma unroll
      for (int j = 0; j < 4; ++j) {
        const uint32_t pair[2] = {fb[j / 2][j % 2 * 2], fb[j / 2][j % 2 * 2 + 1]};
        mma_m16n8k16<H>(acc.c[i][j], fa[i], pair);
      }
  }
}

// fp32 has no tensor-core product of its own precision: plain multiplications, the same shape.
template <>
__device__ inline void multiply_tile<float>(OperandTile<float>& a, bool a_together, OperandTile<float>& b, bool b_together,
                                            Accumulator& acc) {
  for (int k = 0; k < kTileDepth<float>; ++k)
    for_accumulator(acc, [&](int row, int column, float& c) { c += *a.at(a_together, row, k) * *b.at(b_together, column, k); });
}

template <class H, class A, class B, class Finish>
__global__ static void __launch_bounds__(kTileThreads, 2)
    product_kernel(Count rows, int64_t columns, Count depth, A a, B b, Finish finish) {
  OperandTile<H>* const tile_a = dynamic_shared<OperandTile<H>>();
  OperandTile<H>* const tile_b = tile_a + 2;
  const int64_t row = static_cast<int64_t>(blockIdx.x) * kTile, column = static_cast<int64_t>(blockIdx.y) * kTile;
  const int64_t n_rows = rows.get(), all = depth.get();
  if (row >= n_rows) return;
  const int64_t tiles = (all + kTileDepth<H> - 1) / kTileDepth<H>;
  const int64_t begin = tiles * blockIdx.z / gridDim.z * kTileDepth<H>;
  const int64_t end = lesser(tiles * (blockIdx.z + 1) / gridDim.z * kTileDepth<H>, all);
  const bool a_together = a.rows_together(), b_together = b.rows_together();
  Accumulator acc = {};
  OperandPart<H> part_a, part_b;
  const auto load = [&](int64_t k) {
    part_a.load(a, row, n_rows, k, end);
    part_b.load(b, column, columns, k, end);
  };
  const auto store = [&](int buffer) {
    part_a.store(a_together, tile_a[buffer]);
    part_b.store(b_together, tile_b[buffer]);
  };
  int buffer = 0;
  if (begin < end) {
    load(begin);
    store(buffer);
  }
  for (int64_t k = begin; k < end; k += kTileDepth<H>) {
    const bool more = k + kTileDepth<H> < end;
    __syncthreads();  // this buffer is full, and everyone is through with the other
    if (more) load(k + kTileDepth<H>);
    multiply_tile<H>(tile_a[buffer], a_together, tile_b[buffer], b_together, acc);
    buffer ^= 1;
    if (more) store(buffer);
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
  launch(product_kernel<H, A, B, Finish>, grid, dim3(kTileThreads), 4 * sizeof(OperandTile<H>), exec.stream, rows, columns, depth, a, b, finish);
}

}  // namespace eik::EIK_ISA
