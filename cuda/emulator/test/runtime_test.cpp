// The stand-in for the CUDA runtime, as a host program without the emulator's header uses it; and main.
#include <cuda_runtime.h>

#include <cstring>
#include <string>
#include <thread>
#include <vector>

#include "core/error.h"
#include "test/expect.h"

void test_features();
void test_intrinsics();
void launch_touch(float* x, unsigned grid, unsigned block, size_t shared_bytes, cudaStream_t stream);
void launch_scale(float* x, int n, float factor, cudaStream_t stream);
const void* touch_kernel();

namespace {

std::string refusal(float* x, unsigned grid, unsigned block, size_t shared_bytes, cudaStream_t stream) {
  try {
    launch_touch(x, grid, block, shared_bytes, stream);
  } catch (const eik::Error& e) {
    return e.what();
  }
  return "";
}

bool contains(const std::string& text, const char* part) { return text.find(part) != std::string::npos; }

void test_devices() {
  int count = 0, value = 0;
  EXPECT(cudaGetDeviceCount(&count) == cudaSuccess && count == 2);
  cudaDeviceProp p;
  EXPECT(cudaGetDeviceProperties(&p, 0) == cudaSuccess && p.major == 9 && p.sharedMemPerBlockOptin == 227 << 10);
  EXPECT(cudaGetDeviceProperties(&p, 1) == cudaSuccess && p.major == 12 && p.sharedMemPerBlockOptin == 99 << 10);
  EXPECT(cudaGetDeviceProperties(&p, 2) == cudaErrorInvalidDevice && cudaGetLastError() == cudaErrorInvalidDevice);
  EXPECT(cudaGetLastError() == cudaSuccess);
  EXPECT(cudaDeviceGetAttribute(&value, cudaDevAttrMaxSharedMemoryPerBlockOptin, 1) == cudaSuccess && value == 99 << 10);
  EXPECT(cudaDeviceGetAttribute(&value, cudaDevAttrMultiProcessorCount, 0) == cudaSuccess && value > 0);
  EXPECT(cudaDeviceGetAttribute(&value, cudaDevAttrWarpSize, 0) == cudaSuccess && value == 32);
  int runtime = 0, driver = 0;
  EXPECT(cudaRuntimeGetVersion(&runtime) == cudaSuccess && runtime == CUDART_VERSION);
  EXPECT(cudaDriverGetVersion(&driver) == cudaSuccess && driver >= runtime);
  EXPECT(cudaSetDevice(7) == cudaErrorInvalidDevice && cudaPeekAtLastError() == cudaErrorInvalidDevice);
  EXPECT(std::string(cudaGetErrorName(cudaGetLastError())) == "cudaErrorInvalidDevice");
  EXPECT(std::string(cudaGetErrorString(cudaErrorMemoryAllocation)) == "out of memory");
}

void test_memory() {
  std::vector<char> host(100, 'a'), back(100);
  char* device = nullptr;
  EXPECT(cudaMalloc(reinterpret_cast<void**>(&device), 100) == cudaSuccess);
  EXPECT(cudaMemcpyAsync(device, host.data(), 100, cudaMemcpyHostToDevice, nullptr) == cudaSuccess);
  EXPECT(cudaMemset(device + 50, 'b', 50) == cudaSuccess);
  EXPECT(cudaMemcpy(back.data(), device, 100, cudaMemcpyDefault) == cudaSuccess);
  EXPECT(back[49] == 'a' && back[50] == 'b' && back[99] == 'b');
  EXPECT(cudaMemcpy(device + 1, host.data(), 100, cudaMemcpyHostToDevice) == cudaErrorInvalidValue);  // past the end
  EXPECT(cudaMemset(device, 0, 101) == cudaErrorInvalidValue);
  EXPECT(cudaMemcpy(device, host.data(), 10, cudaMemcpyDeviceToHost) == cudaErrorInvalidValue);  // the wrong way round
  EXPECT(cudaFree(device + 1) == cudaErrorInvalidValue);
  EXPECT(cudaFree(device) == cudaSuccess && cudaFree(nullptr) == cudaSuccess && cudaFree(device) == cudaErrorInvalidValue);
  EXPECT(cudaMalloc(reinterpret_cast<void**>(&device), size_t{1} << 40) == cudaErrorMemoryAllocation);
  size_t free_bytes = 0, total = 0;
  EXPECT(cudaMemGetInfo(&free_bytes, &total) == cudaSuccess && free_bytes == total);
  while (cudaGetLastError() != cudaSuccess) {
  }
}

// Copies in all directions, also from one device to the other; whose a pointer is.
void test_copies() {
  const std::vector<char> host = {'a', 'b', 'c', 'd'};
  char *first = nullptr, *second = nullptr, *pinned = nullptr;
  cudaStream_t stream = nullptr;
  EXPECT(cudaStreamCreateWithPriority(&stream, cudaStreamNonBlocking, -1) == cudaSuccess);
  EXPECT(cudaMallocAsync(reinterpret_cast<void**>(&first), 4, stream) == cudaSuccess);
  EXPECT(cudaSetDevice(1) == cudaSuccess && cudaMalloc(reinterpret_cast<void**>(&second), 4) == cudaSuccess);
  EXPECT(cudaSetDevice(0) == cudaSuccess && cudaHostAlloc(reinterpret_cast<void**>(&pinned), 4, 0) == cudaSuccess);
  memset(pinned, 0, 4);
  EXPECT(cudaMemcpyAsync(first, host.data(), 4, cudaMemcpyHostToDevice, stream) == cudaSuccess);
  EXPECT(cudaMemsetAsync(first + 1, 'x', 1, stream) == cudaSuccess);
  EXPECT(cudaMemcpyAsync(second, first, 4, cudaMemcpyDeviceToDevice, stream) == cudaSuccess);
  EXPECT(cudaMemcpyAsync(pinned, second, 4, cudaMemcpyDeviceToHost, stream) == cudaSuccess);
  EXPECT(cudaMemcpyAsync(pinned, host.data(), 1, cudaMemcpyHostToHost, stream) == cudaSuccess);
  EXPECT(cudaStreamSynchronize(stream) == cudaSuccess && !memcmp(pinned, "axcd", 4));
  cudaPointerAttributes a;
  EXPECT(cudaPointerGetAttributes(&a, first + 3) == cudaSuccess && a.type == cudaMemoryTypeDevice && a.device == 0);
  EXPECT(cudaPointerGetAttributes(&a, second) == cudaSuccess && a.type == cudaMemoryTypeDevice && a.device == 1);
  EXPECT(cudaPointerGetAttributes(&a, pinned + 3) == cudaSuccess && a.type == cudaMemoryTypeHost);
  EXPECT(cudaPointerGetAttributes(&a, &a) == cudaSuccess && a.type == cudaMemoryTypeUnregistered);
  EXPECT(cudaFree(pinned) == cudaErrorInvalidValue && cudaFreeHost(first) == cudaErrorInvalidValue);
  (void)cudaGetLastError();
  EXPECT(cudaFreeAsync(first, stream) == cudaSuccess && cudaFree(second) == cudaSuccess && cudaFreeHost(pinned) == cudaSuccess);
  EXPECT(cudaStreamDestroy(stream) == cudaSuccess);
}

// Host threads with a device, a stream and a last error each.
void use_device(int device, bool* right) {
  const int n = 1000;
  std::vector<float> host(n, 1.0f);
  float* x = nullptr;
  cudaStream_t stream = nullptr;
  int now = -1;
  bool good = cudaSetDevice(device) == cudaSuccess && cudaStreamCreate(&stream) == cudaSuccess &&
              cudaMalloc(reinterpret_cast<void**>(&x), n * sizeof(float)) == cudaSuccess &&
              cudaMemcpyAsync(x, host.data(), n * sizeof(float), cudaMemcpyHostToDevice, stream) == cudaSuccess;
  if (device == 0) good = good && cudaSetDevice(7) == cudaErrorInvalidDevice;
  for (int i = 0; i < 20; ++i) launch_scale(x, n, i % 2 ? 0.5f : static_cast<float>(device + 2), stream);
  good = good && cudaMemcpyAsync(host.data(), x, n * sizeof(float), cudaMemcpyDeviceToHost, stream) == cudaSuccess &&
         cudaStreamSynchronize(stream) == cudaSuccess && cudaGetDevice(&now) == cudaSuccess && now == device &&
         cudaGetLastError() == (device == 0 ? cudaErrorInvalidDevice : cudaSuccess) && cudaFree(x) == cudaSuccess &&
         cudaStreamDestroy(stream) == cudaSuccess;
  const float want = device == 0 ? 1.0f : 57.665039f;  // 1.5 to the tenth
  for (float y : host) good = good && near(y, want, 1e-6);
  *right = good;
}

void test_host_threads() {
  bool right[4] = {};
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i) threads.emplace_back(use_device, i % 2, right + i);
  for (std::thread& t : threads) t.join();
  EXPECT(right[0] && right[1] && right[2] && right[3]);
}

