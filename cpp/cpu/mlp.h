// The multilayer perceptron on one tile of points, small enough that all its planes stay in the second-level cache from
// the first layer to the last gradient. Full keeps fp32 planes, Half bf16 pairs.
#pragma once
#include "core/plan.h"
#include "cpu/gemm.h"
#include "math/activation.h"

namespace eik::EIK_ISA {

// A layer's matrix as both products want it. Where the layer sees the network's inputs, theirs are the first columns (in
// whole planes), and the first rows backward.
template <class E>
struct LayerWeights {
  Matrix<E> forward, backward;
};

template <class E>
struct MlpWeights {
  LayerWeights<E> layer[kMaxHiddenLayers + 1];
};

template <class E>
EIK_HD int64_t planes(int64_t channels) {
  return (channels + E::kChannels - 1) / E::kChannels;
}

// Of layer l: the network's inputs that it sees.
EIK_HD int64_t skipped(const MlpPlan& plan, int l) { return plan.inputs[l] - plan.width[l]; }

// Of layer l: the planes that it reads.
template <class E>
EIK_HD int64_t input_planes(const MlpPlan& plan, int l) {
  return planes<E>(skipped(plan, l)) + planes<E>(plan.width[l]);
}

// Makes a network's weights ready; what has to be copied is taken from the arena.
template <class E>
static MlpWeights<E> prepare_weights(const MlpPlan& plan, const float* parameters, Arena& arena) {
  MlpWeights<E> out;
  for (int l = 0; l < plan.layers; ++l) {
    const int64_t inputs = plan.inputs[l], outputs = plan.width[l + 1];
    const float* w = parameters + plan.offset + plan.weights[l];
    const float* bias = plan.bias ? w + outputs * inputs : nullptr;
    if constexpr (E::kChannels == 1) {
      out.layer[l] = {{w, inputs, 1, bias}, {w, 1, inputs, nullptr}};
    } else {
      const int64_t in_pairs = input_planes<E>(plan, l), out_pairs = planes<E>(outputs);
      auto* forward = take<uint32_t>(arena, outputs * in_pairs);
      auto* backward = take<uint32_t>(arena, inputs * out_pairs);
      // Columns [begin, end) in pairs: a part of the inputs begins with a pair of its own.
      const auto pack_columns = [&](int64_t begin, int64_t end, uint32_t* to) {
        for (int64_t o = 0; o < outputs; ++o)
          for (int64_t k = begin; k < end; k += 2)
            to[o * in_pairs + (k - begin) / 2] = E::pack(w[o * inputs + k], k + 1 < end ? w[o * inputs + k + 1] : 0.0f);
      };
      pack_columns(0, skipped(plan, l), forward);
      pack_columns(skipped(plan, l), inputs, forward + planes<E>(skipped(plan, l)));
      for (int64_t k = 0; k < inputs; ++k)
        for (int64_t o = 0; o < outputs; o += 2)
          backward[k * out_pairs + o / 2] =
              E::pack(w[o * inputs + k], o + 1 < outputs ? w[(o + 1) * inputs + k] : 0.0f);
      out.layer[l] = {{forward, in_pairs, 1, bias}, {backward, out_pairs, 1, nullptr}};
    }
  }
  return out;
}

// What backward needs of a forward pass.
template <class E>
struct MlpTape {
  int64_t points;  // a multiple of kTileUnit
  const typename E::Element* input[kMaxHiddenLayers + 1];  // all that the layer sees
  int64_t stride[kMaxHiddenLayers + 1];
  Plane before[kMaxHiddenLayers + 1];  // pre-activations, where the derivative needs them
};

// Behind the network's inputs, if layer l sees them: what the layer before answered.
template <class E>
EIK_HD const typename E::Element* layer_before(const MlpPlan& plan, const MlpTape<E>& tape, int l) {
  return tape.input[l] + planes<E>(skipped(plan, l)) * tape.stride[l];
}

template <class E>
EIK_HD typename E::Element* take_elements(Arena& arena, int64_t channels, int64_t points) {
  return take<typename E::Element>(arena, planes<E>(channels) * points);
}

// fp32 planes through change (channel value -> value) into the planes of E.
template <class E, class Change>
EIK_HD void convert(Plane in, int64_t channels, int64_t points, typename E::Element* out, const Change& change) {
  if constexpr (E::kChannels == 1) {
    for (int64_t k = 0; k < channels; ++k)
      for (int64_t p = 0; p < points; p += kLanes) store(out + k * points + p, change(k, p, load(in[k] + p)));
  } else {
    for (int64_t k = 0; k < channels; k += 2)
      for (int64_t p = 0; p < points; p += kLanes) {
        const vf low = change(k, p, load(in[k] + p));
        const vf high = k + 1 < channels ? change(k + 1, p, load(in[k + 1] + p)) : vf{};
        store(out + k / 2 * points + p, E::pack(low, high));
      }
  }
}

constexpr auto kUnchanged = [](int64_t, int64_t, vf x) __attribute__((always_inline)) { return x; };

// in can be read, and out written, up to points. Where backward follows, points past the end must be zero in in.
template <class E>
static void mlp_forward(const MlpPlan& plan, const MlpWeights<E>& weights, Plane in, int64_t points, Plane out,
                        Arena& arena, MlpTape<E>& tape) {
  typedef typename E::Element Element;
  tape.points = points;
  if constexpr (E::kChannels == 1) {
    tape.input[0] = in.data;
    tape.stride[0] = in.stride;
  } else {
    auto* packed = take_elements<E>(arena, plan.width[0], points);
    convert<E>(in, plan.width[0], points, packed, kUnchanged);
    tape.input[0] = packed;
    tape.stride[0] = points;
  }
  for (int l = 0; l < plan.layers; ++l) {
    const int64_t outputs = plan.width[l + 1], depth = input_planes<E>(plan, l);
    const Matrix<E>& w = weights.layer[l].forward;
    const Element* x = tape.input[l];
    const bool last = l == plan.layers - 1;
    const Activation activation = last ? plan.output : plan.hidden;
    if (last && activation == Activation::none) {
      product<E, Full, Finish::store>(outputs, depth, points, w, x,
                                      tape.stride[l], out.data, out.stride, nullptr);
      return;
    }
    Element* next = nullptr;
    if (!last) {
      const int64_t in_front = planes<E>(skipped(plan, l + 1));
      Element* all = take<Element>(arena, (in_front + planes<E>(outputs)) * points);
      for (int64_t k = 0; k < in_front; ++k)
        __builtin_memcpy(all + k * points, tape.input[0] + k * tape.stride[0], static_cast<size_t>(points) * sizeof(Element));
      next = all + in_front * points;
      tape.input[l + 1] = all;
      tape.stride[l + 1] = points;
      if (activation == Activation::relu) {
        product<E, E, Finish::relu>(outputs, depth, points, w, x,
                                    tape.stride[l], next, points, nullptr);
        continue;
      }
    }
    const Plane before = take_plane(arena, outputs, points);
    tape.before[l] = before;
    product<E, Full, Finish::store>(outputs, depth, points, w, x,
                                    tape.stride[l], before.data, before.stride, nullptr);
    if (last) {
      for (int64_t o = 0; o < outputs; ++o)
        for (int64_t p = 0; p < points; p += kLanes) store(out[o] + p, activate(activation, load(before[o] + p)));
    } else {
      convert<E>(before, outputs, points, next,
                 [&](int64_t, int64_t, vf v) __attribute__((always_inline)) { return activate(activation, v); });
    }
  }
}

#if defined(__AVX512BF16__)
// Planes of channel pairs as planes of single channels, two points in 32 bits: points p and p + kLanes share a word.
EIK_HD const uint32_t* split(const uint32_t* pairs, int64_t stride, int64_t channels, int64_t points, Arena& arena) {
  auto* out = take<uint32_t>(arena, (channels + 1) / 2 * points);
  for (int64_t k = 0; k < channels; k += 2) {
    uint32_t *low = out + k * (points / 2), *high = low + points / 2;
    for (int64_t p = 0; p < points; p += 2 * kLanes) {
      const vi a = load(pairs + k / 2 * stride + p), b = load(pairs + k / 2 * stride + p + kLanes);
      store(low + p / 2, (a & 0xffff) | (b << 16));
      store(high + p / 2, (a >> 16 & 0xffff) | (b & static_cast<int32_t>(0xffff0000)));
    }
  }
  return out;
}
#endif

// Adds the gradients of layer l's matrix and bias, from those of what it answers before its activation.
template <class E>
static void layer_gradients(const MlpPlan& plan, const MlpTape<E>& tape, int l, const typename E::Element* d,
                            int64_t d_stride, float* gradients, Arena& arena) {
  const int64_t outputs = plan.width[l + 1], inputs = plan.inputs[l], in_front = skipped(plan, l);
  float* bias = plan.bias ? gradients + outputs * inputs : nullptr;
  const auto* before = layer_before<E>(plan, tape, l);
  int64_t length = tape.points;
  if constexpr (E::kChannels == 1) {
    outer(outputs, in_front, length, d, d_stride, tape.input[l], tape.stride[l], gradients, inputs);
    outer(outputs, plan.width[l], length, d, d_stride, before, tape.stride[l], gradients + in_front, inputs);
  } else {
    d = split(d, d_stride, outputs, length, arena);
    const auto* front = split(tape.input[l], tape.stride[l], in_front, length, arena);
    before = split(before, tape.stride[l], plan.width[l], length, arena);
    length /= 2;
    d_stride = length;
    outer(outputs, in_front, length, d, length, front, length, gradients, inputs);
    outer(outputs, plan.width[l], length, d, length, before, length, gradients + in_front, inputs);
  }
  for (int64_t o = 0; bias && o < outputs; ++o) {
    vf total{};
    for (int64_t p = 0; p < length; p += kLanes) total += E::single(load(d + o * d_stride + p));
    bias[o] += sum(total);
  }
}

// d_out: [outputs][points], zero past the end. d_in may have no data. gradients (of the network's first parameter) may
// be NULL; they are added to.
template <class E>
static void mlp_backward(const MlpPlan& plan, const MlpWeights<E>& weights, const MlpTape<E>& tape, Plane d_out,
                         Plane d_in, float* gradients, Arena& arena) {
  typedef typename E::Element Element;
  const int64_t points = tape.points;
  const int last = plan.layers - 1;
  const Element* d;
  int64_t d_stride = points;
  if (E::kChannels == 1 && plan.output == Activation::none) {
    d = reinterpret_cast<const Element*>(d_out.data);
    d_stride = d_out.stride;
  } else {
    auto* scaled = take_elements<E>(arena, plan.width[plan.layers], points);
    if (plan.output == Activation::none)
      convert<E>(d_out, plan.width[plan.layers], points, scaled, kUnchanged);
    else
      convert<E>(d_out, plan.width[plan.layers], points, scaled, [&](int64_t k, int64_t p, vf g) __attribute__((always_inline)) {
        return g * activation_slope(plan.output, load(tape.before[last][k] + p));
      });
    d = scaled;
  }
  bool d_in_begun = false;
  for (int l = last; l >= 0; --l) {
    const int64_t outputs = plan.width[l + 1], in_front = skipped(plan, l);
    if (gradients) layer_gradients<E>(plan, tape, l, d, d_stride, gradients + plan.weights[l], arena);
    const int64_t depth = planes<E>(outputs);
    const Matrix<E>& w = weights.layer[l].backward;
    const int64_t to_inputs = l == 0 ? plan.width[0] : in_front;  // the matrix' first rows
    if (d_in.data && to_inputs > 0) {
      if (d_in_begun)
        product<E, Full, Finish::add>(to_inputs, depth, points, w, d, d_stride, d_in.data, d_in.stride, nullptr);
      else
        product<E, Full, Finish::store>(to_inputs, depth, points, w, d, d_stride, d_in.data, d_in.stride, nullptr);
      d_in_begun = true;
    }
    if (l == 0) return;
    const int64_t inputs = plan.width[l];
    auto* below = take_elements<E>(arena, inputs, points);
    if (plan.hidden == Activation::relu) {
      product<E, E, Finish::gate>(inputs, depth, points, w.rows(in_front), d, d_stride, below, points,
                                  layer_before<E>(plan, tape, l));
    } else {
      const Plane raw = take_plane(arena, inputs, points);
      product<E, Full, Finish::store>(inputs, depth, points, w.rows(in_front), d, d_stride, raw.data, raw.stride, nullptr);
      convert<E>(raw, inputs, points, below, [&](int64_t k, int64_t p, vf g) __attribute__((always_inline)) {
        return g * activation_slope(plan.hidden, load(tape.before[l - 1][k] + p));
      });
    }
    d = below;
    d_stride = points;
  }
}

}  // namespace eik::EIK_ISA
