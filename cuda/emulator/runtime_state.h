// What the stand-in for the CUDA runtime keeps, and what launches ask of it.
#pragma once
#include <cuda_runtime.h>
#include <pthread.h>

#include "execution.h"

namespace emulator {

constexpr int kDevices = 2;

struct DeviceModel {
  const char* name;
  int major, minor;
  size_t shared_optin;  // bytes a block may opt in to
  size_t shared_total;  // bytes of a multiprocessor
  int threads_total;
};
// One of each kind of GPU that kernels choose between by shared memory: data centre and desktop.
constexpr DeviceModel kModels[kDevices] = {{"Emulated GPU, 227 KB of shared memory", 9, 0, 227 << 10, 228 << 10, 2048},
                                           {"Emulated GPU, 99 KB of shared memory", 12, 0, 99 << 10, 100 << 10, 1536}};
constexpr int kMultiprocessors = 4;
constexpr size_t kShared = 48 << 10;
constexpr size_t kReservedShared = 1 << 10;
constexpr size_t kMemory = size_t{8} << 30;

int current_device();
cudaError_t answer(cudaError_t status);  // remembers an error for cudaGetLastError
int stream_device(cudaStream_t stream);
size_t shared_limit(const void* kernel);  // bytes of dynamic shared memory on the current device

// Device memory is the host's, and forbidden to the host except while a launch or a copy has it.
void allow_device_memory(int device);
void forbid_device_memory(int device);

// Launches and calls of the runtime take turns: host threads may use the emulator at once, and do not run at once in it.
class Turn {
 public:
  Turn() {
    if (pthread_mutex_lock(&mutex())) fail("a kernel calls the CUDA runtime");  // this host thread has its turn already
  }
  ~Turn() { pthread_mutex_unlock(&mutex()); }
  Turn(const Turn&) = delete;
  Turn& operator=(const Turn&) = delete;

 private:
  static pthread_mutex_t& mutex() {
    static pthread_mutex_t m = PTHREAD_ERRORCHECK_MUTEX_INITIALIZER_NP;
    return m;
  }
};

}  // namespace emulator
