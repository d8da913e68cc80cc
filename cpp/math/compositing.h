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

// How many samples count, given alphas; weights of those are written, the transmittance after each, and what is left.
EIK_HD int32_t composite_weights(int32_t n, const float* alpha, float early_stop, float* weight, float* after, float& left) {
  float t = 1.0f;
  int32_t i = 0;
  for (; i < n && t >= early_stop; ++i) {
    weight[i] = t * alpha[i];
    after[i] = t *= 1.0f - alpha[i];
  }
  left = t;
  return i;
}

// d loss / d sigma of n samples of a ray, from g_i in d_weight and g_end = d loss / d T_end; left is T_end.
EIK_HD void composite_density_gradient(int32_t n, const float* weight, const float* after, const float* dt,
                                       const float* d_weight, float left, float d_left, float* d_sigma) {
  float behind = left * d_left;
  for (int32_t i = n - 1; i >= 0; --i) {
    d_sigma[i] = dt[i] * (after[i] * d_weight[i] - behind);
    behind += weight[i] * d_weight[i];
  }
}

// One pixel of a picture that was rendered n times as fine: colours and opacities are means; the depth is that of what was
// hit. color, depth and opacity: at the pixel's first fine one, rows being width fine pixels long.
struct MeanPixel {
  float rgb[3], depth, opacity;
};
EIK_HD MeanPixel mean_pixel(int32_t n, int64_t width, const float* color, const float* depth, const float* opacity) {
  MeanPixel m{};
  for (int32_t y = 0; y < n; ++y)
    for (int32_t x = 0; x < n; ++x) {
      const int64_t i = y * width + x;
      for (int k = 0; k < 3; ++k) m.rgb[k] += color[3 * i + k];
      m.depth += depth[i] * opacity[i];
      m.opacity += opacity[i];
    }
  m.depth = m.opacity > 1e-6f ? m.depth / m.opacity : 0.0f;
  const float share = 1.0f / static_cast<float>(n * n);
  for (int k = 0; k < 3; ++k) m.rgb[k] *= share;
  m.opacity *= share;
  return m;
}

}  // namespace eik::EIK_ISA
