// The elements that a condition chooses, in their order: parts are counted, the counts added up, and the parts written.
#pragma once
#include "cuda/planes.cuh"

namespace eik::EIK_ISA {

constexpr int64_t kSelectPart = 16 * kBlock;  // elements of a block

template <class Keep>
__global__ void select_count_kernel(int64_t n, Keep keep, int32_t* counts) {
  int32_t count = 0;
  for (int64_t first = blockIdx.x * kSelectPart, end = first + kSelectPart; first < end; first += kBlock) {
    const int64_t i = first + threadIdx.x;
    count += __syncthreads_count(i < n && keep(i));
  }
  if (threadIdx.x == 0) counts[blockIdx.x] = count;
}

template <class Keep>
__global__ static void select_kernel(int64_t n, Keep keep, const int32_t* starts, int64_t most, int32_t* chosen) {
  int32_t before = starts[blockIdx.x];
  for (int64_t first = blockIdx.x * kSelectPart, end = first + kSelectPart; first < end && before < most; first += kBlock) {
    const int64_t i = first + threadIdx.x;
    const int32_t own = i < n && keep(i) ? 1 : 0;
    int32_t all;
    const int32_t up_to = before + block_scan(own, all);
    if (own && up_to <= most) chosen[up_to - 1] = static_cast<int32_t>(i);
    before += all;
  }
}

// chosen[0..]: those i below n for which keep(i), ascending, the first so many. Answers where the device has the number of all.
template <class Keep>
const int32_t* select(Exec& exec, int64_t n, int64_t most, int32_t* chosen, const Keep& keep) {
  const int64_t parts = (n + kSelectPart - 1) / kSelectPart;
  int32_t* counts = take<int32_t>(exec, parts);
  int32_t* starts = take<int32_t>(exec, parts + 1);
  const dim3 blocks(static_cast<unsigned>(parts));
  launch(select_count_kernel<Keep>, blocks, dim3(kBlock), 0, exec.stream, n, keep, counts);
  scan(exec, {parts, nullptr}, counts, starts);
  launch(select_kernel<Keep>, blocks, dim3(kBlock), 0, exec.stream, n, keep, static_cast<const int32_t*>(starts), most, chosen);
  return starts + parts;
}

}  // namespace eik::EIK_ISA
