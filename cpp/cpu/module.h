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
  if (plan.kind == ModuleKind::radiance) weights.head = prepare_weights<E>(plan.head, parameters.values, arena);
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

// A radiance field on one tile of samples.
template <class E>
struct RadianceTile {
  const ModulePlan& plan;
  const ModuleWeights<E>& weights;
  Arena& arena;
  int64_t points;
  Plane head_in, color;
  MlpTape<E> network_tape, head_tape;

  RadianceTile(const ModulePlan& plan, const ModuleWeights<E>& weights, Arena& arena, int64_t points)
      : plan(plan), weights(weights), arena(arena), points(points),
        head_in(take_plane(arena, plan.head.width[0], points)),
        color(take_plane(arena, plan.head.width[plan.head.layers], points)) {}

  Plane encoded_direction() const { return head_in.channels(plan.network.width[plan.network.layers]); }
  const float* raw_density() const { return head_in[0]; }

  void network(Plane features) { mlp_forward<E>(plan.network, weights.network, features, points, head_in, arena, network_tape); }
  void head() { mlp_forward<E>(plan.head, weights.head, head_in, points, color, arena, head_tape); }

  // Both networks, from features and encoded directions that can be read up to points.
  void evaluate(Plane features, Plane direction) {
    network(features);
    for (int64_t k = 0; k < plan.direction.outputs; ++k)
      __builtin_memcpy(encoded_direction()[k], direction[k], static_cast<size_t>(points) * sizeof(float));
    head();
  }

  // d_features may have no data. Answers d loss / d encoded direction.
  Plane backward(Plane d_color, const float* d_raw_density, Plane d_features, float* network_gradients,
                 float* head_gradients) {
    const Plane d_head_in = take_plane(arena, plan.head.width[0], points);
    mlp_backward<E>(plan.head, weights.head, head_tape, d_color, d_head_in, head_gradients, arena);
    for (int64_t p = 0; p < points; p += kLanes)
      store(d_head_in[0] + p, load(d_head_in[0] + p) + load(d_raw_density + p));
    mlp_backward<E>(plan.network, weights.network, network_tape, d_head_in, d_features, network_gradients, arena);
    return d_head_in.channels(plan.network.width[plan.network.layers]);
  }
};

// rows[n][channels] to planes and back; planes are cleared from n to the end of their stride.
static void to_planes(Exec& exec, const float* rows, int64_t n, int64_t channels, Plane out) {
  parallel(exec, (out.stride + kSlice - 1) / kSlice, [&](int64_t slice, int) {
    const int64_t begin = slice * kSlice, end = lesser(begin + kSlice, out.stride);
    for (int64_t k = 0; k < channels; ++k)
      for (int64_t p = begin; p < end; ++p) out[k][p] = p < n ? rows[p * channels + k] : 0.0f;
  });
}
static void to_rows(Exec& exec, Plane in, int64_t n, int64_t channels, float* rows) {
  parallel(exec, (n + kSlice - 1) / kSlice, [&](int64_t slice, int) {
    for (int64_t p = slice * kSlice; p < lesser((slice + 1) * kSlice, n); ++p)
      for (int64_t k = 0; k < channels; ++k) rows[p * channels + k] = in[k][p];
  });
}

EIK_HD Plane take_batch(Arena& arena, int64_t channels, int64_t n) {
  return take_plane(arena, channels, padded(n, kTileUnit) + kPadding);
}

EIK_HD int64_t tile_points(int64_t n, int64_t tile) { return padded(lesser(kTile, n - tile * kTile), kTileUnit); }

template <class E>
static void forward_chunk(Exec& exec, const ModulePlan& plan, const ModuleWeights<E>& weights, const Parameters& parameters,
                          int64_t n, const float* inputs, float* outputs) {
  const Plane in = take_batch(exec.shared, plan.inputs, n);
  to_planes(exec, inputs, n, plan.inputs, in);
  const Plane out = take_batch(exec.shared, plan.outputs, n);
  Plane features = in, direction{};
  if (plan.kind != ModuleKind::network) {
    features = plan.kind == ModuleKind::encoding ? out : take_batch(exec.shared, plan.encoding.outputs, n);
    encode(exec, plan.encoding, parameters, in, n, features);
  }
  if (plan.kind == ModuleKind::radiance) {
    direction = take_batch(exec.shared, plan.direction.outputs, n);
    encode(exec, plan.direction, parameters, in.channels(3), n, direction);
  }
  if (plan.kind != ModuleKind::encoding)
    parallel(exec, (n + kTile - 1) / kTile, [&](int64_t i, int thread) {
      Arena& arena = exec.local(thread);
      arena.reset();
      const int64_t begin = i * kTile, points = tile_points(n, i);
      if (plan.kind == ModuleKind::radiance) {
        RadianceTile<E> tile(plan, weights, arena, points);
        tile.evaluate(features.from(begin), direction.from(begin));
        for (int64_t k = 0; k < plan.outputs - 1; ++k)
          __builtin_memcpy(out[k] + begin, tile.color[k], static_cast<size_t>(points) * sizeof(float));
        __builtin_memcpy(out[plan.outputs - 1] + begin, tile.raw_density(), static_cast<size_t>(points) * sizeof(float));
      } else {
        MlpTape<E> tape;
        mlp_forward<E>(plan.network, weights.network, features.from(begin), points, out.from(begin), arena, tape);
      }
    });
  to_rows(exec, out, n, plan.outputs, outputs);
}

