// The road of a radiance field along rays: from a batch of samples to composited rays, and back.
//
// A tile's density comes first, for all its samples. Those in front of which the ray is not yet opaque are "live"; only
// those that also weigh something ("visible") go on to the colour network and, in training, backward: they are gathered
// into planes of their own. Samples behind surfaces and in empty air cost an encoding and a part of a network.
#pragma once
#include "cpu/batch.h"
#include "cpu/module.h"
#include "cpu/optimizer.h"

namespace eik::EIK_ISA {

// The part of the field that answers the density alone: the network's first output.
template <class E>
struct DensityHead {
  MlpPlan plan;
  const MlpWeights<E>& weights;
  DensityHead(const ModulePlan& field, const ModuleWeights<E>& weights) : plan(field.network), weights(weights.network) {
    plan.width[plan.layers] = 1;  // rows of the last matrix beyond the first are left out
  }
  // raw[points] from features that can be read up to points.
  void raw(PlanesOf<typename E::Element> features, int64_t points, float* out, Arena& arena) const {
    mlp_forward<E>(plan, weights, features, points, Plane{out, points}, arena, nullptr);
  }
};

template <class E>
struct Road {
  Exec& exec;
  const RoadPlan& plan;
  SampleBatch batch;
  ModuleWeights<E> weights;
  DensityHead<E> density;
  PlanesOf<typename E::Element> features, direction;  // of the batch: samples, rays
  BatchTile* tiles;
  int64_t n_tiles = 0;

  Road(Exec& exec, const RoadPlan& plan, int64_t samples, int64_t rays)
      : exec(exec), plan(plan), batch(take_samples(exec.shared, samples, rays)),
        weights(prepare_weights<E>(*plan.field, plan.parameters, exec.shared)), density(*plan.field, weights),
        features(take_batch<typename E::Element>(exec.shared, planes<E>(plan.field->encoding.outputs), samples)),
        direction(take_batch<typename E::Element>(exec.shared, planes<E>(plan.field->direction.outputs), rays)),
        tiles(take<BatchTile>(exec.shared, rays)) {}

  // After collect: encodes the batch and cuts it into tiles, so many rays of the source together.
  void encode_batch(int64_t together) {
    const Arena::Mark mark = exec.shared.mark();
    encode(exec, plan.field->encoding, plan.parameters, batch.position, batch.n_samples, features);
    encode(exec, plan.field->direction, plan.parameters, batch.direction, batch.n_rays, direction);
    exec.shared.give_back(mark);
    n_tiles = cut_tiles(batch, together, kTile, kTileUnit, tiles);
  }
};

// One tile on its way: its visible samples, their colours and weights, and what is left of each ray behind them.
template <class E>
struct RoadTile {
  const Road<E>& road;
  const BatchTile& tile;
  Arena& arena;
  int64_t live = 0, visible = 0, points = 0;
  int32_t *ray_visible, *sample, *ray;  // of each ray how many; of each visible sample its number and ray in the tile
  bool* stopped;                        // of each ray: it became opaque before its last sample
  float *raw, *dt, *weight, *after;     // of the visible samples; after: the transmittance behind it
  float* left;                          // of each ray: behind its live samples

  RoadTile(const Road<E>& road, const BatchTile& tile, Arena& arena) : road(road), tile(tile), arena(arena) {
    const int64_t n = tile.end - tile.begin, rays = tile.ray_end - tile.ray_begin;
    points = padded(n, kTileUnit);
    float *all_raw = take<float>(arena, points), *alpha = take<float>(arena, points);
    float *all_weight = take<float>(arena, points), *all_after = take<float>(arena, points);
    ray_visible = take<int32_t>(arena, rays);
    stopped = take<bool>(arena, rays);
    left = take<float>(arena, rays);
    sample = take<int32_t>(arena, points);
    ray = take<int32_t>(arena, points);
    road.density.raw(road.features.from(tile.begin), points, all_raw, arena);
    const Activation activation = static_cast<Activation>(road.plan.compositing.density_activation);
    for (int64_t p = 0; p < points; p += kLanes)
      store(alpha + p, alpha_of(activate(activation, load(all_raw + p)), load(road.batch.dt + tile.begin + p)));
    for (int64_t r = 0; r < rays; ++r) {
      const BatchRay& line = road.batch.rays[tile.ray_begin + r];
      const int32_t first = static_cast<int32_t>(line.start - tile.begin);
      const int32_t count = composite_weights(line.count, alpha + first, road.plan.compositing.early_stop,
                                              all_weight + first, all_after + first, left[r]);
      const int64_t before = visible;
      for (int32_t s = first; s < first + count; ++s) {
        sample[visible] = s;
        ray[visible] = static_cast<int32_t>(r);
        visible += all_weight[s] >= kLeastWeight;
      }
      ray_visible[r] = static_cast<int32_t>(visible - before);
      stopped[r] = count < line.count;
      live += count;
    }
    points = padded(visible, kTileUnit);
    for (int64_t p = visible; p < points; ++p) sample[p] = ray[p] = 0;
    raw = take<float>(arena, points);
    dt = take<float>(arena, points);
    weight = take<float>(arena, points);
    after = take<float>(arena, points);
    gather_visible(all_raw, raw);
    gather_visible(all_weight, weight);
    gather_visible(all_after, after);
    gather_visible(road.batch.dt + tile.begin, dt);
  }

  // out[p] = in[sample[p]], zero past the visible ones.
  template <class T>
  void gather_visible(const T* in, T* out) const {
    for (int64_t p = 0; p < points; p += kLanes) store(out + p, gather(in, load(sample + p)));
    for (int64_t p = visible; p < points; ++p) out[p] = 0;
  }

  // Evaluates the visible samples.
  RadianceTile<E> shade(bool trains) {
    const ModulePlan& field = *road.plan.field;
    const auto features = take_tile<typename E::Element>(arena, planes<E>(field.encoding.outputs), points);
    for (int64_t k = 0; k < planes<E>(field.encoding.outputs); ++k)
      gather_visible(road.features[k] + tile.begin, features[k]);
    RadianceTile<E> out(field, road.weights, arena, points, trains);
    out.network(features);
    const auto direction = out.encoded_direction();
    for (int64_t k = 0; k < planes<E>(field.direction.outputs); ++k)
      for (int64_t p = 0; p < points; p += kLanes)
        store(direction[k] + p, gather(road.direction[k] + tile.ray_begin, load(ray + p)));
    out.head();
    return out;
  }
};

}  // namespace eik::EIK_ISA
