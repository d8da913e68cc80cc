// The multilayer perceptron layer by layer: any widths, biases, skips, fp32. Each layer is a product that reads and writes
// all of its points' channels in memory.
//
// Floors of a layer of w to w channels, a point: 2 w^2 operations forward, 4 w^2 backward; 4 w bytes (halves) forward, 12 w
// backward.
#pragma once
#include "cuda/layers.cuh"

namespace eik::EIK_ISA {

// outputs: of the last layer, all of them or the first few. The hidden layers' rows are on the tape afterwards; what only
// backward needs is there if kept.
template <class H>
void layered_forward(Exec& exec, const MlpPlan& plan, const float* parameters, Plane in, Count points, int32_t outputs,
                     Plane out, bool kept, MlpTape<H>& tape) {
  tape.in = in;
  for (int l = 0; l < plan.layers; ++l) {
    const bool last = l == plan.layers - 1;
    const int32_t width = last ? outputs : plan.width[l + 1];
    const Activation activation = last ? plan.output : plan.hidden;
    const float* w = parameters + plan.offset + plan.weights[l];
    const float* bias = plan.bias ? w + static_cast<int64_t>(plan.width[l + 1]) * plan.inputs[l] : nullptr;
    Plane out_before{};
    H* hidden = nullptr;
    float* before = nullptr;
    if (last) {
      if (kept && activation != Activation::none) tape.out_before = out_before = take_plane(exec, width, points.most);
    } else {
      tape.hidden[l] = hidden = take<H>(exec, width * points.most);
      if (kept && !slope_from_sign(activation)) tape.before[l] = before = take<float>(exec, width * points.most);
    }
    product<H>(exec, points, width, {plan.inputs[l], nullptr}, 1, ByPoint<H>{layer_input(plan, tape, l)},
               Weights{w, plan.inputs[l], false}, [=] __device__(int64_t p, int64_t o, float v, unsigned) {
                 if (bias) v += bias[o];
                 const float answer = activate(activation, v);
                 if (last) {
                   if (out_before.data) out_before[o][p] = v;
                   out[o][p] = answer;
                 } else {
                   if (before) before[p * width + o] = v;
                   hidden[p * width + o] = to_half<H>(answer);
                 }
               });
  }
}

// d_in may have no data; parts, if there are any, get the weight gradients from first on.
template <class H>
void layered_backward(Exec& exec, const MlpPlan& plan, const float* parameters, const MlpTape<H>& tape, Count points,
                      Plane d_out, Plane d_in, const GradientParts* parts, int64_t first) {
  const int32_t outputs = plan.width[plan.layers];
  const Plane d_last = output_gradient(exec, plan, tape.out_before, points, d_out);
  const GradientScale scale = gradient_scale<H>(exec, d_last, outputs, points);
  H* d = take<H>(exec, outputs * points.most);
  for_planes(exec, outputs, points,
             [=] __device__(int64_t k, int64_t p) { d[p * outputs + k] = to_half<H>(d_last[k][p] * scale.factor()); });
  bool begun = false;
  for (int l = plan.layers - 1; l >= 0; --l) {
    const int32_t width = plan.width[l + 1], inputs = plan.inputs[l], in_front = skipped(plan, l);
    const float* w = parameters + plan.offset + plan.weights[l];
    const PointChannels<H> above{{}, 0, d, width};
    if (parts) weight_gradients(exec, plan, tape, l, above, scale, points, *parts, first + plan.weights[l]);
    const int32_t to_inputs = l == 0 ? plan.width[0] : in_front;
    if (d_in.data && to_inputs > 0) {
      const bool add = begun;
      product<H>(exec, points, to_inputs, {width, nullptr}, 1, ByPoint<H>{above}, Weights{w, inputs, true},
                 [=] __device__(int64_t p, int64_t k, float v, unsigned) {
                   v *= scale.inverse();
                   d_in[k][p] = add ? d_in[k][p] + v : v;
                 });
      begun = true;
    }
    if (l == 0) return;
    const int32_t below = plan.width[l];
    H* d_below = take<H>(exec, below * points.most);
    const H* answered = tape.hidden[l - 1];
    const float* before = tape.before[l - 1];
    const Activation activation = plan.hidden;
    product<H>(exec, points, below, {width, nullptr}, 1, ByPoint<H>{above}, Weights{w + in_front, inputs, true},
               [=] __device__(int64_t p, int64_t k, float v, unsigned) {
                 const int64_t i = p * below + k;
                 if (before)
                   v *= activation_slope(activation, before[i]);
                 else if (!(to_float(answered[i]) > 0.0f))
                   v = activation == Activation::relu ? 0.0f : v * negative_slope(activation);
                 d_below[i] = to_half<H>(v);
               });
    d = d_below;
  }
}

}  // namespace eik::EIK_ISA
