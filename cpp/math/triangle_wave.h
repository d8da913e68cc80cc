// The triangle waves of one coordinate (Mueller et al. 2021, "Real-time Neural Radiance Caching", section 4): in [-1, 1],
// of period 2^(1-f), each a quarter of a period behind the one before, as in tiny-cuda-nn.
#pragma once
#include "math/scalar.h"

namespace eik::EIK_ISA {

// Calls visit(index, value, d value / dx).
template <class F, class Visit>
EIK_HD void triangle_wave(int32_t frequencies, F x, Visit&& visit) {
  float scale = 0.5f;
  for (int32_t f = 0; f < frequencies; ++f, scale *= 2.0f) {
    const F v = x * scale + 0.25f * static_cast<float>(f);
    const F phase = v - floor_of(v);
    visit(f, magnitude(phase - 0.5f) * 4.0f - 1.0f, phase < 0.5f ? F{} - 4.0f * scale : F{} + 4.0f * scale);
  }
}

}  // namespace eik::EIK_ISA
