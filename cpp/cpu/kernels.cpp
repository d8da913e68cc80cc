// The CPU's table of kernels for one instruction set: compiled once for each, with EIK_ISA naming it.
#include "cpu/lanes.h"  // first: the maths' templates find its overloads where they are written

#include "cpu/components.h"
#include "cpu/module.h"
#include "cpu/occupancy.h"
#include "cpu/optimizer.h"
#include "cpu/render.h"
#include "cpu/train.h"

namespace eik::EIK_ISA {

extern const Kernels table;
const Kernels table = {
#define EIK_FILL(name, parameters) &name,
    EIK_KERNELS(EIK_FILL)
#undef EIK_FILL
};

}  // namespace eik::EIK_ISA
