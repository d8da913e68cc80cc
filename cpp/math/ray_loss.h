// What is asked of a ray beside its colour. Both are linear or quadratic in its weights, so that they have slopes everywhere:
// distortion (math/distortion.h), of which fog and floaters have much; and the distance of what the ray sees from a point that
// is known to be there (structure from motion's; Deng et al. 2022 supervise so, too), relative to the point's own and 1 at most:
//   sum_i w_i min(1, |t_i - t| / t) + T_end.
#pragma once
#include "math/scalar.h"

namespace eik {
struct RayLossPlan {
  float distortion, depth;  // factors, where the mean loss of a colour channel has 1; 0: not asked
};
}  // namespace eik

namespace eik::EIK_ISA {

// Distortion is measured on an axis that is that of the ray near the camera and ends at 1: what is far away may be spread out.
template <class F>
EIK_HD F shrunk(F t) {
  return t / (1.0f + t);
}
template <class F>
EIK_HD F shrunk_length(F t, F dt) {
  return dt / ((1.0f + t) * (1.0f + t));
}

// The loss of a sample at t that has all the weight.
EIK_HD float depth_loss(float t, float known) { return lesser(magnitude(t - known) / known, 1.0f); }

}  // namespace eik::EIK_ISA
