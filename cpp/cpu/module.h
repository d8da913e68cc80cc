// A module of any kind on rows of points: forward, and the vector-Jacobian product. Encodings run over a chunk of points
// level by level; networks tile by tile. Weight gradients are summed per group of tiles and then in the order of groups,
// so that the result does not depend on which thread took which tile.
#pragma once
#include "core/backend.h"
#include "cpu/encoding.h"
#include "cpu/mlp.h"

namespace eik::EIK_ISA {

constexpr int64_t kChunk = 1 << 16;  // points
constexpr int64_t kTile = 768;       // points, a multiple of kTileUnit
constexpr int64_t kNetworkTile = 384;  // of a network alone: its tape is small enough up to a width of 256
constexpr int64_t kGroups = 32;      // of tiles, at most; fewer where a network is so large that they would not fit
constexpr int64_t kGroupSums = 1 << 25;

// Points in a chunk: as many as keep a module with very many channels within memory. A function of the module alone.
EIK_HD int64_t chunk_points(const ModulePlan& plan) {
  constexpr int64_t kChunkValues = 1 << 25;
  const int64_t channels = 2 * (plan.inputs + plan.outputs + plan.encoding.outputs + plan.direction.outputs);
  return clamped(kChunkValues / channels / kTile * kTile, kTile, kChunk);
}

template <class E>
struct ModuleWeights {
  MlpWeights<E> network, head;
};

template <class E>
static ModuleWeights<E> prepare_weights(const ModulePlan& plan, const Parameters& parameters, Arena& arena) {
  ModuleWeights<E> weights;
  if (plan.kind != ModuleKind::encoding) weights.network = prepare_weights<E>(plan.network, parameters.values, arena);
  if (plan.kind == ModuleKind::radiance)
    weights.head = prepare_weights<E>(plan.head, parameters.values, arena, plan.network.width[plan.network.layers]);
  return weights;
}

// The networks' weight gradients, one sum a group: the network's, then the head's.
struct GradientGroups {
  int64_t network, total, groups;
  float* sums;
  EIK_HD float* of(int64_t group) const { return sums + group * total; }
};

EIK_HD GradientGroups take_groups(const ModulePlan& plan, int64_t tiles, Arena& arena) {
  const int64_t network = plan.kind == ModuleKind::encoding ? 0 : plan.network.parameters;
  const int64_t total = network + (plan.kind == ModuleKind::radiance ? plan.head.parameters : 0);
  const int64_t groups = lesser(tiles, clamped(kGroupSums / greater<int64_t>(total, 1), int64_t{8}, kGroups));
  return {network, total, groups, take<float>(arena, groups * total)};
}

// tile(index, gradients of the network, of the head, thread) for all tiles.
template <class Tile>
EIK_HD void for_tiles(Exec& exec, int64_t tiles, const GradientGroups& groups, const Tile& tile) {
  parallel(exec, groups.groups, [&](int64_t g, int thread) {
    float* sums = groups.of(g);
    __builtin_memset(sums, 0, static_cast<size_t>(groups.total) * sizeof(float));
    for (int64_t i = tiles * g / groups.groups; i < tiles * (g + 1) / groups.groups; ++i)
      tile(i, sums, sums + groups.network, thread);
  });
}

static void add_groups(Exec& exec, const ModulePlan& plan, const GradientGroups& groups, const Parameters& parameters) {
  constexpr int64_t kPart = 2048;
  parallel(exec, (groups.total + kPart - 1) / kPart, [&](int64_t part, int) {
    for (int64_t i = part * kPart; i < lesser((part + 1) * kPart, groups.total); ++i) {
      float total = 0;
      for (int64_t g = 0; g < groups.groups; ++g) total += groups.of(g)[i];
      const int64_t at = i < groups.network ? plan.network.offset + i : plan.head.offset + i - groups.network;
      parameters.gradients[at] += total;
    }
  });
}

// Where the density network's outputs go: to the head's inputs, and the first of them, the raw density, in fp32, too.
template <class Store>
struct DensityAndInputs {
  Store inputs;
  float* density;
  EIK_HD DensityAndInputs from(int64_t p) const { return {inputs.from(p), density + p}; }
  template <int R, int V>
  EIK_HD void operator()(const vf (&sum)[R][V], int64_t o, int64_t p) const {
#pragma GCC unroll 4
    for (int v = 0; o == 0 && v < V; ++v) store(density + p + v * kLanes, sum[0][v]);
    inputs(sum, o, p);
  }
};

// A radiance field on one tile of samples.
template <class E>
struct RadianceTile {
  typedef PlanesOf<typename E::Element> Elements;
  const ModulePlan& plan;
  const ModuleWeights<E>& weights;
  Arena& arena;
  int64_t points;
  bool trains;  // a backward pass follows
  Elements head_in;
  float* density;
  Plane color;
  MlpTape<E> network_tape, head_tape;

