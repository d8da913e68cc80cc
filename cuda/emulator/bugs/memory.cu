// Bounds, alignment, initial values and lifetimes of memory.
#include "bugs/cases.h"
#include "test/device_array.h"

using namespace eik::cuda;

namespace {

enum { kNone, kUninitialised, kStaticBounds, kGlobalRead, kGlobalWrite, kDynamicSize, kHostTouches, kFreed };

// Differences of neighbours, 0 after the end, of blocks of 96 in static and dynamic shared memory.
__global__ void differences(const float* in, float* out, int n, int bug) {
  __shared__ float s[97];
  float* d = dynamic_shared<float>();
  const int i = static_cast<int>(blockIdx.x * 96 + threadIdx.x);
  if (bug == kUninitialised) {
    if (i < n) s[threadIdx.x] = in[i];
  } else {
    s[threadIdx.x] = i < n + (bug == kGlobalRead) ? in[i] : 0.0f;
  }
  if (threadIdx.x == 0) s[96] = i + 96 < n ? in[i + 96] : 0.0f;
  if (bug == kStaticBounds && threadIdx.x == 95) s[i % 96 + bug] = 0.0f;  // s[97]
  __syncthreads();
  d[threadIdx.x] = s[threadIdx.x + 1] - s[threadIdx.x];
  if (i < n || bug == kGlobalWrite) out[i] = d[threadIdx.x];
}

bool run_differences(int bug) {
  const int n = 1000;
  std::vector<float> in(n), want(n);
  for (int i = 0; i < n; ++i) in[i] = static_cast<float>(i * i % 101);
  for (int i = 0; i < n; ++i) want[i] = (i + 1 < n ? in[i + 1] : 0.0f) - in[i];
  const DeviceArray<float> x(in), y(n);
  if (bug == kFreed) cudaFree(x.data());
  const size_t bytes = (bug == kDynamicSize ? 95 : 96) * sizeof(float);
  launch(differences, (n + 95) / 96, 96, bytes, nullptr, x.data(), y.data(), n, bug);
  if (bug == kHostTouches) return y.data()[0] == want[0];
  return y.get() == want;
}

// Sums of four neighbours, read at once.
__global__ void fours(const float* in, float* out, int bug) {
  const float4 v = *reinterpret_cast<const float4*>(in + 4 * threadIdx.x + (bug == 1 ? 1 : 0));
  out[threadIdx.x] = v.x + v.y + v.z + v.w;
}

bool run_fours(int bug) {
  std::vector<float> in(33 * 4), want(32);
  for (size_t i = 0; i < in.size(); ++i) in[i] = static_cast<float>(i % 7);
  for (size_t i = 0; i < 128; ++i) want[i / 4] += in[i];
  const DeviceArray<float> x(in), y(32);
  launch(fours, 1, 32, 0, nullptr, x.data(), y.data(), bug);
  return y.get() == want;
}

enum { kNotWritten = 1, kBeyondTile, kOtherDevice };

// Each 32 numbers backwards; the shared memory is a template's, and no index has a bound that the compiler knows.
template <class T>
__global__ void backwards(const T* in, T* out, int bug) {
  __shared__ T tile[32];
  T* const s = tile;
  const int i = static_cast<int>(threadIdx.x), at = static_cast<int>(blockIdx.x * 32);
  if (bug != kNotWritten || blockIdx.x == 0 || i) s[i] = in[at + i];
  __syncwarp();
  out[at + i] = s[bug == kBeyondTile && i == 0 ? 32 : 31 - i];
}

bool run_backwards(int bug) {
  std::vector<float> in(128), want(128);
  for (size_t i = 0; i < 128; ++i) want[i / 32 * 32 + 31 - i % 32] = in[i] = static_cast<float>(i);
  const DeviceArray<float> x(in), y(128);
  if (bug == kOtherDevice) EIK_CUDA(cudaSetDevice(1));
  launch(backwards<float>, 4, 32, 0, nullptr, x.data(), y.data(), bug);
  return y.get() == want;
}

}  // namespace

std::vector<Case> memory_cases() {
  const Found wrong{kWrong}, beyond{kBeyond}, poisoned{kPoisoned}, nothing{nullptr};
  return {{"differences",
           run_differences,
           {{"uninitialised shared memory", wrong, wrong, wrong},
            {"static shared memory out of bounds", nothing, {"runtime error: index 97 out of bounds"}, nothing},
            {"read past the end of global memory", nothing, beyond, nothing},
            {"write past the end of global memory", nothing, beyond, nothing},
            {"too little dynamic shared memory", nothing, poisoned, nothing},
            {"the host touches device memory", nothing, poisoned, nothing},
            {"global memory after its release", nothing, {"heap-use-after-free"}, nothing}}},
          {"fours", run_fours, {{"misaligned vector", nothing, {"to misaligned address"}, nothing}}},
          {"backwards",
           run_backwards,
           {{"uninitialised shared memory of a template", wrong, wrong, wrong},
            {"shared memory of a template out of bounds", wrong, {"AddressSanitizer: global-buffer-overflow"}, wrong},
            {"memory of the other device", nothing, poisoned, nothing}}}};
}
