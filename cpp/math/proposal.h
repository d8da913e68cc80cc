// What a proposal's histogram of a ray lacks of the one that the field made, and the slopes by the proposal's weights; the
// field's count as constants. Both are asked bin by bin in one walk along the ray.
#pragma once
#include "math/scalar.h"

namespace eik::EIK_ISA {

// Barron et al. 2022, Mip-NeRF 360, equations 12 and 13: no bin of the field may weigh more than all bins of the proposal
// together that it overlaps (in more than a border). edges[bins + 1] and proposal_edges[proposal_bins + 1] ascend.
// d_proposal[proposal_bins] is overwritten.
EIK_HD float proposal_bound_ray(int32_t bins, const float* edges, const float* weights, int32_t proposal_bins,
                                const float* proposal_edges, const float* proposal, float* d_proposal) {
  constexpr float kLeast = 1.1920929e-7f;  // keeps denominators from 0
  for (int32_t j = 0; j < proposal_bins; ++j) d_proposal[j] = 0.0f;
  float value = 0.0f;
  for (int32_t i = 0, first = 0; i < bins; ++i) {
    while (first < proposal_bins && proposal_edges[first + 1] <= edges[i]) ++first;
    float bound = 0.0f;
    int32_t end = first;
    for (; end < proposal_bins && proposal_edges[end] < edges[i + 1]; ++end) bound += proposal[end];
    const float excess = weights[i] - bound;
    if (excess <= 0.0f) continue;  // NaN shows
    const float share = excess / (weights[i] + kLeast);
    value += excess * share;
    for (int32_t j = first; j < end; ++j) d_proposal[j] -= 2.0f * share;
  }
  return value;
}

// The integral of a histogram's cumulative weight up to x, which must not fall from call to call. In double, since its
// differences are wanted.
struct IntegratedHistogram {
  int32_t bins;
  const float *edges, *weights;
  int32_t bin = 0;
  double weight_below = 0, integral_below = 0;

  EIK_HD double up_to(double x) {
    for (; bin < bins && edges[bin + 1] <= x; ++bin) {
      const double length = static_cast<double>(edges[bin + 1]) - edges[bin];
      integral_below += (weight_below + 0.5 * weights[bin]) * length;
      weight_below += weights[bin];
    }
    const double way = x - edges[bin];
    if (way <= 0) return integral_below;
    const double part = bin < bins ? 0.5 * weights[bin] * way / (static_cast<double>(edges[bin + 1]) - edges[bin]) : 0.0;
    return integral_below + (weight_below + part) * way;
  }
};

// Barron et al. 2023, Zip-NeRF, section 3: the field's histogram, spread evenly by half_width (above 0) to both sides, is
// asked how much of it lies in each bin of the proposal, which may not weigh less. It moves smoothly with the bins.
EIK_HD float proposal_blurred_ray(int32_t bins, const float* edges, const float* weights, int32_t proposal_bins,
                                  const float* proposal_edges, const float* proposal, float half_width, float* d_proposal) {
  constexpr float kLeast = 1e-5f;  // keeps denominators from 0
  IntegratedHistogram behind{bins, edges, weights}, ahead{bins, edges, weights};
  const double scale = 0.5 / half_width;
  double below = 0;
  float value = 0.0f;
  for (int32_t j = -1; j < proposal_bins; ++j) {
    const double at = proposal_edges[j + 1];
    const double up_to = (ahead.up_to(at + half_width) - behind.up_to(at - half_width)) * scale;
    if (j >= 0) {
      const float lacking = static_cast<float>(up_to - below) - proposal[j];
      const float excess = lacking <= 0.0f ? 0.0f : lacking;  // NaN shows
      const float share = excess / (proposal[j] + kLeast);
      value += excess * share;
      d_proposal[j] = 0.0f - share * (2.0f + share);
    }
    below = up_to;
  }
  return value;
}

// Whichever of the two is asked for: half_width 0 is the first.
EIK_HD float proposal_ray(int32_t bins, const float* edges, const float* weights, int32_t proposal_bins,
                          const float* proposal_edges, const float* proposal, float half_width, float* d_proposal) {
  if (half_width > 0.0f)
    return proposal_blurred_ray(bins, edges, weights, proposal_bins, proposal_edges, proposal, half_width, d_proposal);
  return proposal_bound_ray(bins, edges, weights, proposal_bins, proposal_edges, proposal, d_proposal);
}

}  // namespace eik::EIK_ISA
