// Barriers of the block and of the warp.
#include "bugs/cases.h"
#include "test/device_array.h"

using namespace eik::cuda;

namespace {

enum { kNone, kFirst, kLoop, kDivergent, kNeverReached };

// The sum of each 128 numbers.
__global__ void sums(const float* in, float* out, int bug) {
  __shared__ float s[128];
  const unsigned i = threadIdx.x;
  if (bug == kNeverReached && i == 7) __syncwarp();  // while its warp is on its way to the barrier
  s[i] = in[blockIdx.x * 128 + i];
  if (bug != kFirst) __syncthreads();
  for (unsigned half = 64; half; half /= 2) {
    if (bug == kDivergent) {
      if (i < half) {
        s[i] += s[i + half];
        __syncthreads();
      } else {
        __syncthreads();
      }
      continue;
    }
    if (i < half) s[i] += s[i + half];
    if (bug != kLoop) __syncthreads();
  }
  if (i == 0) out[blockIdx.x] = s[0];
}

bool run_sums(int bug) {
  std::vector<float> in(4 * 128), want(4);
  for (size_t i = 0; i < in.size(); ++i) want[i / 128] += in[i] = static_cast<float>(i % 61);
  const DeviceArray<float> x(in), y(4);
  launch(sums, 4, 128, 0, nullptr, x.data(), y.data(), bug);
  return y.get() == want;
}

enum { kBeforeReuse = 1 };

// Each tile of 128 backwards, all through one buffer.
__global__ void reverse(const float* in, float* out, int tiles, int bug) {
  __shared__ float s[128];
  for (int t = 0; t < tiles; ++t) {
    s[threadIdx.x] = in[t * 128 + threadIdx.x];
    __syncthreads();
    out[t * 128 + threadIdx.x] = s[127 - threadIdx.x];
    if (bug != kBeforeReuse) __syncthreads();
  }
}

bool run_reverse(int bug) {
  std::vector<float> in(8 * 128), want(8 * 128);
  for (size_t i = 0; i < in.size(); ++i) want[i / 128 * 128 + 127 - i % 128] = in[i] = static_cast<float>(i);
  const DeviceArray<float> x(in), y(in.size());
  launch(reverse, 1, 128, 0, nullptr, x.data(), y.data(), 8, bug);
  return y.get() == want;
}

enum { kNoSyncwarp = 1, kHalfMask };

// A warp's numbers backwards through shared memory.
__global__ void exchange(const float* in, float* out, int bug) {
  __shared__ float s[32];
  s[threadIdx.x] = in[threadIdx.x];
  if (bug == kHalfMask) {
    __syncwarp(threadIdx.x < 16 ? 0xffffu : 0xffff0000u);
  } else if (bug != kNoSyncwarp) {
    __syncwarp();
  }
  out[threadIdx.x] = s[31 - threadIdx.x];
}

bool run_exchange(int bug) {
  std::vector<float> in(32), want(32);
  for (size_t i = 0; i < 32; ++i) want[31 - i] = in[i] = static_cast<float>(i);
  const DeviceArray<float> x(in), y(32);
  launch(exchange, 1, 32, 0, nullptr, x.data(), y.data(), bug);
  return y.get() == want;
}

}  // namespace

std::vector<Case> barrier_cases() {
  const Found wrong{kWrong}, sometimes{kWrong, Found::kSome}, race{kRace};
  const Found divergent{"divergent __syncthreads"}, deadlock{"deadlock"};
  return {{"sums",
           run_sums,
           {{"missing barrier", sometimes, sometimes, race},
            {"missing barrier in a loop", sometimes, sometimes, race},
            {"divergent barrier", divergent, divergent, divergent},
            {"a lane waits for its warp, the warp in a barrier", deadlock, deadlock, deadlock}}},
          {"reverse", run_reverse, {{"missing barrier before reuse", wrong, wrong, race}}},
          {"exchange",
           run_exchange,
           {{"missing __syncwarp", sometimes, sometimes, race}, {"__syncwarp of half the lanes", sometimes, sometimes, race}}}};
}
