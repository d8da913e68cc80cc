// Stand-in for the CUDA runtime: memory. A copy is done at once; its device side must lie in one allocation.
#include <cstdlib>
#include <cstring>
#include <map>

#include "execution.h"
#include "runtime_state.h"
#include "sanitizers.h"

namespace emulator {
namespace {

struct Address {  // a key of this file's own, see runtime_device.cpp
  const char* at;
  bool operator<(const Address& o) const { return at < o.at; }
};
constexpr int kPinned = -1;  // in place of a device: host memory
struct Allocation {
  size_t bytes;
  int device;
};
std::map<Address, Allocation>& allocations() {
  static auto* map = new std::map<Address, Allocation>;
  return *map;
}
size_t used[kDevices] = {};

// The allocation that [address, address + bytes) lies in.
enum class Where { host, pinned, device, outside };
Where locate(const void* address, size_t bytes, int* device = nullptr) {
  const char* a = static_cast<const char*>(address);
  auto after = allocations().upper_bound({a});
  if (after == allocations().begin()) return Where::host;
  const auto& [begin, allocation] = *--after;
  // Where an allocation ends, the next thing may begin; one that begins inside and ends outside is an error.
  if (a >= begin.at + allocation.bytes) return Where::host;
  if (device) *device = allocation.device;
  if (allocation.device == kPinned) return Where::pinned;
  return bytes <= static_cast<size_t>(begin.at + allocation.bytes - a) ? Where::device : Where::outside;
}

cudaError_t allocate(void** memory, size_t bytes) {
  *memory = nullptr;
  if (!bytes) return cudaSuccess;
  const int device = current_device();
  if (bytes > kMemory - used[device] || posix_memalign(memory, 256, bytes)) return answer(cudaErrorMemoryAllocation);
  memset(*memory, kPoison, bytes);
  allocations()[{static_cast<const char*>(*memory)}] = {bytes, device};
  used[device] += bytes;
  forbid(*memory, bytes);
  return cudaSuccess;
}

cudaError_t release(void* memory) {
  if (!memory) return cudaSuccess;
  const auto found = allocations().find({static_cast<const char*>(memory)});
  if (found == allocations().end() || found->second.device == kPinned) return answer(cudaErrorInvalidValue);
  used[found->second.device] -= found->second.bytes;
  allow(memory, found->second.bytes);
  allocations().erase(found);
  free(memory);
  return cudaSuccess;
}

// Device memory that a copy may touch as long as this lives.
class Access {
 public:
  Access(const void* memory, size_t bytes, Where where) : memory_(where == Where::device ? memory : nullptr), bytes_(bytes) {
    if (memory_) allow(memory_, bytes_);
  }
  ~Access() {
    if (memory_) forbid(memory_, bytes_);
  }

 private:
  const void* memory_;
  size_t bytes_;
};

cudaError_t copy(void* to, const void* from, size_t bytes, cudaMemcpyKind kind) {
  if (!bytes) return cudaSuccess;
  if (!to || !from) return answer(cudaErrorInvalidValue);
  const Where destination = locate(to, bytes), source = locate(from, bytes);
  if (destination == Where::outside || source == Where::outside) return answer(cudaErrorInvalidValue);
  if (kind != cudaMemcpyDefault) {
    const bool to_device = kind == cudaMemcpyHostToDevice || kind == cudaMemcpyDeviceToDevice;
    const bool from_device = kind == cudaMemcpyDeviceToHost || kind == cudaMemcpyDeviceToDevice;
    if (to_device != (destination == Where::device) || from_device != (source == Where::device)) {
      return answer(cudaErrorInvalidValue);
    }
  }
  const Access writing(to, bytes, destination), reading(from, bytes, source);
  memmove(to, from, bytes);
  return cudaSuccess;
}

cudaError_t fill(void* memory, int value, size_t bytes) {
  if (!bytes) return cudaSuccess;
  const Where where = locate(memory, bytes);
  if (where != Where::device) return answer(cudaErrorInvalidValue);
  const Access writing(memory, bytes, where);
  memset(memory, value, bytes);
  return cudaSuccess;
}

cudaError_t copy_rows(void* to, size_t to_pitch, const void* from, size_t from_pitch, size_t bytes, size_t rows,
                      cudaMemcpyKind kind) {
  if (bytes > to_pitch || bytes > from_pitch) return answer(cudaErrorInvalidValue);
  for (size_t row = 0; row < rows; ++row) {
    const cudaError_t status =
        copy(static_cast<char*>(to) + row * to_pitch, static_cast<const char*>(from) + row * from_pitch, bytes, kind);
    if (status != cudaSuccess) return status;
  }
  return cudaSuccess;
}

}  // namespace

void allow_device_memory(int device) {
  if constexpr (kAddressSanitizer) {
    for (const auto& [begin, allocation] : allocations()) {
      if (allocation.device == device) allow(begin.at, allocation.bytes);
    }
  }
}
void forbid_device_memory(int device) {
  if constexpr (kAddressSanitizer) {
    for (const auto& [begin, allocation] : allocations()) {
      if (allocation.device == device) forbid(begin.at, allocation.bytes);
    }
  }
}

}  // namespace emulator

using namespace emulator;

