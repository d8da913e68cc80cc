// What the CUDA backend's library answers to. The core opens it at run time (core/cuda_library.h), so that a program runs
// where CUDA is not; one function gives all there is, and says which core it was built for.
#pragma once
#include <memory>
#include <string>
#include <vector>

#include "core/backend.h"
#include "eikonal/eikonal.h"

namespace eik {

struct CudaConfig {
  int index;              // of the device
  std::string precision;  // "auto", "fp32", "bf16", "fp16"
  bool deterministic;     // the same bits every time, at the price of slower sums
  void* stream;           // a cudaStream_t to work on; NULL: one of the device's own
};

struct CudaLibrary {
  size_t layout;  // kBackendLayout of the core it was built for
  // The names of the devices here, by index. Both throw Error, which names the step that failed and what CUDA said.
  std::vector<std::string> (*devices)();
  std::unique_ptr<Backend> (*open)(const CudaConfig& config);
};

// Changes with whatever the core and a backend tell each other: sizes by themselves, the rest (as the order of virtual
// functions) by hand.
constexpr size_t kBackendRevision = 1;
constexpr size_t kBackendLayout = ((((kBackendRevision * 1000003 + sizeof(Kernels)) * 1000003 + sizeof(TrainPlan)) * 1000003 +
                                    sizeof(RenderPlan)) * 1000003 + sizeof(ModulePlan)) * 1000003 + sizeof(Occupancy) + sizeof(View);

}  // namespace eik

extern "C" EIK_API const eik::CudaLibrary* eik_cuda_library();
