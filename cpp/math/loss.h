// Losses of one value and their derivatives by the prediction. Where a loss is relative to the prediction, that counts as
// a constant in the derivative (Lehtinen et al. 2018, Noise2Noise), as in tiny-cuda-nn.
#pragma once
#include "math/scalar.h"

namespace eik {
enum class LossKind { l2, l1, huber, relative_l2, mape, smape, charbonnier };
struct LossPlan {
  LossKind kind;
  float scale;  // Huber: where the square becomes a line; Charbonnier: epsilon
};
}  // namespace eik

namespace eik::EIK_ISA {

struct LossTerm {
  float value, slope;
};

EIK_HD LossTerm absolute_term(float e, float weight) {
  return {magnitude(e) * weight, e > 0.0f ? weight : e < 0.0f ? -weight : e};  // 0 at 0; NaN stays
}

EIK_HD LossTerm loss_term(const LossPlan& plan, float prediction, float target) {
  constexpr float kRelative = 0.01f;  // keeps denominators from 0
  const float e = prediction - target;
  switch (plan.kind) {
    case LossKind::l2: return {e * e, 2.0f * e};
    case LossKind::l1: return absolute_term(e, 1.0f);
    case LossKind::huber: {  // Huber 1964
      const float a = magnitude(e);
      if (a > plan.scale) return {plan.scale * (a - 0.5f * plan.scale), e > 0.0f ? plan.scale : -plan.scale};
      return {0.5f * e * e, e};
    }
    case LossKind::relative_l2: {
      const float weight = 1.0f / (prediction * prediction + kRelative);
      return {e * e * weight, 2.0f * e * weight};
    }
    case LossKind::mape: return absolute_term(e, 1.0f / (magnitude(target) + kRelative));
    case LossKind::smape: return absolute_term(e, 1.0f / (0.5f * (magnitude(prediction) + magnitude(target)) + kRelative));
    case LossKind::charbonnier: {  // Charbonnier et al. 1994
      const float a = root(e * e + plan.scale * plan.scale);
      return {a, e / a};
    }
  }
  return {e, 0.0f};
}

}  // namespace eik::EIK_ISA
