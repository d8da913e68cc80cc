// CUDA as a backend: one device, its memory, and the table of kernels.
#include "cuda/backend.h"

#include <algorithm>

#include "core/json.h"
#include "cuda/exec.h"

namespace eik {

namespace cuda { extern const Kernels table; }

namespace {

constexpr int kOldest = 75;  // compute capability, as in 7.5

int count_devices() {
  int count = 0;
  const cudaError_t status = cudaGetDeviceCount(&count);
  if (status == cudaErrorInsufficientDriver) {
    int driver = 0, runtime = 0;
    (void)cudaDriverGetVersion(&driver);
    (void)cudaRuntimeGetVersion(&runtime);
    const auto version = [](int v) { return std::to_string(v / 1000) + "." + std::to_string(v % 1000 / 10); };
    cuda::fail(status, driver == 0 ? "there is no NVIDIA driver (cudaGetDeviceCount)"
                                   : "the NVIDIA driver is for CUDA " + version(driver) + ", this library needs " +
                                         version(runtime) + " (cudaGetDeviceCount)");
  }
  if (status != cudaSuccess) cuda::fail(status, "looking for devices (cudaGetDeviceCount)");
  return count;
}

std::vector<std::string> device_names() {
  std::vector<std::string> names;
  for (int i = 0, n = count_devices(); i < n; ++i) {
    cudaDeviceProp properties{};
    EIK_CUDA(cudaGetDeviceProperties(&properties, i));
    names.emplace_back(properties.name);
  }
  return names;
}

__global__ void any_kernel() {}

// The compute capability that the code was compiled for which the current device runs. It is older than the device's where
// there is no machine code for that, but PTX.
int code_capability(const std::string& device) {
  cudaFuncAttributes attributes{};
  const cudaError_t status = cudaFuncGetAttributes(&attributes, reinterpret_cast<const void*>(&any_kernel));
  if (status != cudaSuccess) cuda::fail(status, "looking for code that " + device + " runs (cudaFuncGetAttributes)");
  return attributes.ptxVersion;
}

// Code for 7.5 has no bf16 on tensor cores, whatever it runs on.
HalfType half_type(const std::string& precision, int capability) {
  if (precision == "fp32") return HalfType::none;
  if (precision == "fp16") return HalfType::fp16;
  if (capability >= 80) return HalfType::bf16;
  if (precision == "auto") return HalfType::fp16;
  throw Error(EIK_UNAVAILABLE, "\"precision\": \"bf16\" needs code for compute capability 8.0 or newer, this device runs code for " +
                                   std::to_string(capability / 10) + "." + std::to_string(capability % 10) +
                                   "; take \"fp16\", \"fp32\" or \"auto\"");
}

class CudaBackend final : public Backend {
 public:
  CudaBackend(const cudaDeviceProp& properties, int index, HalfType half, bool deterministic, void* stream)
      : properties_(properties), exec_(index, half, deterministic, stream) {}

  const Kernels& kernels() const override { return cuda::table; }
  Exec& exec() override {
    enter();
    return exec_;
  }
  bool half_precision() const override { return exec_.half != HalfType::none; }
  std::string describe() const override {
    const char* const precision = exec_.half == HalfType::none ? "fp32" : exec_.half == HalfType::bf16 ? "bf16" : "fp16";
    return "\"name\": " + quoted(properties_.name) + ", \"index\": " + std::to_string(exec_.index) + ", \"isa\": \"sm_" +
           std::to_string(exec_.capability) + "\", \"multiprocessors\": " + std::to_string(exec_.multiprocessors) +
           ", \"memory\": " + std::to_string(properties_.totalGlobalMem) + ", \"precision\": \"" + precision +
           "\", \"deterministic\": " + (exec_.deterministic ? "true" : "false") +
           ", \"stream\": " + std::to_string(reinterpret_cast<uintptr_t>(exec_.stream));
  }
  void* allocate(size_t bytes) override {
    enter();
    void* memory = nullptr;
    const cudaError_t status = cudaMalloc(&memory, bytes);
    if (status != cudaSuccess) out_of_memory(status, bytes);
    EIK_CUDA(cudaMemsetAsync(memory, 0, bytes, exec_.stream));
    return memory;
  }
  void release(void* memory, size_t) override {
    if (cudaSetDevice(exec_.index) == cudaSuccess) cudaFree(memory);  // which waits for what still uses it
  }
  void upload(void* device, const void* host, size_t bytes) override {
    enter();
    to_device(exec_, device, host, bytes);
  }
  void download(void* host, const void* device, size_t bytes) override {
    enter();
    to_host(exec_, host, device, bytes);
  }
  void clear(void* device, size_t bytes) override {
    enter();
    if (bytes > 0) EIK_CUDA(cudaMemsetAsync(device, 0, bytes, exec_.stream));
  }
  bool reaches(const void* memory) const override {
    cudaPointerAttributes attributes{};
    if (cudaPointerGetAttributes(&attributes, memory) != cudaSuccess) {
      (void)cudaGetLastError();
      return false;
    }
    return attributes.type == cudaMemoryTypeManaged ||
           (attributes.type == cudaMemoryTypeDevice && attributes.device == exec_.index);
  }

 private:
  void enter() const { EIK_CUDA(cudaSetDevice(exec_.index)); }  // a thread's current device is CUDA's, not ours
  cudaDeviceProp properties_;
  Exec exec_;
};

std::unique_ptr<Backend> open_device(const CudaConfig& config) {
  const int count = count_devices();
  if (config.index >= count)
    throw Error(EIK_UNAVAILABLE, "\"index\": " + std::to_string(config.index) + ", but there " +
                                     (count == 1 ? "is 1 device" : "are " + std::to_string(count) + " devices"));
  cudaDeviceProp properties{};
  EIK_CUDA(cudaGetDeviceProperties(&properties, config.index));
  const int capability = properties.major * 10 + properties.minor;
  if (capability < kOldest)
    throw Error(EIK_UNAVAILABLE, std::string(properties.name) + " has compute capability " + std::to_string(properties.major) + "." +
                                     std::to_string(properties.minor) + ", the oldest that is supported is 7.5");
  EIK_CUDA(cudaSetDevice(config.index));
  const HalfType half = half_type(config.precision, code_capability(properties.name));
  return std::make_unique<CudaBackend>(properties, config.index, half, config.deterministic, config.stream);
}

}  // namespace
}  // namespace eik

const eik::CudaLibrary* eik_cuda_library() {
  static const eik::CudaLibrary library = {eik::kBackendLayout, &eik::device_names, &eik::open_device};
  return &library;
}