  RadianceTile(const ModulePlan& plan, const ModuleWeights<E>& weights, Arena& arena, int64_t points, bool trains)
      : plan(plan), weights(weights), arena(arena), points(points), trains(trains),
        head_in(take_tile<typename E::Element>(arena, network_inputs<E>(plan.head, weights.head.first).planes, points)),
        density(take<float>(arena, points)), color(take_plane(arena, plan.head.width[plan.head.layers], points)) {}

  Elements encoded_direction() const { return head_in.channels(planes<E>(plan.network.width[plan.network.layers])); }
  const float* raw_density() const { return density; }

  void network(Elements features) {
    typedef typename E::template Store<Finish::store> Store;
    mlp_forward<E>(plan.network, weights.network, features, points,
                   DensityAndInputs<Store>{Store{head_in.data, head_in.stride}, density}, arena,
                   trains ? &network_tape : nullptr);
  }
  void head() { mlp_forward<E>(plan.head, weights.head, head_in, points, color, arena, trains ? &head_tape : nullptr); }

  // Both networks, from features and encoded directions that can be read up to points.
  void evaluate(Elements features, Elements direction) {
    network(features);
    for (int64_t k = 0; k < planes<E>(plan.direction.outputs); ++k)
      __builtin_memcpy(encoded_direction()[k], direction[k], static_cast<size_t>(points) * sizeof(direction[k][0]));
    head();
  }

