// The multilayer perceptron on one tile of points. All layers of kTileUnit points are one after another, in the first-level
// cache; what a backward pass needs of them stays in the second-level cache. Full keeps fp32 planes, Half bf16 pairs.
#pragma once
#include "core/plan.h"
#include "cpu/gemm.h"
#include "math/activation.h"

namespace eik::EIK_ISA {

// A layer's matrix as both products want it: columns (in whole planes for each part of what the layer sees), and rows.
template <class E>
struct LayerWeights {
  Matrix<E> forward, backward;
};

template <class E>
struct MlpWeights {
  int64_t first;  // channels of the network's inputs before those that begin with a plane of their own
  LayerWeights<E> layer[kMaxHiddenLayers + 1];
};

template <class E>
EIK_HD int64_t planes(int64_t channels) {
  return (channels + E::kChannels - 1) / E::kChannels;
}

// Of layer l: the network's inputs that it sees in front of what the layer before answers.
EIK_HD int64_t skipped(const MlpPlan& plan, int l) { return plan.inputs[l] - plan.width[l]; }

// Channels that begin with a plane of their own.
struct Part {
  int64_t channel, channels, plane;
};

struct Parts {
  Part part[3];
  int n = 0;
  int64_t channels = 0, planes = 0;
};

template <class E>
EIK_HD void add_part(Parts& parts, int64_t channels) {
  if (channels == 0) return;
  parts.part[parts.n++] = {parts.channels, channels, parts.planes};
  parts.channels += channels;
  parts.planes += planes<E>(channels);
}

template <class E>
EIK_HD Parts network_inputs(const MlpPlan& plan, int64_t first) {
  Parts parts;
  add_part<E>(parts, first);
  add_part<E>(parts, plan.width[0] - first);
  return parts;
}

// All that layer l sees.
template <class E>
EIK_HD Parts layer_inputs(const MlpPlan& plan, int64_t first, int l) {
  Parts parts;
  if (l == 0 || skipped(plan, l) > 0) parts = network_inputs<E>(plan, first);
  if (l > 0) add_part<E>(parts, plan.width[l]);
  return parts;
}

// Makes a network's weights ready; what has to be copied is taken from the arena. Of the network's inputs, those from the
// given one on begin with a plane of their own.
template <class E>
static MlpWeights<E> prepare_weights(const MlpPlan& plan, const float* parameters, Arena& arena, int64_t first = 0) {
  MlpWeights<E> out;
  out.first = first % E::kChannels == 0 ? plan.width[0] : first;
  for (int l = 0; l < plan.layers; ++l) {
    const int64_t inputs = plan.inputs[l], outputs = plan.width[l + 1], out_planes = planes<E>(outputs);
    const float* w = parameters + plan.offset + plan.weights[l];
    const float* bias = plan.bias ? w + outputs * inputs : nullptr;
    auto* backward = take<typename E::Element>(arena, inputs * out_planes);
    if constexpr (E::kChannels == 1) {
      for (int64_t o = 0; o < outputs; ++o)
        for (int64_t k = 0; k < inputs; ++k) backward[k * outputs + o] = w[o * inputs + k];
      out.layer[l] = {{w, inputs, bias}, {backward, outputs, nullptr}};
    } else {
      const Parts parts = layer_inputs<E>(plan, out.first, l);
      auto* forward = take<uint32_t>(arena, outputs * parts.planes);
      for (int i = 0; i < parts.n; ++i) {
        const Part& part = parts.part[i];
        for (int64_t o = 0; o < outputs; ++o)
          for (int64_t k = 0; k < part.channels; k += 2) {
            const float* from = w + o * inputs + part.channel + k;
            forward[o * parts.planes + part.plane + k / 2] = E::pack(from[0], k + 1 < part.channels ? from[1] : 0.0f);
          }
      }
      for (int64_t k = 0; k < inputs; ++k)
        for (int64_t o = 0; o < outputs; o += 2)
          backward[k * out_planes + o / 2] = E::pack(w[o * inputs + k], o + 1 < outputs ? w[(o + 1) * inputs + k] : 0.0f);
      out.layer[l] = {{forward, parts.planes, bias}, {backward, out_planes, nullptr}};
    }
  }
  return out;
}

// Planes of a tile. Their distance is odd in units of four cache lines, so that a unit of all of them spreads evenly over
// the sets of the first-level cache.
template <class T>
EIK_HD PlanesOf<T> take_tile(Arena& arena, int64_t planes, int64_t points) {
  return take_plane<T>(arena, planes, (points / kTileUnit | 1) * kTileUnit);
}

// kTileUnit points of fp32 planes through change (channel, value's place -> value) to where store wants them.
template <class Store, class Change>
EIK_HD void convert_unit(int64_t channels, const Change& change, const Store& to) {
  for (int64_t p = 0; p < kTileUnit; p += kRegisters * kLanes)
    for (int64_t k = 0; k < channels; k += 2) {
      vf two[2][kRegisters], one[1][kRegisters];
      const bool both = k + 1 < channels;
#pragma GCC unroll 4
      for (int v = 0; v < kRegisters; ++v) {
        one[0][v] = two[0][v] = change(k, p + v * kLanes);
        two[1][v] = both ? change(k + 1, p + v * kLanes) : vf{};
      }
      if (both)
        to(two, k, p);
      else
        to(one, k, p);
    }
}

// fp32 planes to those of E.
template <class E>
EIK_HD void convert(Plane in, int64_t channels, int64_t points, PlanesOf<typename E::Element> out) {
  for (int64_t begin = 0; begin < points; begin += kTileUnit)
    convert_unit(channels, [&](int64_t k, int64_t p) __attribute__((always_inline)) { return load(in[k] + begin + p); },
                 typename E::template Store<Finish::store>{out.data + begin, out.stride});
}

// What backward needs of a forward pass.
template <class E>
struct MlpTape {
  int64_t points;  // a multiple of kTileUnit
  PlanesOf<typename E::Element> input[kMaxHiddenLayers + 1];  // all that the layer sees
  Plane before[kMaxHiddenLayers + 1];  // pre-activations, where the derivative needs them
};

EIK_HD Activation activation_of(const MlpPlan& plan, int l) { return l == plan.layers - 1 ? plan.output : plan.hidden; }

// Whether a product's store does layer l's activation, so that nobody needs what comes before it.
EIK_HD bool is_fused(const MlpPlan& plan, int l) {
  return activation_of(plan, l) == (l == plan.layers - 1 ? Activation::none : Activation::relu);
}

// in can be read up to points. out is where a product stores (or planes of floats), written up to points. tape may be NULL
// where no backward pass follows; where one does, points past the end must be zero in in.
template <class E, class Out>
static void mlp_forward(const MlpPlan& plan, const MlpWeights<E>& weights, PlanesOf<typename E::Element> in, int64_t points,
                        const Out& out, Arena& arena, MlpTape<E>* tape) {
  typedef typename E::Element Element;
  const int64_t kept = tape ? points : kTileUnit;
  MlpTape<E> own;
  MlpTape<E>& t = tape ? *tape : own;
  t.points = points;
  t.input[0] = in;
  for (int l = 0; l < plan.layers; ++l) {
    if (l > 0) t.input[l] = take_tile<Element>(arena, layer_inputs<E>(plan, weights.first, l).planes, kept);
    if (!is_fused(plan, l)) t.before[l] = take_tile<float>(arena, plan.width[l + 1], kept);
  }
  const int64_t in_front = network_inputs<E>(plan, weights.first).planes;
  for (int64_t begin = 0; begin < points; begin += kTileUnit) {
    const int64_t at = tape ? begin : 0;
    PlanesOf<Element> x = in.from(begin);
    for (int l = 0; l < plan.layers; ++l) {
      const int64_t outputs = plan.width[l + 1];
      const Matrix<E>& w = weights.layer[l].forward;
      const auto run = [&](const auto& to) { product(outputs, w, w.row, x.data, x.stride, to); };
      const Plane before = is_fused(plan, l) ? Plane{} : t.before[l].from(at);
      const Activation activation = activation_of(plan, l);
      const auto activated = [&](int64_t k, int64_t p) __attribute__((always_inline)) {
        return activate(activation, load(before[k] + p));
      };
      if (!is_fused(plan, l)) run(StoreFull<Finish::store>{before.data, before.stride});
      if (l == plan.layers - 1) {
        if (is_fused(plan, l))
          run(out.from(begin));
        else
          convert_unit(outputs, activated, out.from(begin));
        break;
      }
      const PlanesOf<Element> all = t.input[l + 1].from(at);
      PlanesOf<Element> next = all;
      if (skipped(plan, l + 1) > 0) {
        for (int64_t k = 0; k < in_front; ++k)
          __builtin_memcpy(all[k], in[k] + begin, kTileUnit * sizeof(Element));
        next = all.channels(in_front);
      }
      if (is_fused(plan, l))
        run(typename E::template Store<Finish::relu>{next.data, next.stride});
      else
        convert_unit(outputs, activated, typename E::template Store<Finish::store>{next.data, next.stride});
      x = all;
    }
  }
}
template <class E>
static void mlp_forward(const MlpPlan& plan, const MlpWeights<E>& weights, PlanesOf<typename E::Element> in, int64_t points,
                        Plane out, Arena& arena, MlpTape<E>* tape) {
  mlp_forward<E>(plan, weights, in, points, StoreFull<Finish::store>{out.data, out.stride}, arena, tape);
}

// The gradient of what a layer answers before its activation: planes for the product with its weights, rows of single
// channels for the product with its inputs. Full's planes are such rows.
template <class E>
struct LayerGradient {
  typedef typename E::Element Element;
  PlanesOf<Element> planes, rows;

