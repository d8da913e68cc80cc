#include "cuda/exec.h"

#include <algorithm>

namespace eik {

using cuda::fail;

void out_of_memory(cudaError_t status, size_t bytes) {
  size_t free = 0, total = 0;
  (void)cudaMemGetInfo(&free, &total);
  const auto mib = [](size_t n) { return std::to_string((n + (1 << 20) - 1) >> 20) + " MiB"; };
  fail(status, "cannot allocate " + mib(bytes) + " of device memory, " + mib(free) + " of " + mib(total) +
                   " are free; use a smaller table or batch");
}

namespace {
void* allocate(size_t bytes) {
  void* data = nullptr;
  const cudaError_t status = cudaMalloc(&data, bytes);
  if (status != cudaSuccess) out_of_memory(status, bytes);
  return data;
}
}  // namespace

DeviceArena::~DeviceArena() { free_blocks(); }

void DeviceArena::free_blocks() {
  for (const Block& block : blocks_) cudaFree(block.data);
  blocks_.clear();
}

void* DeviceArena::take_bytes(size_t bytes) {
  bytes = (bytes + 255) / 256 * 256;
  if (blocks_.empty() || used_ + bytes > blocks_.back().size) {
    const size_t size = std::max({bytes, total_ / 4, size_t{1} << 20});
    blocks_.push_back({static_cast<char*>(allocate(size)), size});
    used_ = 0;
  }
  void* out = blocks_.back().data + used_;
  used_ += bytes;
  total_ += bytes;
  return out;
}

void DeviceArena::reset(cudaStream_t stream) {
  if (blocks_.size() > 1) {  // one block of what was needed from now on
    EIK_CUDA(cudaStreamSynchronize(stream));
    const size_t size = total_;
    free_blocks();
    blocks_.push_back({static_cast<char*>(allocate(size)), size});
  }
  used_ = total_ = 0;
}

Exec::Exec(int index, HalfType half, bool deterministic, void* stream)
    : index(index), half(half), deterministic(deterministic), stream(static_cast<cudaStream_t>(stream)), own_stream_(!stream) {
  EIK_CUDA(cudaSetDevice(index));
  int major = 0, minor = 0;
  EIK_CUDA(cudaDeviceGetAttribute(&major, cudaDevAttrComputeCapabilityMajor, index));
  EIK_CUDA(cudaDeviceGetAttribute(&minor, cudaDevAttrComputeCapabilityMinor, index));
  EIK_CUDA(cudaDeviceGetAttribute(&multiprocessors, cudaDevAttrMultiProcessorCount, index));
  int shared = 0;
  EIK_CUDA(cudaDeviceGetAttribute(&shared, cudaDevAttrMaxSharedMemoryPerBlockOptin, index));
  capability = major * 10 + minor;
  block_shared = static_cast<size_t>(shared);
  if (own_stream_) EIK_CUDA(cudaStreamCreate(&this->stream));
}

Exec::~Exec() {
  cudaSetDevice(index);
  cudaStreamSynchronize(stream);
  if (own_stream_) cudaStreamDestroy(stream);
}

void to_host(Exec& exec, void* host, const void* device, size_t bytes) {
  if (bytes == 0) return;
  EIK_CUDA(cudaMemcpyAsync(host, device, bytes, cudaMemcpyDefault, exec.stream));
  EIK_CUDA(cudaStreamSynchronize(exec.stream));
}

void to_device(Exec& exec, void* device, const void* host, size_t bytes) {
  if (bytes == 0) return;
  EIK_CUDA(cudaMemcpyAsync(device, host, bytes, cudaMemcpyDefault, exec.stream));
  EIK_CUDA(cudaStreamSynchronize(exec.stream));
}

}  // namespace eik
