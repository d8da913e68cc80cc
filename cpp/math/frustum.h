// The Gaussian that stands for a piece of a cone along a ray (Barron et al. 2021, Mip-NeRF, equations 7 and 8). By
// the middle m, half the width h and q = h/m no term is a small difference of large ones, however short the piece.
#pragma once
#include "math/scalar.h"

namespace eik::EIK_ISA {

// Moments of the points between t0 and t1 (0 <= t0 <= t1) of a cone as wide as radius t: their mean distance along the axis,
// the variance of that, and the variance across the axis, in each of two directions.
template <class F>
EIK_HD void frustum_moments(F radius, F t0, F t1, F& t, F& variance_along, F& variance_across) {
  const F m = 0.5f * t0 + 0.5f * t1, h = 0.5f * t1 - 0.5f * t0;
  const F q = m > 0.0f ? h / m : F{};
  const F q2 = q * q, d = 1.0f / (3.0f + q2);
  t = m * (1.0f + 2.0f * q2 * d);
  variance_along = h * h * (1.0f / 3.0f - 4.0f / 15.0f * q2 * (12.0f - q2) * d * d);
  const F wide = radius * m;
  variance_across = wide * wide * (0.25f + q2 * (5.0f / 12.0f - 4.0f / 15.0f * q2 * d));
}

// Mean (3) and upper triangle of the covariance (xx, xy, xz, yy, yz, zz) of the same points, about a ray. The direction may
// have any length: t counts in it.
template <class F>
EIK_HD void frustum_gaussian(const F* origin, const F* direction, F radius, F t0, F t1, F* gaussian) {
  F t, along, across;
  frustum_moments(radius, t0, t1, t, along, across);
  const F length = direction[0] * direction[0] + direction[1] * direction[1] + direction[2] * direction[2];
  const F outer = along - (length > 0.0f ? across / length : F{});
  F* covariance = gaussian + 3;
  for (int i = 0; i < 3; ++i) {
    gaussian[i] = origin[i] + t * direction[i];
    for (int j = i; j < 3; ++j) *covariance++ = outer * direction[i] * direction[j] + (i == j ? across : F{});
  }
}

}  // namespace eik::EIK_ISA
