// What the maths needs of a number type beyond operators, for float; cpu/lanes.h says the same for vectors of floats.
// With operators and ?: working on both, one template serves a scalar and a whole register of points.
#pragma once
#include <cmath>
#include <cstring>

#include "math/portability.h"

namespace eik::EIK_ISA {

EIK_HD int32_t as_bits(float x) {
  int32_t i;
  memcpy(&i, &x, 4);
  return i;
}
EIK_HD float from_bits(int32_t i) {
  float x;
  memcpy(&x, &i, 4);
  return x;
}
EIK_HD int32_t truncate(float x) { return static_cast<int32_t>(x); }
EIK_HD float to_float(int32_t i) { return static_cast<float>(i); }
EIK_HD float root(float x) { return sqrtf(x); }
EIK_HD bool any(bool x) { return x; }

template <class F>
EIK_HD F lesser(F a, F b) {
  return a < b ? a : b;
}
template <class F>
EIK_HD F greater(F a, F b) {
  return a > b ? a : b;
}
template <class F>
EIK_HD F clamped(F x, F low, F high) {
  return lesser(greater(x, low), high);
}
template <class F>
EIK_HD F magnitude(F x) {
  return x < 0.0f ? -x : x;
}

// The nearest whole number, and the one below, of any x: from 2^23 on floats have no fraction.
template <class F>
EIK_HD F nearest(F x) {
  const F whole = x < 0.0f ? F{} - 8388608.0f : F{} + 8388608.0f;
  return magnitude(x) < 8388608.0f ? (x + whole) - whole : x;
}
template <class F>
EIK_HD F floor_of(F x) {
  const F n = nearest(x);
  return n > x ? n - 1.0f : n;
}

}  // namespace eik::EIK_ISA
