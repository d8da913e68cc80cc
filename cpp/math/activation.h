// Activations and their derivatives. Names and constants are tiny-cuda-nn's, so that configurations carry over.
#pragma once
#include "math/exponential.h"
#include "math/sine.h"

namespace eik {
enum class Activation { none, relu, leaky_relu, exponential, sigmoid, softplus, squareplus, tanh, sine, silu };
}

namespace eik::EIK_ISA {

// The exponential is clamped so that value and gradient stay finite whatever the network answers; the derivative is
// that of the clamped point, so that a saturated output can still come back (instant-ngp clamps its gradient alike).
constexpr float kExponentLimit = 15.0f;
constexpr float kSoftplusBeta = 10.0f;
constexpr float kSquareplusFactor = 10.0f;
constexpr float kLeakySlope = 0.01f;

template <class F>
EIK_HD F logistic(F x) {
  return 1.0f / (1.0f + exp_of(-x));
}

template <class F>
EIK_HD F activate(Activation a, F x) {
  switch (a) {
    case Activation::none: return x;
    case Activation::relu: return x > 0.0f ? x : F{};
    case Activation::leaky_relu: return x > 0.0f ? x : x * kLeakySlope;
    case Activation::exponential: return exp_of(clamped(x, F{} - kExponentLimit, F{} + kExponentLimit));
    case Activation::sigmoid: return logistic(x);
    case Activation::softplus: {
      const F z = x * kSoftplusBeta;
      return (greater(z, F{}) + log_of(1.0f + exp_of(-greater(z, -z)))) * (1.0f / kSoftplusBeta);
    }
    case Activation::squareplus: {
      // (z + s) / 2 without cancellation, and without overflow but for the square, which then counts nothing
      const F z = x * kSquareplusFactor, a = magnitude(z), s = root(a * a + 4.0f);
      return (greater(z, F{}) + 2.0f / (s + a)) * (1.0f / kSquareplusFactor);
    }
    case Activation::tanh: return 2.0f * logistic(x + x) - 1.0f;
    case Activation::sine: return sin_of(x);
    case Activation::silu: return x * logistic(x);
  }
  return x;
}

// The derivative, from the activation's input x.
template <class F>
EIK_HD F activation_slope(Activation a, F x) {
  switch (a) {
    case Activation::none: return F{} + 1.0f;
    case Activation::relu: return x > 0.0f ? F{} + 1.0f : F{};
    case Activation::leaky_relu: return x > 0.0f ? F{} + 1.0f : F{} + kLeakySlope;
    case Activation::exponential: return exp_of(clamped(x, F{} - kExponentLimit, F{} + kExponentLimit));
    case Activation::sigmoid: {
      const F s = logistic(x);
      return s * (1.0f - s);
    }
    case Activation::softplus: return logistic(x * kSoftplusBeta);
    case Activation::squareplus: {
      const F z = x * kSquareplusFactor, a = magnitude(z), s = root(a * a + 4.0f);
      const F small = 2.0f / (s * (s + a));  // (1 + z / s) / 2 for z < 0
      return z > 0.0f ? 1.0f - small : small;
    }
    case Activation::tanh: {
      const F t = 2.0f * logistic(x + x) - 1.0f;
      return 1.0f - t * t;
    }
    case Activation::sine: return sin_of(x + 1.57079633f);
    case Activation::silu: {
      const F s = logistic(x);
      return s + x * s * (1.0f - s);
    }
  }
  return F{} + 1.0f;
}

}  // namespace eik::EIK_ISA
