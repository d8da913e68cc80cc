// Sine and cosine for a scalar or a register: reduction to [-pi/2, pi/2] and an odd polynomial (Moshier, Cephes).
#pragma once
#include "math/scalar.h"

namespace eik::EIK_ISA {

constexpr float kPi = 3.14159265f;

// sin(r) for |r| <= pi/2.
template <class F>
EIK_HD F sine_polynomial(F r) {
  const F z = r * r;
  F p = F{} + 2.6083159809786593541503e-6f;
  p = p * z - 1.981069071916863322258e-4f;
  p = p * z + 8.33307858556509017944336e-3f;
  p = p * z - 1.66666597127914428710938e-1f;
  return r + r * z * p;
}

// x less n half turns, in [-pi/2, pi/2] for every finite x; sign: -1 where n is odd, 1 elsewhere.
template <class F>
EIK_HD F less_half_turns(F x, F& sign) {
  const F n = nearest(x * 0.318309886f);
  const F r = x - n * 3.140625f - n * 9.67502593994140625e-4f - n * 1.509957990978376432e-7f;
  sign = n - 2.0f * nearest(0.5f * n) != 0.0f ? F{} - 1.0f : F{} + 1.0f;
  return clamped(r, F{} - 0.5f * kPi, F{} + 0.5f * kPi);
}

// sin(x) and cos(x), accurate to 1e-6 for |x| < 1e4, in [-1, 1] for every finite x.
template <class F>
EIK_HD F sin_of(F x) {
  F sign;
  const F r = less_half_turns(x, sign);
  return sign * sine_polynomial(r);
}
template <class F>
EIK_HD void sin_cos_of(F x, F& sine, F& cosine) {
  F sign;
  const F r = less_half_turns(x, sign);
  sine = sign * sine_polynomial(r);
  cosine = sign * sine_polynomial(0.5f * kPi - magnitude(r));
}

// The same angle in [-1, 1] half turns; exact, so that every finite y is as good as any other.
template <class F>
EIK_HD F reduced_half_turns(F y) {
  return y - 2.0f * nearest(0.5f * y);
}

// sin(pi r) and cos(pi r) for r in [-1, 1].
template <class F>
EIK_HD void sin_cos_half_turns(F r, F& sine, F& cosine) {
  const F a = magnitude(r);
  const F folded = a > 0.5f ? (r < 0.0f ? F{} - 1.0f : F{} + 1.0f) - r : r;
  sine = sine_polynomial(folded * kPi);
  cosine = sine_polynomial((0.5f - a) * kPi);
}

}  // namespace eik::EIK_ISA
