// Stand-in for the CUDA runtime: devices, errors, properties of kernels.
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <map>
#include <utility>

#include "runtime_state.h"
#include "symbols.h"

namespace emulator {
namespace {

thread_local int device_of_thread = 0;
thread_local cudaError_t last_error = cudaSuccess;

struct Kernel {  // a key that no other file's map has: its template instances are this file's own
  const void* function;
  int device;
  bool operator<(const Kernel& o) const { return function != o.function ? function < o.function : device < o.device; }
};
std::map<Kernel, size_t>& opted_in() {
  static auto* map = new std::map<Kernel, size_t>;
  return *map;
}

// EIK_EMULATOR_DEVICES=0 is a machine without a GPU.
int devices_here() {
  const char* text = getenv("EIK_EMULATOR_DEVICES");
  const int n = text ? atoi(text) : kDevices;
  return n < 0 || n > kDevices ? kDevices : n;
}

bool exists(int device) { return device >= 0 && device < devices_here(); }

struct ErrorText {
  cudaError_t status;
  const char *name, *text;
};
const ErrorText kErrors[] = {
#define EIK_ERROR(name, text) {name, #name, text}
    EIK_ERROR(cudaSuccess, "no error"),
    EIK_ERROR(cudaErrorInvalidValue, "invalid argument"),
    EIK_ERROR(cudaErrorMemoryAllocation, "out of memory"),
    EIK_ERROR(cudaErrorInvalidConfiguration, "invalid configuration argument"),
    EIK_ERROR(cudaErrorInvalidDevicePointer, "invalid device pointer"),
    EIK_ERROR(cudaErrorInvalidMemcpyDirection, "invalid copy direction for memcpy"),
    EIK_ERROR(cudaErrorInvalidResourceHandle, "invalid resource handle"),
    EIK_ERROR(cudaErrorInvalidDevice, "invalid device ordinal"),
    EIK_ERROR(cudaErrorInvalidDeviceFunction, "invalid device function"),
    EIK_ERROR(cudaErrorNoDevice, "no CUDA-capable device is detected"),
    EIK_ERROR(cudaErrorInsufficientDriver, "CUDA driver version is insufficient for CUDA runtime version"),
    EIK_ERROR(cudaErrorNotReady, "device not ready"),
    EIK_ERROR(cudaErrorNotSupported, "operation not supported"),
    EIK_ERROR(cudaErrorIllegalAddress, "an illegal memory access was encountered"),
    EIK_ERROR(cudaErrorLaunchFailure, "unspecified launch failure"),
    EIK_ERROR(cudaErrorUnknown, "unknown error"),
#undef EIK_ERROR
};

}  // namespace

int current_device() { return device_of_thread; }

cudaError_t answer(cudaError_t status) {
  if (status != cudaSuccess) last_error = status;
  return status;
}

size_t shared_limit(const void* kernel) {
  const auto found = opted_in().find({kernel, device_of_thread});
  return found == opted_in().end() ? kShared : found->second;
}

}  // namespace emulator

using namespace emulator;

