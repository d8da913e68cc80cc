// Volume compositing of one ray, front to back, and its gradients (Max 1995; NeRF eq. 3):
//   a_i = 1 - exp(-sigma_i dt_i),  w_i = T_i a_i,  T_(i+1) = T_i (1 - a_i).
// With g_i = d loss / d w_i:  d loss / d sigma_i = dt_i (T_(i+1) g_i - sum_(j>i) w_j g_j - T_end g_end).
#pragma once
#include "math/exponential.h"

namespace eik {
struct CompositingPlan {
  int32_t density_activation;  // an Activation
  float early_stop;            // transmittance below which later samples do not count
};

// A sample that weighs less has no colour and no gradient: it could not be seen, and what it would learn is as small.
constexpr float kLeastWeight = 1e-4f;
}  // namespace eik

namespace eik::EIK_ISA {

template <class F>
EIK_HD F alpha_of(F sigma, F dt) {
  return 1.0f - exp_of(-sigma * dt);
}

// How many samples count, given alphas; weights of those are written, and the transmittance that is left.
EIK_HD int32_t composite_weights(int32_t n, const float* alpha, float early_stop, float* weight, float& left) {
  float t = 1.0f;
  int32_t i = 0;
  for (; i < n && t >= early_stop; ++i) {
    weight[i] = t * alpha[i];
    t *= 1.0f - alpha[i];
  }
  left = t;
  return i;
}

// d loss / d sigma of the n live samples of a ray, from g_i in d_weight and g_end = d loss / d T_end.
EIK_HD void composite_density_gradient(int32_t n, const float* weight, const float* dt, const float* d_weight, float left,
                                       float d_left, float* d_sigma) {
  float behind = left * d_left, t = left;
  for (int32_t i = n - 1; i >= 0; --i) {
    // t is T_(i+1); w_i = T_i - T_(i+1)
    d_sigma[i] = dt[i] * (t * d_weight[i] - behind);
    behind += weight[i] * d_weight[i];
    t += weight[i];
  }
}

}  // namespace eik::EIK_ISA
