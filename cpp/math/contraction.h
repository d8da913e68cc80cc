// Unbounded space within a ball of radius 2 (Barron et al. 2022, Mip-NeRF 360, equation 10) or, by the largest coordinate in
// place of the length, within the cube [-2, 2]^3: x where |x| <= 1, (2 - 1/|x|) x/|x| elsewhere. With u = x/|x| and e, the
// norm's slope, the derivative is J = a (I - u e^T) + b u e^T, where a = (2 - 1/|x|)/|x| and b = 1/|x|^2.
#pragma once
#include "math/scalar.h"

namespace eik {
enum class ContractionKind { none, l2, l_infinity };
}

namespace eik::EIK_ISA {

// Where a point lies, for whatever is done to it. Where nothing is contracted, u and e are 0; a, b and inverse are 1.
template <class F>
struct ContractedSpace {
  F inverse;  // 1/|x|
  F u[3], e[3], a, b;
};

template <class F>
EIK_HD ContractedSpace<F> contracted_space(ContractionKind kind, const F* x) {
  constexpr float kMost = 3.402823466e38f;  // infinity lies where the largest number does; NaN stays
  ContractedSpace<F> s;
  F largest = F{} + 1.0f, length = F{} + 1.0f;
  for (int i = 0; i < 3; ++i) {
    s.u[i] = greater(F{} - kMost, lesser(F{} + kMost, x[i]));
    largest = greater(largest, magnitude(s.u[i]));
  }
  for (int i = 0; i < 3; ++i) s.u[i] = s.u[i] / largest;  // so that no square overflows
  if (kind == ContractionKind::l2) {
    length = root(s.u[0] * s.u[0] + s.u[1] * s.u[1] + s.u[2] * s.u[2]);
    for (int i = 0; i < 3; ++i) s.e[i] = s.u[i] = s.u[i] / length;
  } else {
    F rest = F{} + 1.0f;  // the first of equals is the largest
    for (int i = 0; i < 3; ++i) {
      const F chosen = magnitude(s.u[i]) >= 1.0f ? rest : F{};
      s.e[i] = s.u[i] * chosen;
      rest = rest - chosen;
    }
  }
  s.inverse = 1.0f / length / largest;
  const auto outside = s.inverse < 1.0f;
  for (int i = 0; i < 3; ++i) {
    s.u[i] = outside ? s.u[i] : F{};
    s.e[i] = outside ? s.e[i] : F{};
  }
  s.inverse = outside ? s.inverse : F{} + 1.0f;
  s.a = (2.0f - s.inverse) * s.inverse;
  s.b = s.inverse * s.inverse;
  return s;
}

// J v, and J^T v.
template <class F>
EIK_HD void push_forward(const ContractedSpace<F>& s, F* v) {
  const F along = s.e[0] * v[0] + s.e[1] * v[1] + s.e[2] * v[2];
  for (int i = 0; i < 3; ++i) v[i] = s.a * (v[i] - s.u[i] * along) + s.b * s.u[i] * along;
}
template <class F>
EIK_HD void pull_back(const ContractedSpace<F>& s, F* v) {
  const F along = s.u[0] * v[0] + s.u[1] * v[1] + s.u[2] * v[2];
  for (int i = 0; i < 3; ++i) v[i] = s.a * (v[i] - s.e[i] * along) + s.b * s.e[i] * along;
}

// Contracts the point x[3] about the origin.
template <class F>
EIK_HD void contract(ContractionKind kind, F* x) {
  if (kind == ContractionKind::none) return;
  const ContractedSpace<F> s = contracted_space(kind, x);
  for (int i = 0; i < 3; ++i) x[i] = s.inverse < 1.0f ? (2.0f - s.inverse) * s.u[i] : x[i];
}

// From the gradient by the contracted point to that by x[3], the point as it was before; in place.
template <class F>
EIK_HD void contract_gradient(ContractionKind kind, const F* x, F* d_x) {
  if (kind != ContractionKind::none) pull_back(contracted_space(kind, x), d_x);
}

}  // namespace eik::EIK_ISA
