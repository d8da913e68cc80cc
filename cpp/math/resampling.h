// Sampling along a ray by the inverse of a histogram's cumulative distribution (Mildenhall et al. 2020, NeRF, section
// 5.2). One bin is stratified sampling between its edges. Sums are double: a quantile must not leave its bin by rounding.
#pragma once
#include "math/scalar.h"

namespace eik::EIK_ISA {

// What a weight counts: nothing if negative, infinite or NaN.
EIK_HD double histogram_weight(float w) { return w > 0.0f && w <= 3.402823466e38f ? static_cast<double>(w) : 0.0; }

// edges[bins + 1] ascending, weights[bins], jitter[samples] or NULL (0.5). Sample i is the quantile (i + jitter) / samples,
// so that t ascends. A histogram without weight counts as one of equal weights.
EIK_HD void resample_ray(int32_t bins, const float* edges, const float* weights, int32_t samples, const float* jitter, float* t) {
  double total = 0;
  for (int32_t k = 0; k < bins; ++k) total += histogram_weight(weights[k]);
  const bool empty = total == 0;
  if (empty) total = bins;
  int32_t bin = 0;
  double below = 0, weight = empty ? 1.0 : histogram_weight(weights[0]);
  for (int32_t i = 0; i < samples; ++i) {
    const double quantile = (i + static_cast<double>(jitter ? jitter[i] : 0.5f)) / samples * total;
    while (bin < bins - 1 && below + weight <= quantile) {
      below += weight;
      ++bin;
      weight = empty ? 1.0 : histogram_weight(weights[bin]);
    }
    const double part = weight > 0 ? clamped((quantile - below) / weight, 0.0, 1.0) : 0.0;
    t[i] = static_cast<float>(edges[bin] + part * (static_cast<double>(edges[bin + 1]) - edges[bin]));
  }
}

}  // namespace eik::EIK_ISA
