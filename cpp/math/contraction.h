// Unbounded space within a ball of radius 2 (Barron et al. 2022, Mip-NeRF 360, equation 10) or, by the largest coordinate in
// place of the length, within the cube [-2, 2]^3: x where |x| <= 1, (2 - 1/|x|) x/|x| elsewhere. With u = x/|x| and e, the
// norm's slope, the derivative is J = a (I - u e^T) + b u e^T, where a = (2 - 1/|x|)/|x| and b = 1/|x|^2. A Gaussian goes
// along by J at its mean: mean to contract(mean), covariance to J covariance J^T.
#pragma once
#include "math/scalar.h"

namespace eik {
enum class ContractionKind { none, l2, l_infinity };

// What is within radius of the centre stays as it is, in half of [0,1]^3; all that lies beyond has the rest.
struct ContractionPlan {
  ContractionKind kind;
  float center, radius;  // center: of each coordinate
};

constexpr int kGaussian = 9;  // numbers: mean (3), and the upper triangle of the covariance: xx, xy, xz, yy, yz, zz
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

template <class F>
EIK_HD void contract_at(const ContractedSpace<F>& s, F* x) {
  for (int i = 0; i < 3; ++i) x[i] = s.inverse < 1.0f ? (2.0f - s.inverse) * s.u[i] : x[i];
}

// Contracts the point x[3] about the origin.
template <class F>
EIK_HD void contract(ContractionKind kind, F* x) {
  if (kind != ContractionKind::none) contract_at(contracted_space(kind, x), x);
}

// From the gradient by the contracted point to that by x[3], the point as it was before; in place.
template <class F>
EIK_HD void contract_gradient(ContractionKind kind, const F* x, F* d_x) {
  if (kind != ContractionKind::none) pull_back(contracted_space(kind, x), d_x);
}

// Where a contracted point lies in [0,1]^3; and from the gradient by that to the one by x[3], in place.
template <class F>
EIK_HD void contract_to_unit(const ContractionPlan& plan, F* x) {
  for (int i = 0; i < 3; ++i) x[i] = (x[i] - plan.center) * (1.0f / plan.radius);
  contract(plan.kind, x);
  for (int i = 0; i < 3; ++i) x[i] = x[i] * 0.25f + 0.5f;
}
template <class F>
EIK_HD void contract_to_unit_gradient(const ContractionPlan& plan, const F* x, F* d_x) {
  F scaled[3];
  for (int i = 0; i < 3; ++i) scaled[i] = (x[i] - plan.center) * (1.0f / plan.radius);
  contract_gradient(plan.kind, scaled, d_x);
  for (int i = 0; i < 3; ++i) d_x[i] = d_x[i] * (0.25f / plan.radius);
}

// Where in a Gaussian that entry of its covariance is.
EIK_HD int covariance_at(int i, int j) { return i <= j ? 3 + i * (5 - i) / 2 + j : 3 + j * (5 - j) / 2 + i; }

template <class F>
EIK_HD void contract_gaussian(ContractionKind kind, F* gaussian) {
  if (kind == ContractionKind::none) return;
  const ContractedSpace<F> s = contracted_space(kind, gaussian);
  F rows[3][3];
  for (int i = 0; i < 3; ++i) {
    for (int j = 0; j < 3; ++j) rows[i][j] = gaussian[covariance_at(i, j)];
    push_forward(s, rows[i]);
  }
  for (int j = 0; j < 3; ++j) {
    F column[3] = {rows[0][j], rows[1][j], rows[2][j]};
    push_forward(s, column);
    for (int i = 0; i <= j; ++i) gaussian[covariance_at(i, j)] = column[i];
  }
  contract_at(s, gaussian);
}

// From the gradient by the contracted Gaussian to that by the Gaussian before; in place. J goes with the mean: with G, the
// gradient as a matrix, and H = 2 G J covariance, that adds sum_ij H_ij dJ_ij / dmean.
template <class F>
EIK_HD void contract_gaussian_gradient(ContractionKind kind, const F* gaussian, F* d_gaussian) {
  if (kind == ContractionKind::none) return;
  const ContractedSpace<F> s = contracted_space(kind, gaussian);
  F rows[3][3];  // of G J
  for (int i = 0; i < 3; ++i) {
    for (int j = 0; j < 3; ++j) rows[i][j] = d_gaussian[covariance_at(i, j)] * (i == j ? 1.0f : 0.5f);
    pull_back(s, rows[i]);
  }
  F trace{}, h_e[3] = {}, ht_u[3] = {};  // of H; H e and H^T u
  for (int i = 0; i < 3; ++i)
    for (int j = 0; j < 3; ++j) {
      F h{};
      for (int k = 0; k < 3; ++k) h += 2.0f * rows[i][k] * gaussian[covariance_at(k, j)];
      if (i == j) trace += h;
      h_e[i] += h * s.e[j];
      ht_u[j] += h * s.u[i];
    }
  for (int j = 0; j < 3; ++j) {
    F column[3] = {rows[0][j], rows[1][j], rows[2][j]};
    pull_back(s, column);
    for (int i = 0; i <= j; ++i) d_gaussian[covariance_at(i, j)] = column[i] * (i == j ? 1.0f : 2.0f);
  }
  const F slope = 2.0f * s.b * (s.inverse - 1.0f);         // of a by |x|; and (b - a)/|x|
  const F rise = 2.0f * s.b * (1.0f - 2.0f * s.inverse);   // of b - a
  const F u_h_e = s.u[0] * h_e[0] + s.u[1] * h_e[1] + s.u[2] * h_e[2];
  const F ht_u_u = s.u[0] * ht_u[0] + s.u[1] * ht_u[1] + s.u[2] * ht_u[2];
  pull_back(s, d_gaussian);
  for (int k = 0; k < 3; ++k) {
    d_gaussian[k] += s.e[k] * (slope * trace + rise * u_h_e) + slope * (h_e[k] - s.e[k] * u_h_e);
    if (kind == ContractionKind::l2) d_gaussian[k] += slope * (ht_u[k] - s.e[k] * ht_u_u);  // e goes with the mean, too
  }
}

}  // namespace eik::EIK_ISA
