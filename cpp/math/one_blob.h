// The one-blob encoding of one coordinate in [0,1] (Mueller et al. 2019, "Neural Importance Sampling", section 4.3): how
// much of a blob about x lies in each bin. The blob is tiny-cuda-nn's quartic kernel 15/16 (1 - u^2)^2, a bin wide to each
// side; what leaves [0,1] at one end comes back at the other.
#pragma once
#include "math/scalar.h"

namespace eik::EIK_ISA {

// The kernel's integral up to u, and the kernel.
template <class F>
EIK_HD F quartic_integral(F u) {
  u = clamped(u, F{} - 1.0f, F{} + 1.0f);
  const F z = u * u;
  return 0.9375f * u * (1.0f - z * (2.0f / 3.0f) + z * z * 0.2f) + 0.5f;
}
template <class F>
EIK_HD F quartic(F u) {
  const F inside = greater(1.0f - u * u, F{});
  return 0.9375f * inside * inside;
}

// Calls visit(index, value, d value / dx).
template <class F, class Visit>
EIK_HD void one_blob(int32_t bins, F x, Visit&& visit) {
  const float width = static_cast<float>(bins);
  F below{}, density_below{};
  for (int32_t k = 0; k <= bins; ++k) {
    const F u = (static_cast<float>(k) / width - x) * width;
    const F up_to = quartic_integral(u) + quartic_integral(u - width) + quartic_integral(u + width);
    const F density = (quartic(u) + quartic(u - width) + quartic(u + width)) * width;
    if (k > 0) visit(k - 1, up_to - below, density_below - density);
    below = up_to;
    density_below = density;
  }
}

}  // namespace eik::EIK_ISA
