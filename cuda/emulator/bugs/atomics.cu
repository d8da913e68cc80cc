// Atomics, and what is shared between blocks.
#include "bugs/cases.h"
#include "test/device_array.h"

using namespace eik::cuda;

namespace {

enum { kPlainShared = 1, kPlainGlobal, kMisaligned };

// A histogram of pairs of halves: 16 bins of (1, 2), in shared and then in global memory.
__global__ void histogram(const int* bins, __half2* out, int bug) {
  __shared__ float counts[16];
  if (threadIdx.x < 16) counts[threadIdx.x] = 0.0f;
  __syncthreads();
  const int bin = bins[blockIdx.x * blockDim.x + threadIdx.x];
  if (bug == kPlainShared) {
    counts[bin] += 1.0f;
  } else {
    atomicAdd(&counts[bin], 1.0f);
  }
  __syncthreads();
  if (threadIdx.x >= 16) return;
  const __half2 pair = __floats2half2_rn(counts[threadIdx.x], 2.0f * counts[threadIdx.x]);
  __half2* place = out + threadIdx.x;
  if (bug == kMisaligned) place = reinterpret_cast<__half2*>(reinterpret_cast<__half*>(place) + 1);
  if (bug == kPlainGlobal) {
    *place = __hadd2(*place, pair);
  } else {
    atomicAdd(place, pair);
  }
}

bool run_histogram(int bug) {
  std::vector<int> bins(512);
  std::vector<float> want(16);
  for (size_t i = 0; i < bins.size(); ++i) want[static_cast<size_t>(bins[i] = static_cast<int>(i * i % 16))] += 1.0f;
  const DeviceArray<int> x(bins);
  DeviceArray<__half2> y(17);
  y.clear();
  launch(histogram, 4, 128, 0, nullptr, x.data(), y.data(), bug);
  const std::vector<__half2> got = y.get();
  for (size_t i = 0; i < 16; ++i) {
    if (__low2float(got[i]) != want[i] || __high2float(got[i]) != 2.0f * want[i]) return false;
  }
  return true;
}

enum { kNoFence = 1, kNoFenceAfter };

// The block that comes last adds up what all have stored.
__global__ void last_block(float* parts, unsigned* arrived, float* sum, int bug) {
  if (threadIdx.x) return;
  parts[blockIdx.x] = static_cast<float>(blockIdx.x + 1);
  if (bug != kNoFence) __threadfence();
  if (atomicAdd(arrived, 1u) + 1 != gridDim.x) return;
  if (bug != kNoFenceAfter) __threadfence();
  float total = 0.0f;
  for (unsigned b = 0; b < gridDim.x; ++b) total += parts[b];
  *sum = total;
}

bool run_last_block(int bug) {
  DeviceArray<float> parts(8), sum(1);
  DeviceArray<unsigned> arrived(1);
  arrived.clear();
  launch(last_block, 8, 32, 0, nullptr, parts.data(), arrived.data(), sum.data(), bug);
  return sum.get()[0] == 36.0f;
}

// Blocks write the same number to one place: right by chance, and a race.
__global__ void mark(const int* in, int* out, int bug) {
  const unsigned i = blockIdx.x * blockDim.x + threadIdx.x;
  if (bug == 1) {
    if (in[i]) *out = 1;
  } else {
    if (in[i]) atomicOr(out, 1);
  }
}

bool run_mark(int bug) {
  const DeviceArray<int> x(std::vector<int>(256, 1));
  DeviceArray<int> y(1);
  y.clear();
  launch(mark, 8, 32, 0, nullptr, x.data(), y.data(), bug);
  return y.get()[0] == 1;
}

// A lock: who spins must let others run.
__global__ void locked(int* lock, int* count) {
  while (atomicCAS(lock, 0, 1)) {
  }
  __threadfence();
  *count += 1;
  __threadfence();
  atomicExch(lock, 0);
}

bool run_locked(int) {
  DeviceArray<int> lock(1), count(1);
  lock.clear();
  count.clear();
  launch(locked, 2, 64, 0, nullptr, lock.data(), count.data());
  return count.get()[0] == 128;
}

}  // namespace

std::vector<Case> atomic_cases() {
  const Found nothing{nullptr}, race{kRace}, misaligned{"misaligned atomic"};
  return {{"histogram",
           run_histogram,
           {{"plain add in shared memory", nothing, nothing, race},
            {"plain add in global memory", nothing, nothing, race},
            {"misaligned atomic", misaligned, misaligned, misaligned}}},
          {"last_block",
           run_last_block,
           {{"missing fence after writing", nothing, nothing, race}, {"missing fence before reading", nothing, nothing, race}}},
          {"mark", run_mark, {{"race between blocks", nothing, nothing, race}}},
          {"locked", run_locked, {}}};
}