extern "C" {

// ---- errors ------------------------------------------------------------------------------------------------------------

cudaError_t cudaGetLastError() { return std::exchange(last_error, cudaSuccess); }
cudaError_t cudaPeekAtLastError() { return last_error; }
const char* cudaGetErrorName(cudaError_t status) {
  for (const ErrorText& e : kErrors) {
    if (e.status == status) return e.name;
  }
  return "unrecognized error code";
}
const char* cudaGetErrorString(cudaError_t status) {
  for (const ErrorText& e : kErrors) {
    if (e.status == status) return e.text;
  }
  return "unrecognized error code";
}

// ---- devices -----------------------------------------------------------------------------------------------------------

cudaError_t cudaGetDeviceCount(int* count) {
  if (!devices_here()) return answer(cudaErrorNoDevice);  // and the count stays what it was, as with NVIDIA's
  *count = devices_here();
  return cudaSuccess;
}
cudaError_t cudaSetDevice(int device) {
  if (!devices_here()) return answer(cudaErrorNoDevice);
  if (!exists(device)) return answer(cudaErrorInvalidDevice);
  device_of_thread = device;
  return cudaSuccess;
}
cudaError_t cudaGetDevice(int* device) {
  if (!devices_here()) return answer(cudaErrorNoDevice);
  *device = device_of_thread;
  return cudaSuccess;
}
cudaError_t cudaDeviceSynchronize() { return devices_here() ? cudaSuccess : answer(cudaErrorNoDevice); }
cudaError_t cudaDeviceReset() { return cudaSuccess; }
cudaError_t cudaDriverGetVersion(int* version) {
  *version = devices_here() ? CUDART_VERSION : 0;
  return cudaSuccess;
}
cudaError_t cudaRuntimeGetVersion(int* version) {
  *version = CUDART_VERSION;
  return cudaSuccess;
}
cudaError_t cudaDeviceGetPCIBusId(char* text, int size, int device) {
  if (!exists(device)) return answer(cudaErrorInvalidDevice);
  snprintf(text, static_cast<size_t>(size), "0000:%02x:00.0", device + 1);
  return cudaSuccess;
}
cudaError_t cudaDeviceCanAccessPeer(int* can, int, int) {
  *can = 0;
  return cudaSuccess;
}
cudaError_t cudaDeviceGetStreamPriorityRange(int* least, int* greatest) {
  if (least) *least = 0;
  if (greatest) *greatest = -5;
  return cudaSuccess;
}

cudaError_t cudaGetDeviceProperties(cudaDeviceProp* p, int device) {
  if (!exists(device)) return answer(devices_here() ? cudaErrorInvalidDevice : cudaErrorNoDevice);
  const DeviceModel& model = kModels[device];
  memset(static_cast<void*>(p), 0, sizeof *p);
  snprintf(p->name, sizeof p->name, "%s", model.name);
  p->uuid.bytes[15] = static_cast<char>(device + 1);
  p->totalGlobalMem = kMemory;
  p->sharedMemPerBlock = kShared;
  p->sharedMemPerBlockOptin = model.shared_optin;
  p->sharedMemPerMultiprocessor = model.shared_total;
  p->reservedSharedMemPerBlock = kReservedShared;
  p->regsPerBlock = p->regsPerMultiprocessor = 65536;
  p->warpSize = 32;
  p->memPitch = 0x7fffffff;
  p->maxThreadsPerBlock = 1024;
  p->maxThreadsDim[0] = p->maxThreadsDim[1] = 1024;
  p->maxThreadsDim[2] = 64;
  p->maxGridSize[0] = 0x7fffffff;
  p->maxGridSize[1] = p->maxGridSize[2] = 65535;
  p->totalConstMem = 64 << 10;
  p->major = model.major;
  p->minor = model.minor;
  p->multiProcessorCount = kMultiprocessors;
  p->maxThreadsPerMultiProcessor = model.threads_total;
  p->maxBlocksPerMultiProcessor = 32;
  p->concurrentKernels = p->unifiedAddressing = p->asyncEngineCount = p->streamPrioritiesSupported = 1;
  p->memoryPoolsSupported = p->canMapHostMemory = 1;
  p->l2CacheSize = 4 << 20;
  p->memoryBusWidth = 256;
  p->pciBusID = device + 1;
  return cudaSuccess;
}

cudaError_t cudaDeviceGetAttribute(int* value, cudaDeviceAttr attribute, int device) {
  cudaDeviceProp p;
  if (const cudaError_t status = cudaGetDeviceProperties(&p, device)) return status;
  switch (attribute) {
    case cudaDevAttrMaxThreadsPerBlock: *value = p.maxThreadsPerBlock; break;
    case cudaDevAttrMaxBlockDimX: *value = p.maxThreadsDim[0]; break;
    case cudaDevAttrMaxBlockDimY: *value = p.maxThreadsDim[1]; break;
    case cudaDevAttrMaxBlockDimZ: *value = p.maxThreadsDim[2]; break;
    case cudaDevAttrMaxGridDimX: *value = p.maxGridSize[0]; break;
    case cudaDevAttrMaxGridDimY: *value = p.maxGridSize[1]; break;
    case cudaDevAttrMaxGridDimZ: *value = p.maxGridSize[2]; break;
    case cudaDevAttrMaxSharedMemoryPerBlock: *value = static_cast<int>(p.sharedMemPerBlock); break;
    case cudaDevAttrMaxSharedMemoryPerBlockOptin: *value = static_cast<int>(p.sharedMemPerBlockOptin); break;
    case cudaDevAttrMaxSharedMemoryPerMultiprocessor: *value = static_cast<int>(p.sharedMemPerMultiprocessor); break;
    case cudaDevAttrReservedSharedMemoryPerBlock: *value = static_cast<int>(p.reservedSharedMemPerBlock); break;
    case cudaDevAttrTotalConstantMemory: *value = static_cast<int>(p.totalConstMem); break;
    case cudaDevAttrWarpSize: *value = p.warpSize; break;
    case cudaDevAttrMaxRegistersPerBlock: *value = p.regsPerBlock; break;
    case cudaDevAttrMaxRegistersPerMultiprocessor: *value = p.regsPerMultiprocessor; break;
    case cudaDevAttrMultiProcessorCount: *value = p.multiProcessorCount; break;
    case cudaDevAttrMaxThreadsPerMultiProcessor: *value = p.maxThreadsPerMultiProcessor; break;
    case cudaDevAttrMaxBlocksPerMultiprocessor: *value = p.maxBlocksPerMultiProcessor; break;
    case cudaDevAttrComputeCapabilityMajor: *value = p.major; break;
    case cudaDevAttrComputeCapabilityMinor: *value = p.minor; break;
    case cudaDevAttrL2CacheSize: *value = p.l2CacheSize; break;
    case cudaDevAttrClockRate: *value = 1000000; break;
    case cudaDevAttrMemoryClockRate: *value = 1000000; break;
    case cudaDevAttrGlobalMemoryBusWidth: *value = p.memoryBusWidth; break;
    case cudaDevAttrConcurrentKernels: *value = 1; break;
    case cudaDevAttrUnifiedAddressing: *value = 1; break;
    case cudaDevAttrMemoryPoolsSupported: *value = 1; break;
    case cudaDevAttrCanMapHostMemory: *value = 1; break;
    case cudaDevAttrIntegrated:
    case cudaDevAttrManagedMemory:
    case cudaDevAttrConcurrentManagedAccess:
    case cudaDevAttrPageableMemoryAccess:
    case cudaDevAttrCooperativeLaunch:
    case cudaDevAttrEccEnabled: *value = 0; break;
    default: return answer(cudaErrorInvalidValue);  // not emulated
  }
  return cudaSuccess;
}

// ---- kernels -----------------------------------------------------------------------------------------------------------

cudaError_t cudaFuncSetAttribute(const void* kernel, cudaFuncAttribute attribute, int value) {
  if (attribute == cudaFuncAttributePreferredSharedMemoryCarveout) return cudaSuccess;
  if (attribute != cudaFuncAttributeMaxDynamicSharedMemorySize || value < 0 ||
      static_cast<size_t>(value) > kModels[device_of_thread].shared_optin) {
    return answer(cudaErrorInvalidValue);
  }
  const Turn turn;
  opted_in()[{kernel, device_of_thread}] = static_cast<size_t>(value);
  return cudaSuccess;
}
cudaError_t cudaFuncGetAttributes(cudaFuncAttributes* attributes, const void* kernel) {
  const Turn turn;
  memset(static_cast<void*>(attributes), 0, sizeof *attributes);
  attributes->maxThreadsPerBlock = 1024;
  attributes->numRegs = 32;  // unknown, like sharedSizeBytes: 0
  attributes->binaryVersion = attributes->ptxVersion = 10 * kModels[device_of_thread].major;
  attributes->maxDynamicSharedSizeBytes = static_cast<int>(shared_limit(kernel));
  return cudaSuccess;
}
cudaError_t cudaFuncGetName(const char** name, const void* kernel) {
  *name = symbol_name(kernel);
  return *name ? cudaSuccess : answer(cudaErrorInvalidDeviceFunction);
}
cudaError_t cudaOccupancyMaxActiveBlocksPerMultiprocessorWithFlags(int* blocks, const void*, int threads,
                                                                   size_t shared_bytes, unsigned) {
  const DeviceModel& model = kModels[device_of_thread];
  if (threads < 1) return answer(cudaErrorInvalidValue);
  *blocks = 0;
  if (threads > 1024 || shared_bytes > model.shared_optin) return cudaSuccess;
  const int by_threads = model.threads_total / ((threads + 31) / 32 * 32);
  const int by_shared = static_cast<int>(model.shared_total / (shared_bytes + kReservedShared));
  *blocks = by_threads < by_shared ? by_threads : by_shared;
  if (*blocks > 32) *blocks = 32;
  return cudaSuccess;
}
cudaError_t cudaOccupancyMaxActiveBlocksPerMultiprocessor(int* blocks, const void* kernel, int threads,
                                                          size_t shared_bytes) {
  return cudaOccupancyMaxActiveBlocksPerMultiprocessorWithFlags(blocks, kernel, threads, shared_bytes, 0);
}

}  // extern "C"
