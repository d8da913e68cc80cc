// Adam (Kingma and Ba 2015) with L2 regularisation (added to the gradient) and decoupled weight decay (Loshchilov and
// Hutter 2019), for a scalar or a register of parameters.
#pragma once
#include "math/scalar.h"

namespace eik {
struct AdamStep {
  float rate;          // learning rate over the first moment's bias correction 1 - beta1^t
  float beta1, beta2;
  float second_scale;  // 1 / (1 - beta2^t)
  float epsilon;
  float l2;            // of network weights
  float decay;         // learning rate times decoupled weight decay
};
}  // namespace eik

namespace eik::EIK_ISA {

template <class F>
EIK_HD F adam_update(const AdamStep& s, F parameter, F gradient, F& first, F& second) {
  gradient = gradient + parameter * s.l2;
  first = first * s.beta1 + gradient * (1.0f - s.beta1);
  second = second * s.beta2 + gradient * gradient * (1.0f - s.beta2);
  return parameter - parameter * s.decay - first * s.rate / (root(second * s.second_scale) + s.epsilon);
}

}  // namespace eik::EIK_ISA
