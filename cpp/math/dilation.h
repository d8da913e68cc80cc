// A histogram of a ray made wider and flatter before it is sampled again, so that a proposal that is a little off, or that
// has learnt little yet, hides nothing (Barron et al. 2022, Mip-NeRF 360, appendix): each place has the largest
// density within a distance of it; weights are then raised to a power.
#pragma once
#include "math/exponential.h"
#include "math/resampling.h"

namespace eik {
struct DilationPlan {
  float dilation, low, high, exponent;
};
}  // namespace eik

namespace eik::EIK_ISA {

// edges[bins + 1] ascending, weights[bins]. Out: wide_edges[3 bins + 1], where a bin begins or ends and where it does after
// being widened, within [low, high]; wide_weights[3 bins], (density times length)^exponent, 0 where a bin has no length. An
// exponent of 0 makes all others 1.
EIK_HD void dilate_ray(const DilationPlan& plan, int32_t bins, const float* edges, const float* weights, float* wide_edges,
                       float* wide_weights) {
  const float dilation = plan.dilation, exponent = plan.exponent;
  constexpr float kOut = 3.402823466e38f;
  for (int32_t k = 0, own = 0, begin = 0, end = 0; k <= 3 * bins; ++k) {  // three ascending rows become one
    const float at = own <= bins ? edges[own] : kOut;
    const float before = begin < bins ? edges[begin] - dilation : kOut;
    const float behind = end < bins ? edges[end + 1] + dilation : kOut;
    const float next = lesser(at, lesser(before, behind));
    if (before == next && begin < bins)
      ++begin;
    else if (at == next && own <= bins)
      ++own;
    else
      ++end;
    wide_edges[k] = clamped(next, plan.low, plan.high);
  }
  for (int32_t k = 0, first = 0, end = 0; k < 3 * bins; ++k) {
    const float x = wide_edges[k], length = wide_edges[k + 1] - x;
    while (first < bins && edges[first + 1] + dilation <= x) ++first;
    while (end < bins && edges[end] - dilation <= x) ++end;
    float density = 0.0f;
    for (int32_t i = first; i < end; ++i) {
      const float own = edges[i + 1] - edges[i];
      if (own > 0.0f) density = greater(density, static_cast<float>(histogram_weight(weights[i])) / own);
    }
    const float weight = density * length;
    wide_weights[k] = length <= 0.0f ? 0.0f
                      : exponent == 0.0f ? 1.0f
                      : weight < 1.17549435e-38f ? 0.0f
                      : exponent == 1.0f ? weight
                                         : exp_of(exponent * log_of(weight));
  }
}

}  // namespace eik::EIK_ISA
