// Real spherical harmonics of a unit direction up to degree 8 (64 functions), ordered l, m = -l..l, with the
// Condon-Shortley phase, as tiny-cuda-nn orders and signs them. Instead of one long list of polynomials: the associated
// Legendre recurrence divided by sin^m (finite at the poles) times Re/Im (x + iy)^m; derivatives by the same recurrences
// with x, y, z taken as independent. Sloan, "Efficient Spherical Harmonic Evaluation" (JCGT 2013).
#pragma once
#include "math/scalar.h"

namespace eik {
constexpr int kMaxHarmonicsDegree = 8;
}

namespace eik::EIK_ISA {

// sqrt((2l+1)/(4 pi) (l-m)!/(l+m)!), times sqrt 2 for m > 0.
EIK_HD double harmonic_norm(int l, int m) {
  double ratio = 1;
  for (int i = l - m + 1; i <= l + m; ++i) ratio /= i;
  const double norm = sqrt((2 * l + 1) * 0.079577471545947667884 * ratio);
  return m == 0 ? norm : norm * 1.4142135623730950488;
}

// Calls visit(index, value, d/dx, d/dy, d/dz) for every function below degree.
template <class F, class Visit>
EIK_HD void spherical_harmonics(int degree, F x, F y, F z, Visit&& visit) {
  F cosine = F{} + 1.0f, sine = F{};            // Re, Im of (x + iy)^m
  F cosine_before = F{}, sine_before = F{};     // of (x + iy)^(m-1)
  float diagonal = 1.0f;                        // P_m^m / sin^m = (-1)^m (2m-1)!!
  for (int m = 0; m < degree; ++m) {
    F p = F{} + diagonal, p_before = F{};       // P_l^m / sin^m and the one of l-1
    F q = F{}, q_before = F{};                  // their derivatives by z
    for (int l = m; l < degree; ++l) {
      const float norm = static_cast<float>(harmonic_norm(l, m));
      const F value = p * norm, slope = q * norm;
      const float power = static_cast<float>(m);
      visit(l * l + l + m, value * cosine, value * cosine_before * power, value * sine_before * -power, slope * cosine);
      if (m > 0)
        visit(l * l + l - m, value * sine, value * sine_before * power, value * cosine_before * power, slope * sine);
      // (l+1-m) P_(l+1) = (2l+1) z P_l - (l+m) P_(l-1)
      const float a = static_cast<float>(2 * l + 1) / static_cast<float>(l + 1 - m);
      const float b = static_cast<float>(l + m) / static_cast<float>(l + 1 - m);
      const F next = z * p * a - p_before * b;
      const F next_slope = (p + z * q) * a - q_before * b;
      p_before = p;
      p = next;
      q_before = q;
      q = next_slope;
    }
    cosine_before = cosine;
    sine_before = sine;
    const F c = x * cosine - y * sine;
    sine = x * sine + y * cosine;
    cosine = c;
    diagonal *= -static_cast<float>(2 * m + 1);
  }
}

}  // namespace eik::EIK_ISA