void test_launches() {
  float* x = nullptr;
  EXPECT(cudaMalloc(reinterpret_cast<void**>(&x), 32 * sizeof(float)) == cudaSuccess);
  EXPECT(refusal(x, 1, 32, 4, nullptr).empty() && refusal(x, 1, 32, 227 << 10, nullptr).empty());
  const std::string big = refusal(x, 1, 32, 228 << 10, nullptr);
  EXPECT(contains(big, "touch(float*)") && contains(big, "cudaErrorInvalidValue") && contains(big, "233472 bytes"));
  EXPECT(contains(refusal(x, 0, 32, 0, nullptr), "cudaErrorInvalidConfiguration"));
  EXPECT(contains(refusal(x, 1, 1025, 0, nullptr), "cudaErrorInvalidConfiguration"));
  EXPECT(cudaGetLastError() == cudaSuccess);  // an Error has taken it
  int blocks = 0;
  EXPECT(cudaOccupancyMaxActiveBlocksPerMultiprocessor(&blocks, touch_kernel(), 256, 100 << 10) == cudaSuccess && blocks == 2);
  cudaFuncAttributes attributes;
  EXPECT(cudaFuncGetAttributes(&attributes, touch_kernel()) == cudaSuccess && attributes.maxThreadsPerBlock == 1024);
  cudaStream_t stream = nullptr;
  EXPECT(cudaStreamCreateWithFlags(&stream, cudaStreamNonBlocking) == cudaSuccess);
  EXPECT(refusal(x, 1, 32, 4, stream).empty());
  EXPECT(cudaSetDevice(1) == cudaSuccess);
  EXPECT(contains(refusal(nullptr, 1, 32, 100 << 10, nullptr), "cudaErrorInvalidValue"));
  EXPECT(contains(refusal(x, 1, 32, 4, stream), "cudaErrorInvalidResourceHandle"));  // the other device's stream
  EXPECT(cudaSetDevice(0) == cudaSuccess && cudaStreamDestroy(stream) == cudaSuccess && cudaFree(x) == cudaSuccess);
}