extern "C" {

// ---- allocating --------------------------------------------------------------------------------------------------------

cudaError_t cudaMalloc(void** memory, size_t bytes) {
  const Turn turn;
  return allocate(memory, bytes);
}
cudaError_t cudaFree(void* memory) {
  const Turn turn;
  return release(memory);
}
cudaError_t cudaMallocAsync(void** memory, size_t bytes, cudaStream_t) { return cudaMalloc(memory, bytes); }
cudaError_t cudaFreeAsync(void* memory, cudaStream_t) { return cudaFree(memory); }
cudaError_t cudaHostAlloc(void** memory, size_t bytes, unsigned) {
  if (posix_memalign(memory, 4096, bytes ? bytes : 1)) return answer(cudaErrorMemoryAllocation);
  const Turn turn;
  allocations()[{static_cast<const char*>(*memory)}] = {bytes, kPinned};
  return cudaSuccess;
}
cudaError_t cudaMallocHost(void** memory, size_t bytes) { return cudaHostAlloc(memory, bytes, 0); }
cudaError_t cudaFreeHost(void* memory) {
  if (!memory) return cudaSuccess;
  const Turn turn;
  const auto found = allocations().find({static_cast<const char*>(memory)});
  if (found == allocations().end() || found->second.device != kPinned) return answer(cudaErrorInvalidValue);
  allocations().erase(found);
  free(memory);
  return cudaSuccess;
}
cudaError_t cudaHostRegister(void*, size_t, unsigned) { return cudaSuccess; }
cudaError_t cudaHostUnregister(void*) { return cudaSuccess; }
cudaError_t cudaHostGetDevicePointer(void** device, void* host, unsigned) {
  *device = host;
  return cudaSuccess;
}
cudaError_t cudaMemGetInfo(size_t* free_bytes, size_t* total) {
  const Turn turn;
  *total = kMemory;
  *free_bytes = kMemory - used[current_device()];
  return cudaSuccess;
}
cudaError_t cudaPointerGetAttributes(cudaPointerAttributes* attributes, const void* memory) {
  const Turn turn;
  memset(static_cast<void*>(attributes), 0, sizeof *attributes);
  int device = 0;
  const Where where = locate(memory, 1, &device);
  attributes->type = where == Where::device   ? cudaMemoryTypeDevice
                     : where == Where::pinned ? cudaMemoryTypeHost
                                              : cudaMemoryTypeUnregistered;
  attributes->device = where == Where::device ? device : where == Where::pinned ? current_device() : cudaInvalidDeviceId;
  attributes->devicePointer = where == Where::host ? nullptr : const_cast<void*>(memory);
  attributes->hostPointer = where == Where::device ? nullptr : const_cast<void*>(memory);
  return cudaSuccess;
}
cudaError_t cudaDeviceGetDefaultMemPool(cudaMemPool_t* pool, int) {
  *pool = nullptr;
  return cudaSuccess;
}
cudaError_t cudaMemPoolSetAttribute(cudaMemPool_t, cudaMemPoolAttr, void*) { return cudaSuccess; }
cudaError_t cudaMemPoolTrimTo(cudaMemPool_t, size_t) { return cudaSuccess; }

// ---- copying and filling -----------------------------------------------------------------------------------------------

cudaError_t cudaMemcpy(void* to, const void* from, size_t bytes, cudaMemcpyKind kind) {
  const Turn turn;
  return copy(to, from, bytes, kind);
}
cudaError_t cudaMemcpyAsync(void* to, const void* from, size_t bytes, cudaMemcpyKind kind, cudaStream_t) {
  return cudaMemcpy(to, from, bytes, kind);
}
cudaError_t cudaMemcpy2D(void* to, size_t to_pitch, const void* from, size_t from_pitch, size_t bytes, size_t rows,
                         cudaMemcpyKind kind) {
  const Turn turn;
  return copy_rows(to, to_pitch, from, from_pitch, bytes, rows, kind);
}
cudaError_t cudaMemcpy2DAsync(void* to, size_t to_pitch, const void* from, size_t from_pitch, size_t bytes, size_t rows,
                              cudaMemcpyKind kind, cudaStream_t) {
  return cudaMemcpy2D(to, to_pitch, from, from_pitch, bytes, rows, kind);
}
cudaError_t cudaMemset(void* memory, int value, size_t bytes) {
  const Turn turn;
  return fill(memory, value, bytes);
}
cudaError_t cudaMemsetAsync(void* memory, int value, size_t bytes, cudaStream_t) {
  return cudaMemset(memory, value, bytes);
}

// Symbols are host variables here.
cudaError_t cudaMemcpyToSymbol(const void* symbol, const void* from, size_t bytes, size_t offset, cudaMemcpyKind) {
  const Turn turn;
  return copy(static_cast<char*>(const_cast<void*>(symbol)) + offset, from, bytes, cudaMemcpyDefault);
}
cudaError_t cudaMemcpyToSymbolAsync(const void* symbol, const void* from, size_t bytes, size_t offset, cudaMemcpyKind kind,
                                    cudaStream_t) {
  return cudaMemcpyToSymbol(symbol, from, bytes, offset, kind);
}
cudaError_t cudaMemcpyFromSymbol(void* to, const void* symbol, size_t bytes, size_t offset, cudaMemcpyKind) {
  const Turn turn;
  return copy(to, static_cast<const char*>(symbol) + offset, bytes, cudaMemcpyDefault);
}
cudaError_t cudaGetSymbolAddress(void** address, const void* symbol) {
  *address = const_cast<void*>(symbol);
  return cudaSuccess;
}

}  // extern "C"