  // Planes of kTileUnit points do where rows are apart.
  EIK_HD LayerGradient(int64_t channels, int64_t points, bool want_rows, Arena& arena) {
    if constexpr (E::kChannels == 1) {
      planes = rows = take_tile<Element>(arena, channels, points);
    } else {
      planes = take_tile<Element>(arena, eik::EIK_ISA::planes<E>(channels), kTileUnit);
      rows = want_rows ? take_plane<Element>(arena, channels, points / 2) : PlanesOf<Element>{};
    }
  }
  EIK_HD PlanesOf<Element> unit(int64_t begin) const { return E::kChannels == 1 ? planes.from(begin) : planes; }
  template <Finish finish>
  EIK_HD auto store(int64_t begin, const Element* gate, int64_t gate_stride) const {
    const PlanesOf<Element> to = unit(begin);
    if constexpr (E::kChannels == 1)
      return typename E::template Store<finish>{to.data, to.stride, gate, gate_stride};
    else
      return typename E::template Store<finish>{to.data, to.stride, gate, gate_stride,
                                                rows.data ? rows.data + begin / 2 : nullptr, rows.stride};
  }
};

// Adds the gradients of layer l's matrix and bias.
template <class E>
static void layer_gradients(const MlpPlan& plan, const MlpWeights<E>& weights, const MlpTape<E>& tape, int l,
                            PlanesOf<typename E::Element> d, float* gradients, Arena& arena) {
  typedef typename E::Element Element;
  const int64_t outputs = plan.width[l + 1], inputs = plan.inputs[l], depth = tape.points / E::kChannels;
  const PlanesOf<const Element> x{tape.input[l].data, tape.input[l].stride};
  const Parts parts = layer_inputs<E>(plan, weights.first, l);
  Element* turned = take<Element>(arena, depth * kRegisters * kLanes);
  for (int i = 0; i < parts.n; ++i)
    for (int64_t k = 0; k < parts.part[i].channels; k += kRegisters * kLanes) {
      const int64_t channels = lesser<int64_t>(kRegisters * kLanes, parts.part[i].channels - k);
      turn(x.channels(parts.part[i].plane + k / E::kChannels), channels, tape.points, turned);
      outer<E>(outputs, channels, depth, d, turned, gradients + parts.part[i].channel + k, inputs);
    }
  for (int64_t o = 0; plan.bias && o < outputs; ++o) {
    vf total{};
    for (int64_t p = 0; p < depth; p += kLanes) total += E::single(load(d[o] + p));
    gradients[outputs * inputs + o] += sum(total);
  }
}

// d_out: [outputs][points], zero past the end. d_in: planes of floats or of E for the gradients of the first d_inputs
// inputs; none for 0. gradients (of the network's first parameter) may be NULL; they are added to.
template <class E, class In>
static void mlp_backward(const MlpPlan& plan, const MlpWeights<E>& weights, const MlpTape<E>& tape, Plane d_out,
                         PlanesOf<In> d_in, int64_t d_inputs, float* gradients, Arena& arena) {
  typedef typename E::Element Element;
  const int64_t points = tape.points;
  const int last = plan.layers - 1;
  const int64_t in_front = network_inputs<E>(plan, weights.first).planes;
  LayerGradient<E>* of = take<LayerGradient<E>>(arena, plan.layers);
  bool skips = false;
  for (int l = 0; l <= last; ++l) {
    of[l] = LayerGradient<E>(plan.width[l + 1], points, gradients != nullptr, arena);
    skips |= skipped(plan, l) > 0;
  }
  constexpr bool is_float = __is_same(In, float);
  Plane raw{}, sum{};
  if (plan.hidden != Activation::relu) {
    int64_t widest = 0;
    for (int l = 1; l <= last; ++l) widest = greater<int64_t>(widest, plan.width[l]);
    raw = take_tile<float>(arena, widest, kTileUnit);
  }
  if (!is_float && skips) sum = take_tile<float>(arena, d_inputs, kTileUnit);  // of several layers, in fp32

  for (int64_t begin = 0; begin < points; begin += kTileUnit) {
    convert_unit(plan.width[plan.layers], [&](int64_t k, int64_t p) __attribute__((always_inline)) {
      const vf g = load(d_out[k] + begin + p);
      if (plan.output == Activation::none) return g;
      return g * activation_slope(plan.output, load(tape.before[last][k] + begin + p));
    }, of[last].template store<Finish::store>(begin, nullptr, 0));
    bool begun = false;
    for (int l = last; l >= 0; --l) {
      const Matrix<E>& w = weights.layer[l].backward;
      const PlanesOf<Element> d = of[l].unit(begin);
      const auto run = [&](int64_t row, int64_t rows, const auto& to) {
        product(rows, Matrix<E>{w.data + row * w.row, w.row, nullptr}, w.row, d.data, d.stride, to);
      };
      const int64_t front = skipped(plan, l);
      if (d_inputs > 0 && (l == 0 || front > 0)) {
        if constexpr (is_float) {
          if (begun)
            run(0, d_inputs, StoreFull<Finish::add>{d_in.data + begin, d_in.stride});
          else
            run(0, d_inputs, StoreFull<Finish::store>{d_in.data + begin, d_in.stride});
        } else if (!skips) {
          run(0, d_inputs, typename E::template Store<Finish::store>{d_in.data + begin, d_in.stride});
        } else if (begun) {
          run(0, d_inputs, StoreFull<Finish::add>{sum.data, sum.stride});
        } else {
          run(0, d_inputs, StoreFull<Finish::store>{sum.data, sum.stride});
        }
        begun = true;
      }
      if (l == 0) break;
      if (plan.hidden == Activation::relu) {
        const PlanesOf<Element> x = tape.input[l].channels(front > 0 ? in_front : 0).from(begin);
        run(front, plan.width[l], of[l - 1].template store<Finish::gate>(begin, x.data, x.stride));
      } else {
        run(front, plan.width[l], StoreFull<Finish::store>{raw.data, raw.stride});
        convert_unit(plan.width[l], [&](int64_t k, int64_t p) __attribute__((always_inline)) {
          return load(raw[k] + p) * activation_slope(plan.hidden, load(tape.before[l - 1][k] + begin + p));
        }, of[l - 1].template store<Finish::store>(begin, nullptr, 0));
      }
    }
    if constexpr (!is_float)
      if (skips) convert<E>(sum, d_inputs, kTileUnit, d_in.from(begin));
  }
  for (int l = 0; gradients && l <= last; ++l)
    layer_gradients<E>(plan, weights, tape, l, of[l].rows, gradients + plan.weights[l], arena);
}

}  // namespace eik::EIK_ISA