  // Gradients of features, planes of floats or of E, and of the encoded direction are made where they have data.
  template <class T>
  void backward(Plane d_color, const float* d_raw_density, PlanesOf<T> d_features, float* network_gradients,
                float* head_gradients, Plane d_direction = {}) {
    const int64_t outputs = plan.network.width[plan.network.layers], wanted = d_direction.data ? plan.head.width[0] : outputs;
    const Plane d_head_in = take_tile<float>(arena, wanted, points);
    mlp_backward<E>(plan.head, weights.head, head_tape, d_color, d_head_in, wanted, head_gradients, arena);
    for (int64_t p = 0; p < points; p += kLanes)
      store(d_head_in[0] + p, load(d_head_in[0] + p) + load(d_raw_density + p));
    mlp_backward<E>(plan.network, weights.network, network_tape, d_head_in, d_features,
                    d_features.data ? plan.network.width[0] : 0, network_gradients, arena);
    for (int64_t k = outputs; k < wanted; ++k)
      __builtin_memcpy(d_direction[k - outputs], d_head_in[k], static_cast<size_t>(points) * sizeof(float));
  }
};

// rows[n][channels] to planes and back; planes are cleared from n to the end of their stride.
static void to_planes(Exec& exec, const float* rows, int64_t n, int64_t channels, Plane out) {
  parallel(exec, (out.stride + kSlice - 1) / kSlice, [&](int64_t slice, int) {
    const int64_t begin = slice * kSlice, points = lesser(kSlice, out.stride - begin);
    rows_to_planes<Full>(rows + begin * channels, n - begin, channels, points, out.from(begin));
  });
}
static void to_rows(Exec& exec, Plane in, int64_t n, int64_t channels, float* rows) {
  parallel(exec, (n + kSlice - 1) / kSlice, [&](int64_t slice, int) {
    const int64_t begin = slice * kSlice;
    planes_to_rows(in.from(begin), lesser(kSlice, n - begin), channels, rows + begin * channels);
  });
}

template <class T = float>
EIK_HD PlanesOf<T> take_batch(Arena& arena, int64_t channels, int64_t n) {
  return take_plane<T>(arena, channels, padded(n, kTileUnit) + kPadding);
}

EIK_HD int64_t tile_points(int64_t n, int64_t tile) { return padded(lesser(kTile, n - tile * kTile), kTileUnit); }

// A network alone: from rows to rows tile by tile.
template <class E>
static void forward_network(Exec& exec, const MlpPlan& plan, const MlpWeights<E>& weights, int64_t n, const float* inputs,
                            float* outputs) {
  const int64_t width = plan.width[plan.layers];
  parallel(exec, (n + kNetworkTile - 1) / kNetworkTile, [&](int64_t i, int thread) {
    Arena& arena = exec.local(thread);
    arena.reset();
    const int64_t begin = i * kNetworkTile, own = lesser(kNetworkTile, n - begin), points = padded(own, kTileUnit);
    const auto in = take_tile<typename E::Element>(arena, planes<E>(plan.width[0]), points);
    const Plane out = take_tile<float>(arena, width, points);
    rows_to_planes<E>(inputs + begin * plan.width[0], own, plan.width[0], points, in);
    mlp_forward<E>(plan, weights, in, points, out, arena, nullptr);
    planes_to_rows(out, own, width, outputs + begin * width);
  });
}

template <class E>
static void backward_network(Exec& exec, const ModulePlan& module, const MlpWeights<E>& weights, const Parameters& parameters,
                             int64_t n, const float* inputs, const float* d_outputs, float* d_inputs, bool want_parameters) {
  const MlpPlan& plan = module.network;
  const int64_t width = plan.width[plan.layers], tiles = (n + kNetworkTile - 1) / kNetworkTile;
  const GradientGroups groups = take_groups(module, tiles, exec.shared);
  for_tiles(exec, tiles, groups, [&](int64_t i, float* gradients, float*, int thread) {
    Arena& arena = exec.local(thread);
    arena.reset();
    const int64_t begin = i * kNetworkTile, own = lesser(kNetworkTile, n - begin), points = padded(own, kTileUnit);
    const auto in = take_tile<typename E::Element>(arena, planes<E>(plan.width[0]), points);
    const Plane out = take_tile<float>(arena, width, points);
    const Plane d_in = take_tile<float>(arena, plan.width[0], points);
    MlpTape<E> tape;
    rows_to_planes<E>(inputs + begin * plan.width[0], own, plan.width[0], points, in);
    mlp_forward<E>(plan, weights, in, points, out, arena, &tape);
    rows_to_planes<Full>(d_outputs + begin * width, own, width, points, out);
    mlp_backward<E>(plan, weights, tape, out, d_in, d_inputs ? plan.width[0] : 0, want_parameters ? gradients : nullptr, arena);
    if (d_inputs) planes_to_rows(d_in, own, plan.width[0], d_inputs + begin * plan.width[0]);
  });
  if (want_parameters) add_groups(exec, module, groups, parameters);
}

// Points past the end were encoded too; weight gradients must not see them.
template <class T>
EIK_HD void clear_past_end(PlanesOf<T> planes, int64_t count, int64_t n) {
  for (int64_t k = 0; k < count; ++k) __builtin_memset(planes[k] + n, 0, static_cast<size_t>(planes.stride - n) * sizeof(T));
}

// An encoding's outputs as a network wants them.
template <class E>
static PlanesOf<typename E::Element> encoded(Exec& exec, const EncodingPlan& plan, const Parameters& parameters, Plane in,
                                             int64_t n) {
  const auto out = take_batch<typename E::Element>(exec.shared, planes<E>(plan.outputs), n);
  encode(exec, plan, parameters, in, n, out);
  clear_past_end(out, planes<E>(plan.outputs), n);
  return out;
}

template <class E>
static void forward_chunk(Exec& exec, const ModulePlan& plan, const ModuleWeights<E>& weights, const Parameters& parameters,
                          int64_t n, const float* inputs, float* outputs) {
  if (plan.kind == ModuleKind::network) return forward_network<E>(exec, plan.network, weights.network, n, inputs, outputs);
  const Plane in = take_batch(exec.shared, plan.inputs, n);
  to_planes(exec, inputs, n, plan.inputs, in);
  const Plane out = take_batch(exec.shared, plan.outputs, n);
  if (plan.kind == ModuleKind::encoding) {
    encode(exec, plan.encoding, parameters, in, n, out);
    return to_rows(exec, out, n, plan.outputs, outputs);
  }
  const auto features = encoded<E>(exec, plan.encoding, parameters, in, n);
  PlanesOf<typename E::Element> direction{};
  if (plan.kind == ModuleKind::radiance) direction = encoded<E>(exec, plan.direction, parameters, in.channels(3), n);
  parallel(exec, (n + kTile - 1) / kTile, [&](int64_t i, int thread) {
    Arena& arena = exec.local(thread);
    arena.reset();
    const int64_t begin = i * kTile, points = tile_points(n, i);
    if (plan.kind == ModuleKind::chain) {
      mlp_forward<E>(plan.network, weights.network, features.from(begin), points, out.from(begin), arena, nullptr);
      return;
    }
    RadianceTile<E> tile(plan, weights, arena, points, false);
    tile.evaluate(features.from(begin), direction.from(begin));
    for (int64_t k = 0; k < plan.outputs - 1; ++k)
      __builtin_memcpy(out[k] + begin, tile.color[k], static_cast<size_t>(points) * sizeof(float));
    __builtin_memcpy(out[plan.outputs - 1] + begin, tile.raw_density(), static_cast<size_t>(points) * sizeof(float));
  });
  to_rows(exec, out, n, plan.outputs, outputs);
}

template <class E>
static void backward_chunk(Exec& exec, const ModulePlan& plan, const ModuleWeights<E>& weights,
                           const Parameters& parameters, int64_t n, const float* inputs, const float* d_outputs,
                           float* d_inputs, bool want_parameters) {
  if (plan.kind == ModuleKind::network)
    return backward_network<E>(exec, plan, weights.network, parameters, n, inputs, d_outputs, d_inputs, want_parameters);
  Arena& shared = exec.shared;
  const Plane in = take_batch(shared, plan.inputs, n), d_out = take_batch(shared, plan.outputs, n);
  to_planes(exec, inputs, n, plan.inputs, in);
  to_planes(exec, d_outputs, n, plan.outputs, d_out);
  Plane d_features = d_out, d_direction{};
  if (plan.kind != ModuleKind::encoding) {
    d_features = take_batch(shared, plan.encoding.outputs, n);
    const auto features = encoded<E>(exec, plan.encoding, parameters, in, n);
    PlanesOf<typename E::Element> direction{};
    if (plan.kind == ModuleKind::radiance) {
      d_direction = take_batch(shared, plan.direction.outputs, n);
      direction = encoded<E>(exec, plan.direction, parameters, in.channels(3), n);
    }
    const int64_t tiles = (n + kTile - 1) / kTile;
    const GradientGroups groups = take_groups(plan, tiles, shared);
    for_tiles(exec, tiles, groups, [&](int64_t i, float* network_gradients, float* head_gradients, int thread) {
      Arena& arena = exec.local(thread);
      arena.reset();
      const int64_t begin = i * kTile, points = tile_points(n, i);
      if (plan.kind == ModuleKind::radiance) {
        RadianceTile<E> tile(plan, weights, arena, points, true);
        tile.evaluate(features.from(begin), direction.from(begin));
        tile.backward(d_out.from(begin), d_out[plan.outputs - 1] + begin, d_features.from(begin), network_gradients,
                      head_gradients, d_direction.from(begin));
      } else {
        MlpTape<E> tape;
        const Plane out = take_tile<float>(arena, plan.outputs, points);
        mlp_forward<E>(plan.network, weights.network, features.from(begin), points, out, arena, &tape);
        mlp_backward<E>(plan.network, weights.network, tape, d_out.from(begin), d_features.from(begin),
                        plan.network.width[0], network_gradients, arena);
      }
    });
    if (want_parameters) add_groups(exec, plan, groups, parameters);
  }
  const Segment all{0, n};
  const auto nothing = [](int64_t, int64_t) {};
  if (want_parameters) encode_parameters(exec, plan.encoding, parameters, in, &all, 1, d_features, nothing);
  if (want_parameters && plan.kind == ModuleKind::radiance)
    encode_parameters(exec, plan.direction, parameters, in.channels(3), &all, 1, d_direction, nothing);
  if (!d_inputs) return;
  const Plane d_in = take_batch(shared, plan.inputs, n);
  __builtin_memset(d_in.data, 0, static_cast<size_t>(plan.inputs * d_in.stride) * sizeof(float));
  encode_inputs(exec, plan.encoding, parameters, in, n, d_features, d_in);
  if (plan.kind == ModuleKind::radiance)
    encode_inputs(exec, plan.direction, parameters, in.channels(3), n, d_direction, d_in.channels(3));
  to_rows(exec, d_in, n, plan.inputs, d_inputs);
}

// Calls body.run<E>() with the planes' element type of this device.
template <class Body>
EIK_HD void with_precision(const Exec& exec, const Body& body) {
#if defined(__AVX512BF16__)
  if (exec.half) return body(Half{});
#endif
  (void)exec;
  body(Full{});
}

static void forward(Exec& exec, const ModulePlan& plan, Parameters parameters, int64_t n, const float* inputs,
                    float* outputs) {
  with_precision(exec, [&](auto element) {
    const int64_t chunk = chunk_points(plan);
    for (int64_t begin = 0; begin < n; begin += chunk) {
      exec.shared.reset();
      const auto weights = prepare_weights<decltype(element)>(plan, parameters, exec.shared);
      forward_chunk(exec, plan, weights, parameters, lesser(chunk, n - begin), inputs + begin * plan.inputs,
                    outputs + begin * plan.outputs);
    }
  });
}

static void backward(Exec& exec, const ModulePlan& plan, Parameters parameters, int64_t n, const float* inputs,
                     const float* d_outputs, float* d_inputs, bool want_parameters) {
  with_precision(exec, [&](auto element) {
    const int64_t chunk = chunk_points(plan);
    for (int64_t begin = 0; begin < n; begin += chunk) {
      exec.shared.reset();
      const auto weights = prepare_weights<decltype(element)>(plan, parameters, exec.shared);
      backward_chunk(exec, plan, weights, parameters, lesser(chunk, n - begin), inputs + begin * plan.inputs,
                     d_outputs + begin * plan.outputs, d_inputs ? d_inputs + begin * plan.inputs : nullptr,
                     want_parameters);
    }
  });
}

}  // namespace eik::EIK_ISA
