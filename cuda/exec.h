// What CUDA kernels run on: a stream, and scratch memory on the device that only ever grows.
#pragma once
#include <cstdint>
#include <vector>

#include "core/backend.h"
#include "cuda/device.cuh"

namespace eik {

// Scratch memory by bumping a pointer; all of it is given back at once by reset. After the first few uses it is one block
// of the right size, and taking costs an addition.
class DeviceArena {
 public:
  DeviceArena() = default;
  ~DeviceArena();
  DeviceArena(const DeviceArena&) = delete;
  DeviceArena& operator=(const DeviceArena&) = delete;
  void* take_bytes(size_t bytes);      // 256-byte aligned, not cleared; throws Error when memory is out
  void reset(cudaStream_t stream);     // what the stream still works on stays until it is done

 private:
  struct Block {
    char* data;
    size_t size;
  };
  void free_blocks();
  std::vector<Block> blocks_;
  size_t used_ = 0;   // of the last block
  size_t total_ = 0;  // taken since the last reset
};

enum class HalfType { none, bf16, fp16 };

struct Exec {
  Exec(int index, HalfType half, bool deterministic, void* stream);
  ~Exec();
  Exec(const Exec&) = delete;

  const int index;
  const HalfType half;       // storage of tables and of what networks multiply; sums are always fp32
  const bool deterministic;  // sums of many threads do not depend on their order
  int capability;            // compute capability, as in 90
  int multiprocessors;
  size_t block_shared;       // bytes of shared memory that a block may opt in to
  cudaStream_t stream;
  DeviceArena shared;  // of the kernel call that is running
  DeviceArena picture;  // of a picture whose batches use shared

 private:
  const bool own_stream_;
};

// Throws Error: how much was asked for, how much there is.
[[noreturn]] void out_of_memory(cudaError_t status, size_t bytes);

template <class T>
T* take(Exec& exec, int64_t n) {
  return static_cast<T*>(exec.shared.take_bytes(static_cast<size_t>(n > 0 ? n : 1) * sizeof(T)));
}

// Copies between host and device, in order with the stream; done when they return.
void to_host(Exec& exec, void* host, const void* device, size_t bytes);
void to_device(Exec& exec, void* device, const void* host, size_t bytes);

}  // namespace eik
