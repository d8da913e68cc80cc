// The multilayer perceptron on one tile of points, small enough that all its planes stay in the second-level cache from
// the first layer to the last gradient. Full keeps fp32 planes, Half bf16 pairs.
#pragma once
#include "core/plan.h"
#include "cpu/gemm.h"
#include "math/activation.h"

namespace eik::EIK_ISA {

// A layer's matrix as both products want it, in elements of the planes' type.
template <class E>
struct LayerWeights {
  typedef typename E::Element Element;
  const Element *forward, *backward;
  int64_t forward_row, forward_column, backward_row, backward_column;
};

template <class E>
struct MlpWeights {
  LayerWeights<E> layer[kMaxHiddenLayers + 1];
};

#if defined(__AVX512BF16__)
EIK_HD uint32_t pack_pair(float low, float high) {
  const uint32_t a = static_cast<uint32_t>(as_bits(low)), b = static_cast<uint32_t>(as_bits(high));
  return (a + 0x7fff + (a >> 16 & 1)) >> 16 | ((b + 0x7fff + (b >> 16 & 1)) & 0xffff0000u);
}
#endif

// Makes a network's weights ready; what has to be copied is taken from the arena.
template <class E>
static MlpWeights<E> prepare_weights(const MlpPlan& plan, const float* parameters, Arena& arena) {
  MlpWeights<E> out;
  for (int l = 0; l < plan.layers; ++l) {
    const int64_t inputs = plan.width[l], outputs = plan.width[l + 1];
    const float* w = parameters + plan.offset + plan.weights[l];
    if constexpr (E::kChannels == 1) {
      out.layer[l] = {w, w, inputs, 1, 1, inputs};
    } else {
      const int64_t in_pairs = (inputs + 1) / 2, out_pairs = (outputs + 1) / 2;
      auto* forward = take<uint32_t>(arena, outputs * in_pairs);
      auto* backward = take<uint32_t>(arena, inputs * out_pairs);
      const auto at = [&](int64_t o, int64_t k) { return o < outputs && k < inputs ? w[o * inputs + k] : 0.0f; };
      for (int64_t o = 0; o < outputs; ++o)
        for (int64_t k = 0; k < in_pairs; ++k) forward[o * in_pairs + k] = pack_pair(at(o, 2 * k), at(o, 2 * k + 1));
      for (int64_t k = 0; k < inputs; ++k)
        for (int64_t o = 0; o < out_pairs; ++o) backward[k * out_pairs + o] = pack_pair(at(2 * o, k), at(2 * o + 1, k));
      out.layer[l] = {forward, backward, in_pairs, 1, out_pairs, 1};
    }
  }
  return out;
}

// What backward needs of a forward pass.
template <class E>
struct MlpTape {
  int64_t points;  // a multiple of kTileUnit
  const typename E::Element* input[kMaxHiddenLayers + 1];
  int64_t stride[kMaxHiddenLayers + 1];
  Plane before[kMaxHiddenLayers + 1];  // pre-activations, where the derivative needs them
};

template <class E>
EIK_HD typename E::Element* take_elements(Arena& arena, int64_t channels, int64_t points) {
  return take<typename E::Element>(arena, (channels + E::kChannels - 1) / E::kChannels * points);
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
    const int64_t inputs = plan.width[l], outputs = plan.width[l + 1];
    const int64_t depth = (inputs + E::kChannels - 1) / E::kChannels;
    const auto& w = weights.layer[l];
    const Element* x = tape.input[l];
    const bool last = l == plan.layers - 1;
    const Activation activation = last ? plan.output : plan.hidden;
    if (last && activation == Activation::none) {
      product<E, Full, Finish::store>(outputs, depth, points, w.forward, w.forward_row, w.forward_column, x,
                                      tape.stride[l], out.data, out.stride, nullptr);
      return;
    }
    Element* next = nullptr;
    if (!last) {
      next = take_elements<E>(arena, outputs, points);
      tape.input[l + 1] = next;
      tape.stride[l + 1] = points;
      if (activation == Activation::relu) {
        product<E, E, Finish::relu>(outputs, depth, points, w.forward, w.forward_row, w.forward_column, x,
                                    tape.stride[l], next, points, nullptr);
        continue;
      }
    }
    const Plane before = take_plane(arena, outputs, points);
    tape.before[l] = before;
    product<E, Full, Finish::store>(outputs, depth, points, w.forward, w.forward_row, w.forward_column, x,
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
  for (int l = last; l >= 0; --l) {
    const int64_t inputs = plan.width[l], outputs = plan.width[l + 1];
    if (gradients) {
      float* c = gradients + plan.weights[l];
      if constexpr (E::kChannels == 1) {
        outer(outputs, inputs, points, d, d_stride, tape.input[l], tape.stride[l], c);
      } else {
        const uint32_t* d_single = split(d, d_stride, outputs, points, arena);
        const uint32_t* x_single = split(tape.input[l], tape.stride[l], inputs, points, arena);
        outer(outputs, inputs, points / 2, d_single, points / 2, x_single, points / 2, c);
      }
    }
    const int64_t depth = (outputs + E::kChannels - 1) / E::kChannels;
    const auto& w = weights.layer[l];
    if (l == 0) {
      if (d_in.data)
        product<E, Full, Finish::store>(inputs, depth, points, w.backward, w.backward_row, w.backward_column, d, d_stride,
                                        d_in.data, d_in.stride, nullptr);
      return;
    }
    auto* below = take_elements<E>(arena, inputs, points);
    if (plan.hidden == Activation::relu) {
      product<E, E, Finish::gate>(inputs, depth, points, w.backward, w.backward_row, w.backward_column, d, d_stride, below,
                                  points, tape.input[l]);
    } else {
      const Plane raw = take_plane(arena, inputs, points);
      product<E, Full, Finish::store>(inputs, depth, points, w.backward, w.backward_row, w.backward_column, d, d_stride,
                                      raw.data, raw.stride, nullptr);
      convert<E>(raw, inputs, points, below, [&](int64_t k, int64_t p, vf g) __attribute__((always_inline)) {
        return g * activation_slope(plan.hidden, load(tape.before[l - 1][k] + p));
      });
    }
    d = below;
    d_stride = points;
  }
}

}  // namespace eik::EIK_ISA
