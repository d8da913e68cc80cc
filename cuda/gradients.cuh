// Gradients of networks: their sums over points in parts, so that the same bits come out every time and on every device,
// and the factor that keeps them within fp16.
#pragma once
#include "cuda/planes.cuh"

namespace eik::EIK_ISA {

// ---- sums over points ------------------------------------------------------------------------------------------------

// Weight gradients by parts of the points, to be added in the order of parts.
struct GradientParts {
  int64_t total;
  unsigned parts;
  float* sums;  // [parts][total]
};

// How many parts: enough to fill a large device, few enough that the parts' sums are little beside the points. A function
// of the sizes alone.
inline GradientParts take_parts(Exec& exec, int64_t total, int64_t points) {
  constexpr int64_t kPartPoints = 1024, kMostParts = 256, kMostSums = 1 << 23;
  const int64_t most = clamped(kMostSums / greater<int64_t>(total, 1), int64_t{1}, kMostParts);
  const auto parts = static_cast<unsigned>(clamped((points + kPartPoints - 1) / kPartPoints, int64_t{1}, most));
  return {total, parts, take<float>(exec, parts * total)};
}

constexpr int kAddColumns = 32, kAddRows = 8;  // a block adds 32 parameters, eight threads each

__global__ static void add_gradient_parts(GradientParts g, int64_t first, int64_t count, float* gradients) {
  __shared__ float rows[kAddRows][kAddColumns];
  const int64_t i = static_cast<int64_t>(blockIdx.x) * kAddColumns + threadIdx.x;
  float own = 0;
  if (i < count) {
#pragma unroll 8
    for (unsigned part = threadIdx.y; part < g.parts; part += kAddRows) own += g.sums[part * g.total + first + i];
  }
  rows[threadIdx.y][threadIdx.x] = own;
  __syncthreads();
  if (threadIdx.y > 0 || i >= count) return;
  for (int row = 1; row < kAddRows; ++row) own += rows[row][threadIdx.x];
  gradients[i] += own;
}

// gradients[i] += the parts' sums, for count parameters from first (within a part).
inline void add_parts(Exec& exec, const GradientParts& g, int64_t first, int64_t count, float* gradients) {
  if (count == 0) return;
  launch(add_gradient_parts, dim3(static_cast<unsigned>((count + kAddColumns - 1) / kAddColumns)), dim3(kAddColumns, kAddRows), 0,
         exec.stream, g, first, count, gradients);
}

// ---- fp16 ------------------------------------------------------------------------------------------------------------

// Gradients are multiplied by a power of two before they become halves and divided by it where they leave the network as
// fp32. fp16 needs one: the largest at the outputs becomes 2^7, which leaves 2^9 to grow and 2^21 to shrink before
// precision suffers. Without any gradient but zero, and for other precisions, the factor is 1. What is above 2^40 is an
// accident of its point and must not take the others' precision.
struct GradientScale {
  const uint32_t* largest;  // bits of the largest magnitude of them, on the device; NULL: 1

  static constexpr int32_t kExponent = 7, kBias = 127;
  static constexpr uint32_t kAccident = (kBias + 40u) << 23;
  __device__ int32_t exponent() const {
    if (!largest || *largest == 0) return 0;
    return lesser(kExponent + kBias - static_cast<int32_t>(*largest >> 23), kBias - 1);
  }
  __device__ float factor() const { return from_bits((kBias + exponent()) << 23); }
  __device__ float inverse() const { return from_bits((kBias - exponent()) << 23); }
};

__global__ static void largest_gradient(Plane d, int64_t channels, Count points, uint32_t* largest) {
  const int64_t n = points.get();
  uint32_t own = 0;
  for (int64_t p = blockIdx.x * static_cast<int64_t>(kBlock) + threadIdx.x; p < n; p += static_cast<int64_t>(gridDim.x) * kBlock) {
    for (int64_t k = 0; k < channels; ++k) {
      const uint32_t bits = static_cast<uint32_t>(as_bits(d[k][p])) & 0x7fffffffu;
      if (bits < GradientScale::kAccident) own = greater(own, bits);
    }
  }
  for (int step = 16; step > 0; step /= 2) own = greater(own, __shfl_xor_sync(kAllLanes, own, step));
  if (threadIdx.x % 32 == 0 && own > 0) atomicMax(largest, own);
}

template <class H>
GradientScale gradient_scale(Exec& exec, Plane d, int64_t channels, Count points) {
  if (!std::is_same_v<H, __half> || points.most == 0) return {nullptr};
  uint32_t* largest = take<uint32_t>(exec, 1);
  clear(exec, largest, sizeof *largest);
  const unsigned blocks = lesser(blocks_for(points.most), static_cast<unsigned>(8 * exec.multiprocessors));
  launch(largest_gradient, dim3(blocks), dim3(kBlock), 0, exec.stream, d, channels, points, largest);
  return {largest};
}

}  // namespace eik::EIK_ISA
