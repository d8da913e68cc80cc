// The road of a radiance field along rays: from a batch of samples to composited rays, and back.
//
// A tile's density comes first, for all its samples; only those in front of which the ray is not yet opaque ("live") go
// on to the colour network and, in training, backward: they are gathered into planes of their own. Nothing is evaluated
// twice over the batch, and samples behind surfaces cost an encoding and half a network.
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
  void raw(Plane features, int64_t points, float* out, Arena& arena) const {
    MlpTape<E> tape;
    mlp_forward<E>(plan, weights, features, points, {out, points}, arena, tape);
  }
};

template <class E>
struct Road {
  Exec& exec;
  const RoadPlan& plan;
  SampleBatch batch;
  ModuleWeights<E> weights;
  DensityHead<E> density;
  Plane features, direction;  // of the batch: samples, rays
  BatchTile* tiles;
  int64_t n_tiles = 0;

  Road(Exec& exec, const RoadPlan& plan, int64_t samples, int64_t rays)
      : exec(exec), plan(plan), batch(take_samples(exec.shared, samples, rays)),
        weights(prepare_weights<E>(*plan.field, plan.parameters, exec.shared)), density(*plan.field, weights),
        features(take_batch(exec.shared, plan.field->encoding.outputs, samples)),
        direction(take_batch(exec.shared, plan.field->direction.outputs, rays)),
        tiles(take<BatchTile>(exec.shared, rays)) {}

  // After collect: encodes the batch and cuts it into tiles.
  void encode_batch() {
    encode(exec, plan.field->encoding, plan.parameters, batch.position, batch.n_samples, features);
    encode(exec, plan.field->direction, plan.parameters, batch.direction, batch.n_rays, direction);
    n_tiles = cut_tiles(batch, kTile, kTileUnit, tiles);
  }
};

// One tile on its way: live samples, their colours and weights, and each ray's sums.
template <class E>
struct RoadTile {
  const Road<E>& road;
  const BatchTile& tile;
  Arena& arena;
  int64_t live = 0, points = 0;
  int32_t *ray_live, *sample, *ray;  // live samples of each ray; of each live sample its number and ray in the tile
  float *dt, *sigma, *weight, *left;

  RoadTile(const Road<E>& road, const BatchTile& tile, Arena& arena) : road(road), tile(tile), arena(arena) {
    const int64_t n = tile.end - tile.begin, rays = tile.ray_end - tile.ray_begin;
    points = padded(n, kTileUnit);
    sigma = take<float>(arena, points);
    weight = take<float>(arena, points);
    float* alpha = take<float>(arena, points);
    ray_live = take<int32_t>(arena, rays);
    sample = take<int32_t>(arena, points);
    ray = take<int32_t>(arena, points);
    left = take<float>(arena, rays);
    dt = take<float>(arena, points);
    road.density.raw(road.features.from(tile.begin), points, sigma, arena);
    const Activation activation = static_cast<Activation>(road.plan.compositing.density_activation);
    for (int64_t p = 0; p < points; p += kLanes)
      store(alpha + p, alpha_of(activate(activation, load(sigma + p)), load(road.batch.dt + tile.begin + p)));
    for (int64_t r = 0; r < rays; ++r) {
      const BatchRay& line = road.batch.rays[tile.ray_begin + r];
      const int32_t first = static_cast<int32_t>(line.start - tile.begin);
      const int32_t count = composite_weights(line.count, alpha + first, road.plan.compositing.early_stop, weight, left[r]);
      for (int32_t s = 0; s < count; ++s) {
        sample[live] = first + s;
        ray[live++] = static_cast<int32_t>(r);
      }
      ray_live[r] = count;
    }
    points = padded(live, kTileUnit);
    for (int64_t p = live; p < points; ++p) sample[p] = ray[p] = 0;
  }

  // out[p] = in[sample[p]], zero past the live ones.
  void gather_live(const float* in, float* out) const {
    for (int64_t p = 0; p < points; p += kLanes) store(out + p, gather(in, load(sample + p)));
    for (int64_t p = live; p < points; ++p) out[p] = 0.0f;
  }

  // Evaluates the live samples and composites: answers the field's tile, whose colours belong to weight[].
  RadianceTile<E> shade() {
    const ModulePlan& field = *road.plan.field;
    const Plane features = take_plane(arena, field.encoding.outputs, points);
    for (int64_t k = 0; k < field.encoding.outputs; ++k) gather_live(road.features[k] + tile.begin, features[k]);
    gather_live(road.batch.dt + tile.begin, dt);
    RadianceTile<E> out(field, road.weights, arena, points);
    out.network(features);
    const Plane direction = out.encoded_direction();
    for (int64_t k = 0; k < field.direction.outputs; ++k)
      for (int64_t p = 0; p < points; p += kLanes)
        store(direction[k] + p, gather(road.direction[k] + tile.ray_begin, load(ray + p)));
    out.head();
    const Activation activation = static_cast<Activation>(road.plan.compositing.density_activation);
    float* alpha = take<float>(arena, points);
    for (int64_t p = 0; p < points; p += kLanes) {
      const vf s = activate(activation, load(out.raw_density() + p));
      store(sigma + p, s);
      store(alpha + p, alpha_of(s, load(dt + p)));
    }
    for (int64_t r = 0, p = 0; r < tile.ray_end - tile.ray_begin; p += ray_live[r++])
      composite_weights(ray_live[r], alpha + p, 0.0f, weight + p, left[r]);
    return out;
  }
};

}  // namespace eik::EIK_ISA
