#include "core/cuda_library.h"

#include <dlfcn.h>

#include "core/error.h"

namespace eik {

const CudaLibrary& open_cuda_library(const std::string& path) {
  const std::string name = path.empty() ? "libeikonal_cuda.so" : path;
  void* const library = dlopen(name.c_str(), RTLD_NOW | RTLD_LOCAL);
  if (!library) {
    const char* const why = dlerror();
    throw Error(EIK_UNAVAILABLE, "the CUDA library cannot be opened (" + std::string(why ? why : name) +
                                     "); builds with nvcc have it, as the jar with classifier linux-x86_64-cuda13");
  }
  const auto get = reinterpret_cast<decltype(&eik_cuda_library)>(dlsym(library, "eik_cuda_library"));
  if (!get) throw Error(EIK_UNAVAILABLE, name + " is not Eikonal's CUDA library: it has no function eik_cuda_library");
  const CudaLibrary& answer = *get();
  if (answer.layout != kBackendLayout)
    throw Error(EIK_UNAVAILABLE, name + " was built for another version of Eikonal; take both from one release");
  return answer;
}

}  // namespace eik
