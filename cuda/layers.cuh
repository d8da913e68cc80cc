// What the layers of a network read: points, their gradients and weights as operands of products; and the products that are
// the same however the layers between are computed. Hidden layers answer rows [point][channel] of the device's half
// precision; inputs and outputs are fp32 planes, which become half as they enter a product.
#pragma once
#include "core/plan.h"
#include "cuda/gradients.cuh"
#include "cuda/product.cuh"
#include "math/activation.h"

namespace eik::EIK_ISA {

// What backward needs of a forward pass.
template <class H>
struct MlpTape {
  Plane in;
  H* hidden[kMaxHiddenLayers] = {};      // rows that hidden layer l answers
  float* before[kMaxHiddenLayers] = {};  // rows of its pre-activations, where the derivative needs them
  Plane out_before{};                    // the same of the last layer
};

// The derivative follows from the sign of the answer: no pre-activation is kept.
__host__ __device__ inline bool slope_from_sign(Activation a) {
  return a == Activation::none || a == Activation::relu || a == Activation::leaky_relu;
}
__host__ __device__ inline float negative_slope(Activation a) {
  return a == Activation::none ? 1.0f : a == Activation::relu ? 0.0f : kLeakySlope;
}

__host__ __device__ inline int32_t skipped(const MlpPlan& plan, int l) { return plan.inputs[l] - plan.width[l]; }

// ---- operands --------------------------------------------------------------------------------------------------------

// Channels of points: planes in front, rows behind them, then ones (what a bias is multiplied with).
template <class H>
struct PointChannels {
  Plane front;
  int32_t in_front;
  const H* rows;  // NULL: none
  int32_t width;  // of rows

  __device__ bool planes() const { return !rows; }
  __device__ float at(int64_t point, int64_t channel) const {
    if (channel < in_front) return front[channel][point];
    return channel < in_front + width ? to_float(rows[point * width + channel - in_front]) : 1.0f;
  }
  // A channel of eight points, or eight channels of a point, if they can be had at once.
  __device__ bool eight_points(int64_t channel, int64_t point, Eight<H>& out) const {
    if (channel >= in_front) return false;
    const float* from = front[channel] + point;
    if (reinterpret_cast<uintptr_t>(from) % 16 != 0) return false;
    const float4 low = *reinterpret_cast<const float4*>(from), high = *reinterpret_cast<const float4*>(from + 4);
    out = {to_half<H>(low.x),  to_half<H>(low.y),  to_half<H>(low.z),  to_half<H>(low.w),
           to_half<H>(high.x), to_half<H>(high.y), to_half<H>(high.z), to_half<H>(high.w)};
    return true;
  }
  __device__ bool eight_channels(int64_t channel, int64_t point, Eight<H>& out) const {
    if (in_front > 0 || channel + 8 > width || width % 8 != 0) return false;
    out = *reinterpret_cast<const Eight<H>*>(rows + point * width + channel);
    return true;
  }
};

template <class H>
struct ByPoint {  // rows are points
  PointChannels<H> of;
  __device__ bool rows_together() const { return of.planes(); }
  template <class>
  __device__ Eight<H> eight(int64_t row, int64_t k, int64_t rows, int64_t end) const {
    Eight<H> out;
    if (of.planes() ? k < end && row + 8 <= rows && of.eight_points(k, row, out) : row < rows && k < end && of.eight_channels(k, row, out))
      return out;
    return gather_eight<H>(of.planes(), row, k, rows, end, [&](int64_t r, int64_t d) { return of.at(r, d); });
  }
};
template <class H>
struct ByChannel {  // rows are channels
  PointChannels<H> of;
  __device__ bool rows_together() const { return !of.planes(); }
  template <class>
  __device__ Eight<H> eight(int64_t row, int64_t k, int64_t rows, int64_t end) const {
    Eight<H> out;
    if (of.planes() ? row < rows && k + 8 <= end && of.eight_points(row, k, out) : row < rows && k < end && of.eight_channels(row, k, out))
      return out;
    return gather_eight<H>(!of.planes(), row, k, rows, end, [&](int64_t r, int64_t d) { return of.at(d, r); });
  }
};

// A layer's matrix, by output or (transposed) by input.
struct Weights {
  const float* w;
  int64_t inputs;
  bool transposed;
  __device__ bool rows_together() const { return transposed; }
  template <class H>
  __device__ Eight<H> eight(int64_t row, int64_t k, int64_t rows, int64_t end) const {
    return gather_eight<H>(transposed, row, k, rows, end,
                           [&](int64_t r, int64_t d) { return transposed ? w[d * inputs + r] : w[r * inputs + d]; });
  }
};

template <class H>
PointChannels<H> layer_input(const MlpPlan& plan, const MlpTape<H>& tape, int l) {
  if (l == 0) return {tape.in, plan.width[0], nullptr, 0};
  return {tape.in, skipped(plan, l), tape.hidden[l - 1], plan.width[l]};
}

// ---- products --------------------------------------------------------------------------------------------------------

// Layer l's gradients into parts from at on, where d, times the scale, is the gradient at its pre-activations.
template <class H>
void weight_gradients(Exec& exec, const MlpPlan& plan, const MlpTape<H>& tape, int l, PointChannels<H> d, GradientScale scale,
                      Count points, const GradientParts& parts, int64_t at) {
  const int32_t outputs = plan.width[l + 1], inputs = plan.inputs[l];
  const GradientParts g = parts;
  product<H>(exec, {outputs, nullptr}, inputs + (plan.bias ? 1 : 0), points, g.parts, ByChannel<H>{d},
             ByChannel<H>{layer_input(plan, tape, l)}, [=] __device__(int64_t o, int64_t k, float v, unsigned part) {
               const int64_t i = k < inputs ? o * inputs + k : static_cast<int64_t>(outputs) * inputs + o;
               g.sums[part * g.total + at + i] = v * scale.inverse();
             });
}

// d loss / d pre-activation of the last layer.
inline Plane output_gradient(Exec& exec, const MlpPlan& plan, Plane before, Count points, Plane d_out) {
  if (plan.output == Activation::none) return d_out;
  const int32_t outputs = plan.width[plan.layers];
  const Plane d = take_plane(exec, outputs, points.most);
  const Activation activation = plan.output;
  for_planes(exec, outputs, points, [=] __device__(int64_t k, int64_t p) {
    d[k][p] = d_out[k][p] * activation_slope(activation, before[k][p]);
  });
  return d;
}

}  // namespace eik::EIK_ISA
