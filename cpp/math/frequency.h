// The frequency encoding of one coordinate (Mildenhall et al. 2020, NeRF, equation 4): sin(2^f pi x), cos(2^f pi x) for
// f = 0, 1, .., in tiny-cuda-nn's order. Doubling is exact, and so is the reduction: high frequencies lose nothing.
#pragma once
#include "math/sine.h"

namespace eik::EIK_ISA {

// Calls visit(index, value, d value / dx).
template <class F, class Visit>
EIK_HD void frequency(int32_t frequencies, F x, Visit&& visit) {
  float slope = kPi;
  F turns = x;
  for (int32_t f = 0; f < frequencies; ++f, slope *= 2.0f) {
    F sine, cosine;
    turns = reduced_half_turns(turns);
    sin_cos_half_turns(turns, sine, cosine);
    visit(2 * f, sine, cosine * slope);
    visit(2 * f + 1, cosine, -sine * slope);
    turns = turns + turns;
  }
}

}  // namespace eik::EIK_ISA
