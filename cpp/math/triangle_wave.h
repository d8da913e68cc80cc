// The triangle waves of one coordinate (Mueller et al. 2021, "Real-time Neural Radiance Caching", section 4): in [-1, 1],
// of period 2^(1-f), each a quarter of a period ahead of the one before, as in tiny-cuda-nn.
#pragma once
#include "math/scalar.h"

namespace eik::EIK_ISA {

// Calls visit(index, value, d value / dx).
template <class F, class Visit>
EIK_HD void triangle_wave(int32_t frequencies, F x, Visit&& visit) {
  float slope = 2.0f;
  F periods = 0.5f * x;
  for (int32_t f = 0; f < frequencies; ++f, slope *= 2.0f) {
    periods = periods - nearest(periods);  // exact, so that every finite x is as good as any other
    F phase = periods + 0.25f * static_cast<float>(f & 3);
    phase = phase - floor_of(phase);
    visit(f, magnitude(phase - 0.5f) * 4.0f - 1.0f, phase < 0.5f ? F{} - slope : F{} + slope);
    periods = periods + periods;
  }
}

}  // namespace eik::EIK_ISA
