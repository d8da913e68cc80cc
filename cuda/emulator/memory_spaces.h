// Shared memory. Blocks run one after another, so one copy of it is enough: static variables in a section of their own,
// which the scheduler fills with poison before each block and around which the address sanitizer puts red zones
// (-fsanitize-sections). g++ refuses such variables in functions with external linkage that are templates ("section type
// conflict"): kernels live in anonymous namespaces. __constant__ and __device__ variables are the host's.
#pragma once
#include <cuda_runtime.h>

#undef __launch_bounds__
#define __launch_bounds__(...)

#undef __shared__
#define __shared__ static __attribute__((section("eik_shared")))

namespace emulator {

void* dynamic_shared();
bool is_shared(const void* address);

}  // namespace emulator
