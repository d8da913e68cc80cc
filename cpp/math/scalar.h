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

}  // namespace eik::EIK_ISA
