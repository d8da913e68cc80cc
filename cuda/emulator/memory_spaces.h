// Shared memory. Blocks run one after another, so one copy of it is enough: static variables in a section of their own,
// which the scheduler fills with poison before each block and around which the address sanitizer puts red zones. The section
// is g++'s ".noinit": unlike a section's name, this attribute also reaches variables of templates. In functions with external
// linkage that are inline or templates, variables are poisoned but get no red zones, and the assembler warns of a section's
// type: make such functions static. __constant__ and __device__ variables are the host's.
#pragma once
#include <cuda_runtime.h>

#undef __launch_bounds__
#define __launch_bounds__(...)

#undef __shared__
#define __shared__ static __attribute__((noinit))

namespace emulator {

void* dynamic_shared();
bool is_shared(const void* address);

// For launches: the bytes of dynamic shared memory; fresh memory for the next block.
void size_dynamic(size_t bytes);
void renew_shared();

}  // namespace emulator
