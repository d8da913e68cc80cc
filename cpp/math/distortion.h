// The distortion of a ray's histogram (Barron et al. 2022, Mip-NeRF 360, equation 15), which is small where the weights lie
// close together: sum_ij w_i w_j |u_i - u_j| + 1/3 sum_i w_i^2 du_i. Sums from the front and from behind make it O(n); they
// hold distances only, all of one sign, so that nothing cancels.
#pragma once
#include "math/portability.h"

namespace eik::EIK_ISA {

// Of n bins of one ray: middles u ascending, lengths du, weights w. d_w[n]: the slopes by w, overwritten; or NULL.
EIK_HD float distortion(int32_t n, const float* u, const float* du, const float* w, float* d_w) {
  float value = 0.0f, sum = 0.0f, far = 0.0f;  // far: sum_j w_j |u_i - u_j| of the bins j in front
  for (int32_t i = 0; i < n; ++i) {
    if (i > 0) far += sum * (u[i] - u[i - 1]);
    const float own = w[i] * du[i] * (1.0f / 3.0f);
    value += w[i] * (2.0f * far + own);
    if (d_w) d_w[i] = 2.0f * (far + own);
    sum += w[i];
  }
  if (!d_w) return value;
  sum = far = 0.0f;  // of those behind
  for (int32_t i = n - 1; i >= 0; --i) {
    if (i < n - 1) far += sum * (u[i + 1] - u[i]);
    d_w[i] += 2.0f * far;
    sum += w[i];
  }
  return value;
}

}  // namespace eik::EIK_ISA
