// The encodings that treat each coordinate by itself, whichever of them is asked for.
#pragma once
#include "math/frequency.h"
#include "math/one_blob.h"
#include "math/triangle_wave.h"

namespace eik {
enum class CoordinateKind { identity, frequency, triangle_wave, one_blob };
struct CoordinatePlan {
  CoordinateKind kind;
  int32_t outputs;    // of one coordinate
  int32_t count;      // frequencies or bins
  float scale, bias;  // identity: scale x + bias
};
}  // namespace eik

namespace eik::EIK_ISA {

// Calls visit(index, value, d value / dx) for each output of the coordinate x.
template <class F, class Visit>
EIK_HD void encode_coordinate(const CoordinatePlan& plan, F x, Visit&& visit) {
  switch (plan.kind) {
    case CoordinateKind::identity: return visit(0, x * plan.scale + plan.bias, F{} + plan.scale);
    case CoordinateKind::frequency: return frequency(plan.count, x, visit);
    case CoordinateKind::triangle_wave: return triangle_wave(plan.count, x, visit);
    case CoordinateKind::one_blob: return one_blob(plan.count, x, visit);
  }
}

}  // namespace eik::EIK_ISA
