#include "device.h"

#include <algorithm>

#include "cuda/exec.h"

namespace eik::bench {
namespace {

using cuda::mma_m16n8k16;
using cuda::pack;

constexpr int kBlock = 256;

class EventStopwatch final : public Stopwatch {
 public:
  explicit EventStopwatch(Exec& exec) : stream_(exec.stream) {
    EIK_CUDA(cudaSetDevice(exec.index));
    EIK_CUDA(cudaEventCreate(&begin_));
    EIK_CUDA(cudaEventCreate(&end_));
  }
  ~EventStopwatch() override {
    cudaEventDestroy(begin_);
    cudaEventDestroy(end_);
  }
  void start() override { EIK_CUDA(cudaEventRecord(begin_, stream_)); }
  double stop() override {
    EIK_CUDA(cudaEventRecord(end_, stream_));
    EIK_CUDA(cudaEventSynchronize(end_));
    float milliseconds = 0;
    EIK_CUDA(cudaEventElapsedTime(&milliseconds, begin_, end_));
    return milliseconds * 1e-3;
  }

 private:
  cudaStream_t stream_;
  cudaEvent_t begin_ = nullptr, end_ = nullptr;
};

// Device memory of the bench's own.
template <class T>
class Array {
 public:
  explicit Array(int64_t n) : bytes(static_cast<size_t>(n) * sizeof(T)) {
    EIK_CUDA(cudaMalloc(reinterpret_cast<void**>(&data), bytes));
    EIK_CUDA(cudaMemset(data, 0, bytes));
    EIK_CUDA(cudaDeviceSynchronize());
  }
  ~Array() { cudaFree(data); }
  Array(const Array&) = delete;
  T* data = nullptr;
  const size_t bytes;
};

__global__ void copy_kernel(int64_t n, const uint4* from, uint4* to) {
  for (int64_t i = blockIdx.x * static_cast<int64_t>(kBlock) + threadIdx.x; i < n; i += static_cast<int64_t>(gridDim.x) * kBlock)
    to[i] = from[i];
}

constexpr int kIndependent = 8;  // products a warp has under way at a time

// Operands are neither zero nor equal: matrix units draw less power on zeros, and run faster.
template <class H>
__global__ void multiply_kernel(int rounds, float* sums) {
  uint32_t a[4], b[2];
  for (int i = 0; i < 4; ++i) a[i] = pack<H>(0.5f + 0.01f * ((threadIdx.x * 7 + i) % 32), -0.7f - 0.02f * (threadIdx.x % 13));
  for (int i = 0; i < 2; ++i) b[i] = pack<H>(0.6f + 0.015f * ((threadIdx.x * 5 + i) % 32), 0.4f + 0.03f * (threadIdx.x % 17));
  float c[kIndependent][4] = {};
  for (int r = 0; r < rounds; ++r)
#pragma unroll
    for (int k = 0; k < kIndependent; ++k) mma_m16n8k16<H>(c[k], a, b);
  float sum = 0;
  for (int k = 0; k < kIndependent; ++k) sum += c[k][0] + c[k][1] + c[k][2] + c[k][3];
  sums[blockIdx.x * kBlock + threadIdx.x] = sum;
}

constexpr uint32_t kEntries = 1u << 19;  // of a level of a hash grid

__device__ uint32_t next_entry(uint32_t& state) {
  state = state * 1664525u + 1013904223u;
  return state >> 13;  // 19 bits; the lower ones repeat too soon
}

__global__ void gather_kernel(int rounds, const uint32_t* table, uint32_t* sums) {
  const uint32_t thread = blockIdx.x * kBlock + threadIdx.x;
  uint32_t state = thread * 2654435761u, sum = 0;
  for (int r = 0; r < rounds; ++r)
#pragma unroll
    for (int k = 0; k < kIndependent; ++k) sum += table[next_entry(state)];
  sums[thread] = sum;
}

__global__ void add_kernel(int rounds, float2* table) {
  uint32_t state = (blockIdx.x * kBlock + threadIdx.x) * 2654435761u;
  for (int r = 0; r < rounds; ++r)
#pragma unroll
    for (int k = 0; k < kIndependent; ++k) {
      float2* const entry = table + next_entry(state);
#if defined(__CUDA_ARCH__) && __CUDA_ARCH__ >= 900
      atomicAdd(entry, make_float2(1.0f, -1.0f));
#else
      atomicAdd(&entry->x, 1.0f);
      atomicAdd(&entry->y, -1.0f);
#endif
    }
}

// The fastest of a few runs, in units a second.
template <class Run>
double best_rate(Exec& exec, int runs, double units, const Run& run) {
  EventStopwatch stopwatch(exec);
  run();
  double best = 1e30;
  for (int i = 0; i < runs; ++i) {
    stopwatch.start();
    run();
    best = std::min(best, stopwatch.stop());
  }
  EIK_CUDA(cudaGetLastError());
  return best > 0 ? units / best : 0;
}

}  // namespace

std::unique_ptr<Stopwatch> make_stopwatch(Exec& exec) { return std::make_unique<EventStopwatch>(exec); }

Ceilings measure_ceilings(Exec& exec, bool small) {
  EIK_CUDA(cudaSetDevice(exec.index));
  Ceilings ceilings{};
  const int runs = small ? 1 : 10;
  const auto blocks = static_cast<unsigned>(small ? 2 : 8 * exec.multiprocessors);
  const int64_t threads = static_cast<int64_t>(blocks) * kBlock;
  {
    size_t free = 0, total = 0;
    EIK_CUDA(cudaMemGetInfo(&free, &total));
    const auto bytes = static_cast<int64_t>(small ? 1 << 16 : std::min<size_t>(size_t{1} << 30, free / 4) / 16 * 16);
    Array<uint4> from(bytes / 16), to(bytes / 16);
    EIK_CUDA(cudaMemset(from.data, 0x5a, from.bytes));
    EIK_CUDA(cudaDeviceSynchronize());
    const double moved = 2.0 * static_cast<double>(bytes);
    ceilings.copied_bytes = std::max(
        best_rate(exec, runs, moved,
                  [&] { EIK_CUDA(cudaMemcpyAsync(to.data, from.data, from.bytes, cudaMemcpyDeviceToDevice, exec.stream)); }),
        best_rate(exec, runs, moved, [&] {
          cuda::launch(copy_kernel, dim3(small ? 2 : 4 * blocks), dim3(kBlock), 0, exec.stream, bytes / 16, from.data, to.data);
        }));
  }
  {
    Array<float> sums(threads);
    const int rounds = small ? 2 : 4096;
    const double flops = static_cast<double>(threads) / 32 * rounds * kIndependent * 2 * 16 * 8 * 16;
    const auto multiply = exec.capability >= 80 ? multiply_kernel<__nv_bfloat16> : multiply_kernel<__half>;
    ceilings.matrix_flops = best_rate(exec, runs, flops, [&] {
      cuda::launch(multiply, dim3(blocks), dim3(kBlock), 0, exec.stream, rounds, sums.data);
    });
  }
  const int rounds = small ? 2 : 256;
  const double entries = static_cast<double>(threads) * rounds * kIndependent;
  {
    Array<uint32_t> table(kEntries), sums(threads);
    ceilings.gathers = best_rate(exec, runs, entries, [&] {
      cuda::launch(gather_kernel, dim3(blocks), dim3(kBlock), 0, exec.stream, rounds, table.data, sums.data);
    });
  }
  {
    Array<float2> table(kEntries);
    ceilings.adds = best_rate(exec, runs, entries,
                              [&] { cuda::launch(add_kernel, dim3(blocks), dim3(kBlock), 0, exec.stream, rounds, table.data); });
  }
  return ceilings;
}

}  // namespace eik::bench
