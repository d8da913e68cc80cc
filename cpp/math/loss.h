// Losses of one value and their derivatives by the prediction.
#pragma once
#include "math/scalar.h"

namespace eik {
enum class LossKind { l2, huber };
struct LossPlan {
  LossKind kind;
  float delta;  // Huber: where the square becomes a line
};
}  // namespace eik

namespace eik::EIK_ISA {

struct LossTerm {
  float value, slope;
};

// L2: e^2. Huber (1964): e^2/2 within delta, delta (|e| - delta/2) outside.
EIK_HD LossTerm loss_term(const LossPlan& plan, float prediction, float target) {
  const float e = prediction - target;
  if (plan.kind == LossKind::l2) return {e * e, 2.0f * e};
  const float a = fabsf(e);
  if (a <= plan.delta) return {0.5f * e * e, e};
  return {plan.delta * (a - 0.5f * plan.delta), e > 0 ? plan.delta : -plan.delta};
}

}  // namespace eik::EIK_ISA
