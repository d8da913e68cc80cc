// Work on many elements at once: a function of an index, sums in a fixed order, running sums.
#pragma once
#include "cuda/device.cuh"
#include "cuda/exec.h"
#include "math/scalar.h"

namespace eik::EIK_ISA {

constexpr int kBlock = 256;  // threads
constexpr int64_t kMaxBlocks = 1 << 20;

inline unsigned blocks_for(int64_t n, int64_t each = kBlock) {
  const int64_t blocks = (n + each - 1) / each;
  return static_cast<unsigned>(blocks < kMaxBlocks ? blocks : kMaxBlocks);
}

template <class Body>
__global__ void for_each_kernel(int64_t n, Body body) {
  for (int64_t i = blockIdx.x * static_cast<int64_t>(kBlock) + threadIdx.x; i < n; i += static_cast<int64_t>(gridDim.x) * kBlock)
    body(i);
}

// body(i) for i in 0..n-1.
template <class Body>
void for_each(Exec& exec, int64_t n, const Body& body) {
  if (n > 0) launch(for_each_kernel<Body>, dim3(blocks_for(n)), dim3(kBlock), 0, exec.stream, n, body);
}

constexpr unsigned kAllLanes = 0xffffffffu;

__device__ inline int lane_id() { return static_cast<int>(threadIdx.x % 32); }

template <class T>
__device__ T warp_sum(T x) {
  for (int d = 16; d > 0; d /= 2) x += __shfl_xor_sync(kAllLanes, x, d);
  return x;
}

constexpr int64_t kSumPart = 8192;  // elements a block adds up

template <class Value>
__global__ static void sum_kernel(int64_t n, Value value, double* parts) {
  __shared__ double warps[kBlock / 32];
  double own = 0;
  const int64_t begin = blockIdx.x * kSumPart, end = begin + kSumPart < n ? begin + kSumPart : n;
  for (int64_t i = begin + threadIdx.x; i < end; i += kBlock) own += value(i);
  own = warp_sum(own);
  if (threadIdx.x % 32 == 0) warps[threadIdx.x / 32] = own;
  __syncthreads();
  if (threadIdx.x == 0) {
    double total = 0;
    for (int w = 0; w < kBlock / 32; ++w) total += warps[w];
    parts[blockIdx.x] = total;
  }
}

__global__ static void add_parts_kernel(int64_t n, const double* parts, double scale, double* sum) {
  double own = 0;
  for (int64_t i = threadIdx.x; i < n; i += 32) own += parts[i];
  own = warp_sum(own);
  if (threadIdx.x == 0) *sum = own * scale;
}

// *sum = scale * (value(0) + .. + value(n-1)), in double, the same bits every time.
template <class Value>
void sum_of(Exec& exec, int64_t n, double scale, double* sum, const Value& value) {
  const int64_t parts = (n + kSumPart - 1) / kSumPart;
  double* each = take<double>(exec, parts);
  if (parts > 0) launch(sum_kernel<Value>, dim3(static_cast<unsigned>(parts)), dim3(kBlock), 0, exec.stream, n, value, each);
  launch(add_parts_kernel, dim3(1), dim3(32), 0, exec.stream, parts, static_cast<const double*>(each), scale, sum);
}

// The sum of a value over a block of kBlock threads up to this thread's, and over all of them.
__device__ static int32_t block_scan(int32_t own, int32_t& total) {
  __shared__ int32_t warps[kBlock / 32];
  const int lane = threadIdx.x % 32, warp = threadIdx.x / 32;
  int32_t up_to = own;
  for (int d = 1; d < 32; d *= 2) {
    const int32_t before = __shfl_up_sync(kAllLanes, up_to, d);
    if (lane >= d) up_to += before;
  }
  if (lane == 31) warps[warp] = up_to;
  __syncthreads();
  total = 0;
  for (int w = 0; w < kBlock / 32; ++w) {
    if (w < warp) up_to += warps[w];
    total += warps[w];
  }
  __syncthreads();  // warps may be used again
  return up_to;
}

}  // namespace eik::EIK_ISA