template <class E>
static void backward_chunk(Exec& exec, const ModulePlan& plan, const ModuleWeights<E>& weights,
                           const Parameters& parameters, int64_t n, const float* inputs, const float* d_outputs,
                           float* d_inputs, bool want_parameters) {
  Arena& shared = exec.shared;
  const Plane in = take_batch(shared, plan.inputs, n), d_out = take_batch(shared, plan.outputs, n);
  to_planes(exec, inputs, n, plan.inputs, in);
  to_planes(exec, d_outputs, n, plan.outputs, d_out);
  const Plane d_in = take_batch(shared, plan.inputs, n);
  __builtin_memset(d_in.data, 0, static_cast<size_t>(plan.inputs * d_in.stride) * sizeof(float));
  Plane features = in, d_features = d_in, direction{}, d_direction{};
  if (plan.kind == ModuleKind::encoding) {
    d_features = d_out;
  } else if (plan.kind != ModuleKind::network) {
    features = take_batch(shared, plan.encoding.outputs, n);
    d_features = take_batch(shared, plan.encoding.outputs, n);
    encode(exec, plan.encoding, parameters, in, n, features);
    // Points past the end were encoded too; weight gradients must not see them.
    for (int64_t k = 0; k < plan.encoding.outputs; ++k)
      __builtin_memset(features[k] + n, 0, static_cast<size_t>(features.stride - n) * sizeof(float));
  }
  if (plan.kind == ModuleKind::radiance) {
    direction = take_batch(shared, plan.direction.outputs, n);
    d_direction = take_batch(shared, plan.direction.outputs, n);
    encode(exec, plan.direction, parameters, in.channels(3), n, direction);
    for (int64_t k = 0; k < plan.direction.outputs; ++k)
      __builtin_memset(direction[k] + n, 0, static_cast<size_t>(direction.stride - n) * sizeof(float));
  }
  if (plan.kind != ModuleKind::encoding) {
    const int64_t tiles = (n + kTile - 1) / kTile;
    const GradientGroups groups = take_groups(plan, tiles, shared);
    for_tiles(exec, tiles, groups, [&](int64_t i, float* network_gradients, float* head_gradients, int thread) {
      Arena& arena = exec.local(thread);
      arena.reset();
      const int64_t begin = i * kTile, points = tile_points(n, i);
      if (plan.kind == ModuleKind::radiance) {
        RadianceTile<E> tile(plan, weights, arena, points);
        tile.evaluate(features.from(begin), direction.from(begin));
        const Plane d = tile.backward(d_out.from(begin), d_out[plan.outputs - 1] + begin, d_features.from(begin),
                                      network_gradients, head_gradients);
        for (int64_t k = 0; k < plan.direction.outputs; ++k)
          __builtin_memcpy(d_direction[k] + begin, d[k], static_cast<size_t>(points) * sizeof(float));
      } else {
        MlpTape<E> tape;
        const Plane out = take_plane(arena, plan.outputs, points);
        mlp_forward<E>(plan.network, weights.network, features.from(begin), points, out, arena, tape);
        mlp_backward<E>(plan.network, weights.network, tape, d_out.from(begin), d_features.from(begin), network_gradients,
                        arena);
      }
    });
    if (want_parameters) add_groups(exec, plan, groups, parameters);
  }
  const Segment all{0, n};
  const auto nothing = [](int64_t, int64_t) {};
  if (want_parameters && plan.kind != ModuleKind::network)
    encode_parameters(exec, plan.encoding, parameters, in, &all, 1, d_features, nothing);
  if (want_parameters && plan.kind == ModuleKind::radiance)
    encode_parameters(exec, plan.direction, parameters, in.channels(3), &all, 1, d_direction, nothing);
  if (!d_inputs) return;
  if (plan.kind != ModuleKind::network) encode_inputs(exec, plan.encoding, parameters, in, n, d_features, d_in);
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