void test_events() {
  cudaEvent_t begin = nullptr, end = nullptr;
  float milliseconds = -1.0f;
  EXPECT(cudaEventCreate(&begin) == cudaSuccess && cudaEventCreate(&end) == cudaSuccess);
  EXPECT(cudaEventElapsedTime(&milliseconds, begin, end) == cudaErrorInvalidResourceHandle);
  (void)cudaGetLastError();
  EXPECT(cudaEventRecord(begin, nullptr) == cudaSuccess && cudaEventRecord(end, nullptr) == cudaSuccess);
  EXPECT(cudaStreamWaitEvent(nullptr, begin, 0) == cudaSuccess && cudaEventSynchronize(end) == cudaSuccess);
  EXPECT(cudaStreamWaitEvent(nullptr, nullptr, 0) == cudaErrorInvalidResourceHandle && cudaGetLastError() != cudaSuccess);
  EXPECT(cudaEventElapsedTime(&milliseconds, begin, end) == cudaSuccess && milliseconds >= 0.0f && milliseconds < 1000.0f);
  EXPECT(cudaEventDestroy(begin) == cudaSuccess && cudaEventDestroy(end) == cudaSuccess);
}

}  // namespace

int main() {
  test_devices();
  test_memory();
  test_copies();
  test_launches();
  test_events();
  test_host_threads();
  test_intrinsics();
  test_features();
  printf("%d failures\n", failures);
  return failures != 0;
}
