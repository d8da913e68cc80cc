// The CUDA backend's library, opened when it is asked for.
#pragma once
#include <string>

#include "cuda/backend.h"

namespace eik {

// path: a file, or empty for libeikonal_cuda.so, by that name already loaded or wherever the system looks for libraries. It stays
// open for ever. Throws Error saying what is missing.
const CudaLibrary& open_cuda_library(const std::string& path);

}  // namespace eik
