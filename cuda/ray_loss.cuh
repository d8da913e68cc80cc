// What a ray is asked beside its colour, by a warp, 32 samples at a time.
#pragma once
#include "cuda/compositing.cuh"
#include "math/ray_loss.h"

namespace eik::EIK_ISA {

// The slopes of a ray's losses by the weights of its n samples, from the first of them on. known: the distance to what is known
// to be there, or 0. Distortion's (math/distortion.h) come from sums over the samples in front and, as a difference, behind;
// places count from the first sample on, so that little cancels.
__device__ inline void ray_loss_slopes(const RayLossPlan& plan, int32_t n, const float* t, const float* dt, const float* weight,
                                       float known, float* slope) {
  if (n == 0) return;
  const float begin = shrunk(t[0]);
  const auto place = [&](int32_t i) { return shrunk(t[i]) - begin; };
  float mass = 0, moment = 0;
  if (plan.distortion > 0) {
    for (int32_t i = lane_id(); i < n; i += 32) {
      mass += weight[i];
      moment += weight[i] * place(i);
    }
    mass = warp_sum(mass);
    moment = warp_sum(moment);
  }
  float mass_in_front = 0, moment_in_front = 0;
  for (int32_t first = 0; first < n; first += 32) {
    const int32_t i = first + lane_id();
    const bool on = i < n;
    float d = 0;
    if (plan.distortion > 0) {
      const float w = on ? weight[i] : 0.0f, u = on ? place(i) : 0.0f;
      float all_mass, all_moment;
      const float w_front = mass_in_front + sum_below(w, all_mass), m_front = moment_in_front + sum_below(w * u, all_moment);
      mass_in_front += all_mass;
      moment_in_front += all_moment;
      const float w_behind = mass - w_front - w, m_behind = moment - m_front - w * u;
      const float own = on ? w * shrunk_length(t[i], dt[i]) : 0.0f;
      d = 2.0f * plan.distortion * (u * w_front - m_front + m_behind - u * w_behind + own * (1.0f / 3.0f));
    }
    if (on) slope[i] = d + (plan.depth > 0 && known > 0 ? plan.depth * depth_loss(t[i], known) : 0.0f);
  }
}

}  // namespace eik::EIK_ISA
