// The multilayer perceptron on a batch of points, layer by layer. Activations of hidden layers are planes of the device's
// half precision; inputs and outputs are fp32 planes, which become half as they enter a product.
#pragma once
#include "cuda/product.cuh"
#include "math/activation.h"

namespace eik::EIK_ISA {

// What backward needs of a forward pass.
template <class H>
struct MlpTape {
  Plane in;
  PlaneOf<H> hidden[kMaxHiddenLayers + 1];  // what layer l answers
  Plane before[kMaxHiddenLayers + 1];       // pre-activations, where the derivative needs them
};

__host__ __device__ inline int32_t skipped(const MlpPlan& plan, int l) { return plan.inputs[l] - plan.width[l]; }

// Operands of products. Rows together: consecutive rows lie side by side in memory.

// What layer l sees at a point: the network's inputs in front, then what the layer before answered.
template <class H>
struct LayerInput {
  Plane front;
  int32_t in_front;
  PlaneOf<H> before;
  __device__ float at(int64_t point, int64_t k) const {
    return k < in_front ? front[k][point] : to_float(before[k - in_front][point]);
  }
  static constexpr bool kRowsTogether = true;
  __device__ float operator()(int64_t point, int64_t k) const { return at(point, k); }
};

// The same by channel, with 1 behind the last: what the bias is multiplied with.
template <class H>
struct LayerChannels {
  LayerInput<H> input;
  int32_t inputs;
  static constexpr bool kRowsTogether = false;
  __device__ float operator()(int64_t k, int64_t point) const { return k < inputs ? input.at(point, k) : 1.0f; }
};

template <class H>
struct Points {  // of planes, by point
  PlaneOf<H> planes;
  static constexpr bool kRowsTogether = true;
  __device__ float operator()(int64_t point, int64_t k) const { return to_float(planes[k][point]); }
};
template <class H>
struct Channels {  // of planes, by channel
  PlaneOf<H> planes;
  static constexpr bool kRowsTogether = false;
  __device__ float operator()(int64_t k, int64_t point) const { return to_float(planes[k][point]); }
};
struct Weights {  // a matrix by output
  const float* w;
  int64_t inputs;
  static constexpr bool kRowsTogether = false;
  __device__ float operator()(int64_t o, int64_t k) const { return w[o * inputs + k]; }
};
struct WeightColumns {  // a matrix by input
  const float* w;
  int64_t inputs;
  static constexpr bool kRowsTogether = true;
  __device__ float operator()(int64_t k, int64_t o) const { return w[o * inputs + k]; }
};

template <class H>
LayerInput<H> layer_input(const MlpPlan& plan, const MlpTape<H>& tape, int l) {
  return {tape.in, l == 0 ? plan.width[0] : skipped(plan, l), l == 0 ? PlaneOf<H>{} : tape.hidden[l - 1]};
}

// outputs: of the last layer, all of them or the first few.
template <class H>
void mlp_forward(Exec& exec, const MlpPlan& plan, const float* parameters, Plane in, Count points, int32_t outputs, Plane out,
                 MlpTape<H>& tape) {
  tape.in = in;
  for (int l = 0; l < plan.layers; ++l) {
    const bool last = l == plan.layers - 1;
    const int32_t width = last ? outputs : plan.width[l + 1];
    const Activation activation = last ? plan.output : plan.hidden;
    const float* w = parameters + plan.offset + plan.weights[l];
    const float* bias = plan.bias ? w + static_cast<int64_t>(plan.width[l + 1]) * plan.inputs[l] : nullptr;
    const bool keep = activation != Activation::none && (last || activation != Activation::relu);
    const Plane before = keep ? take_plane(exec, width, points.most) : Plane{};
    const PlaneOf<H> hidden = last ? PlaneOf<H>{} : take_plane<H>(exec, width, points.most);
    tape.before[l] = before;
    tape.hidden[l] = hidden;
    product<H>(exec, points, width, {plan.inputs[l], nullptr}, 1, layer_input<H>(plan, tape, l), Weights{w, plan.inputs[l]},
               [=] __device__(int64_t p, int64_t o, float v, unsigned) {
                 if (bias) v += bias[o];
                 if (keep) before[o][p] = v;
                 v = activate(activation, v);
                 if (last)
                   out[o][p] = v;
                 else
                   hidden[o][p] = to_half<H>(v);
               });
  }
}

// Weight gradients by parts of the points, to be added in the order of parts: the same bits every time.
struct GradientParts {
  int64_t total;
  unsigned parts;
  float* sums;  // [parts][total]
};

inline GradientParts take_parts(Exec& exec, int64_t total, int64_t points) {
  constexpr int64_t kPartPoints = 2048, kMostSums = 1 << 25;
  const int64_t most = clamped(kMostSums / greater<int64_t>(total, 1), int64_t{1}, int64_t{32});
  const auto parts = static_cast<unsigned>(clamped((points + kPartPoints - 1) / kPartPoints, int64_t{1}, most));
  return {total, parts, take<float>(exec, parts * total)};
}

// gradients[i] += the parts' sums, for count parameters from first (within a part).
inline void add_parts(Exec& exec, const GradientParts& g, int64_t first, int64_t count, float* gradients) {
  for_each(exec, count, [=] __device__(int64_t i) {
    float total = 0;
    for (unsigned part = 0; part < g.parts; ++part) total += g.sums[part * g.total + first + i];
    gradients[i] += total;
  });
}

// d_in may have no data. The network's weight gradients go to parts from first on, unless there are none.
template <class H>
void mlp_backward(Exec& exec, const MlpPlan& plan, const float* parameters, const MlpTape<H>& tape, Count points, Plane d_out,
                  Plane d_in, const GradientParts* parts, int64_t first) {
  const int last = plan.layers - 1;
  PlaneOf<H> d = take_plane<H>(exec, plan.width[plan.layers], points.most);
  {
    const Plane before = tape.before[last];
    const Activation activation = plan.output;
    const PlaneOf<H> scaled = d;
    for_planes(exec, plan.width[plan.layers], points, [=] __device__(int64_t k, int64_t p) {
      float g = d_out[k][p];
      if (activation != Activation::none) g *= activation_slope(activation, before[k][p]);
      scaled[k][p] = to_half<H>(g);
    });
  }
  bool begun = false;
  for (int l = last; l >= 0; --l) {
    const int32_t outputs = plan.width[l + 1], inputs = plan.inputs[l], in_front = skipped(plan, l);
    const float* w = parameters + plan.offset + plan.weights[l];
    const LayerInput<H> input = layer_input<H>(plan, tape, l);
    if (parts) {
      const GradientParts g = *parts;
      const int64_t at = first + plan.weights[l];
      product<H>(exec, {outputs, nullptr}, inputs + (plan.bias ? 1 : 0), points, g.parts, Channels<H>{d},
                 LayerChannels<H>{input, inputs}, [=] __device__(int64_t o, int64_t k, float v, unsigned part) {
                   const int64_t i = k < inputs ? o * inputs + k : static_cast<int64_t>(outputs) * inputs + o;
                   g.sums[part * g.total + at + i] = v;
                 });
    }
    const int32_t to_inputs = l == 0 ? plan.width[0] : in_front;
    if (d_in.data && to_inputs > 0) {
      const bool add = begun;
      product<H>(exec, points, to_inputs, {outputs, nullptr}, 1, Points<H>{d}, WeightColumns{w, inputs},
                 [=] __device__(int64_t p, int64_t k, float v, unsigned) { d_in[k][p] = add ? d_in[k][p] + v : v; });
      begun = true;
    }
    if (l == 0) return;
    const PlaneOf<H> below = take_plane<H>(exec, plan.width[l], points.most), answered = tape.hidden[l - 1];
    const Plane before = tape.before[l - 1];
    const Activation activation = plan.hidden;
    product<H>(exec, points, plan.width[l], {outputs, nullptr}, 1, Points<H>{d}, WeightColumns{w + in_front, inputs},
               [=] __device__(int64_t p, int64_t k, float v, unsigned) {
                 if (activation == Activation::relu)
                   v = to_float(answered[k][p]) > 0.0f ? v : 0.0f;
                 else if (activation != Activation::none)
                   v *= activation_slope(activation, before[k][p]);
                 below[k][p] = to_half<H>(v);
               });
    d = below;
  }
}

}  // namespace eik::EIK_ISA
