// The stand-in for the CUDA runtime, as a host program without the emulator's header uses it; and main.
#include <cuda_runtime.h>

#include <cstring>
#include <string>
#include <vector>

#include "core/error.h"
#include "test/expect.h"

void test_features();
void test_intrinsics();
void launch_touch(float* x, unsigned grid, unsigned block, size_t shared_bytes, cudaStream_t stream);

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

void test_launches() {
  float* x = nullptr;
  EXPECT(cudaMalloc(reinterpret_cast<void**>(&x), 32 * sizeof(float)) == cudaSuccess);
  EXPECT(refusal(x, 1, 32, 4, nullptr).empty() && refusal(x, 1, 32, 227 << 10, nullptr).empty());
  const std::string big = refusal(x, 1, 32, 228 << 10, nullptr);
  EXPECT(contains(big, "touch(float*)") && contains(big, "cudaErrorInvalidValue") && contains(big, "233472 bytes"));
  EXPECT(contains(refusal(x, 0, 32, 0, nullptr), "cudaErrorInvalidConfiguration"));
  EXPECT(contains(refusal(x, 1, 1025, 0, nullptr), "cudaErrorInvalidConfiguration"));
  EXPECT(cudaGetLastError() == cudaSuccess);  // an Error has taken it
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
  EXPECT(cudaEventElapsedTime(&milliseconds, begin, end) == cudaSuccess && milliseconds >= 0.0f && milliseconds < 1000.0f);
  EXPECT(cudaEventDestroy(begin) == cudaSuccess && cudaEventDestroy(end) == cudaSuccess);
}

}  // namespace

int main() {
  test_devices();
  test_memory();
  test_launches();
  test_events();
  test_intrinsics();
  test_features();
  printf("%d failures\n", failures);
  return failures != 0;
}
