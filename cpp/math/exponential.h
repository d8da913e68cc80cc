// exp and log for a scalar or a register: range reduction by powers of two and a polynomial, no table, no branch.
// exp is within 2 ulp on [-87, 88] and clamped outside; log within 2 ulp on positive normal numbers.
// Polynomials: Moshier, Cephes (single precision).
#pragma once
#include "math/scalar.h"

namespace eik::EIK_ISA {

template <class F>
EIK_HD F exp_of(F x) {
  x = clamped(x, F{} - 87.0f, F{} + 88.0f);
  const F t = x * 1.44269504f;
  const auto k = truncate(t + (t < 0.0f ? F{} - 0.5f : F{} + 0.5f));
  const F n = to_float(k);
  const F r = x - n * 0.693359375f + n * 2.12194440e-4f;
  F p = F{} + 1.9875691500e-4f;
  p = p * r + 1.3981999507e-3f;
  p = p * r + 8.3334519073e-3f;
  p = p * r + 4.1665795894e-2f;
  p = p * r + 1.6666665459e-1f;
  p = p * r + 5.0000001201e-1f;
  p = p * r * r + r + 1.0f;
  return p * from_bits((k + 127) << 23);
}

template <class F>
EIK_HD F log_of(F x) {
  const auto bits = as_bits(x);
  auto e = ((bits >> 23) & 0xff) - 126;
  F m = from_bits((bits & 0x007fffff) | 0x3f000000);  // in [0.5, 1)
  const auto low = m < 0.707106781f;
  m = low ? m + m - 1.0f : m - 1.0f;
  const F n = to_float(e) - (low ? F{} + 1.0f : F{});
  const F z = m * m;
  F p = F{} + 7.0376836292e-2f;
  p = p * m - 1.1514610310e-1f;
  p = p * m + 1.1676998740e-1f;
  p = p * m - 1.2420140846e-1f;
  p = p * m + 1.4249322787e-1f;
  p = p * m - 1.6668057665e-1f;
  p = p * m + 2.0000714765e-1f;
  p = p * m - 2.4999993993e-1f;
  p = p * m + 3.3333331174e-1f;
  p = p * m * z - n * 2.12194440e-4f - 0.5f * z;
  return m + p + n * 0.693359375f;
}

}  // namespace eik::EIK_ISA
