// The table of kernels for CUDA: what the core calls is host code that launches.
#include "cuda/components.cuh"
#include "cuda/module.cuh"
#include "cuda/occupancy.cuh"
#include "cuda/optimizer.cuh"
#include "cuda/render.cuh"
#include "cuda/train.cuh"

namespace eik::EIK_ISA {

extern const Kernels table;
const Kernels table = {
#define EIK_FILL(name, parameters) &name,
    EIK_KERNELS(EIK_FILL)
#undef EIK_FILL
};

}  // namespace eik::EIK_ISA
