// The integrated positional encoding of a Gaussian (Barron et al. 2021, Mip-NeRF, equations 13 and 14; 2022, Mip-NeRF 360:
// contracted, and along any directions): what sin(2^k p.x) and cos(2^k p.x) are on average over it, e^(-4^k v/2) sin(2^k m)
// and the same of the cosine, m and v being mean and variance along the direction p. Waves much shorter than the Gaussian
// is wide fade out.
#pragma once
#include "math/contraction.h"
#include "math/exponential.h"
#include "math/sine.h"

namespace eik {
constexpr int kMaxDirections = 21;
struct IntegratedFrequencyPlan {
  int32_t frequencies, directions;
  float direction[kMaxDirections][3];  // unit vectors
  ContractionKind contraction;         // of the Gaussian before
};
}  // namespace eik

namespace eik::EIK_ISA {

// Calls wave(index of the sine, index of the cosine, e^(..) sin(..), e^(..) cos(..)) for k = 0, 1, .. of one direction. All
// sines come first, octave by octave, then all cosines.
template <class F, class Wave>
EIK_HD void integrated_waves(const IntegratedFrequencyPlan& plan, int32_t direction, const F* gaussian, Wave&& wave) {
  const float* p = plan.direction[direction];
  F mean{}, variance{};
  for (int i = 0; i < 3; ++i) {
    mean += p[i] * gaussian[i];
    for (int j = i; j < 3; ++j) variance += (i == j ? 1.0f : 2.0f) * p[i] * p[j] * gaussian[covariance_at(i, j)];
  }
  variance = greater(variance, F{});  // which rounding may have made negative
  for (int32_t k = 0; k < plan.frequencies; ++k, mean = mean + mean, variance = variance * 4.0f) {
    F sine, cosine;
    sin_cos_of(mean, sine, cosine);
    const F faded = exp_of(-0.5f * variance);
    const int32_t index = k * plan.directions + direction;
    wave(index, index + plan.frequencies * plan.directions, faded * sine, faded * cosine);
  }
}

// Calls visit(index, value).
template <class F, class Visit>
EIK_HD void integrated_frequency(const IntegratedFrequencyPlan& plan, const F* gaussian, Visit&& visit) {
  F own[kGaussian];
  for (int i = 0; i < kGaussian; ++i) own[i] = gaussian[i];
  contract_gaussian(plan.contraction, own);
  for (int32_t d = 0; d < plan.directions; ++d)
    integrated_waves(plan, d, own, [&](int32_t s, int32_t c, F sine, F cosine) {
      visit(s, sine);
      visit(c, cosine);
    });
}

// d loss / d gaussian, from slope(index) = d loss / d value.
template <class F, class Slope>
EIK_HD void integrated_frequency_gradient(const IntegratedFrequencyPlan& plan, const F* gaussian, Slope&& slope,
                                          F* d_gaussian) {
  F own[kGaussian];
  for (int i = 0; i < kGaussian; ++i) {
    own[i] = gaussian[i];
    d_gaussian[i] = F{};
  }
  contract_gaussian(plan.contraction, own);
  for (int32_t d = 0; d < plan.directions; ++d) {
    F d_mean{}, d_variance{};
    float scale = 1.0f;
    integrated_waves(plan, d, own, [&](int32_t s, int32_t c, F sine, F cosine) {
      const F by_sine = slope(s), by_cosine = slope(c);
      d_mean += scale * (by_sine * cosine - by_cosine * sine);
      d_variance -= 0.5f * scale * scale * (by_sine * sine + by_cosine * cosine);
      scale *= 2.0f;
    });
    const float* p = plan.direction[d];
    for (int i = 0; i < 3; ++i) {
      d_gaussian[i] += p[i] * d_mean;
      for (int j = i; j < 3; ++j) d_gaussian[covariance_at(i, j)] += (i == j ? 1.0f : 2.0f) * p[i] * p[j] * d_variance;
    }
  }
  contract_gaussian_gradient(plan.contraction, gaussian, d_gaussian);
}

}  // namespace eik::EIK_ISA
