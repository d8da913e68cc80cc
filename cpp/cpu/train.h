// One training step: rays drawn from the resident pictures, the road forward, the loss, the road back, the optimiser.
#pragma once
#include "cpu/road.h"
#include "math/pixel.h"

namespace eik::EIK_ISA {

constexpr int64_t kRaysPerSample = 8;  // at most so many rays are drawn for a step's target of samples

template <class E>
static void train_with(Exec& exec, const TrainPlan& plan, const AdamStep& adam, int64_t step, StepStats& stats) {
  const ModulePlan& field = *plan.road.field;
  const Parameters& parameters = plan.road.parameters;
  constexpr int kChannels = 3;
  Road<E> road(exec, plan.road, plan.samples, plan.samples);
  stats = {};
  stats.rays = collect(exec, plan.road.occupancy, plan.road.sampler, 0, kRaysPerSample * plan.samples, road.batch,
                       [&](int64_t i) __attribute__((always_inline)) {
    const PixelDraw d = draw_pixel(plan.pixels, step, i);
    return SourceRay{pixel_ray(d), d.jitter, picture_pixel(d)};
  });
  stats.rays_hit = road.batch.n_rays;
  stats.samples_marched = road.batch.n_samples;
  if (road.batch.n_rays == 0) return;
  road.encode_batch();

  const int64_t slots = padded(road.tiles[road.n_tiles - 1].slot + road.tiles[road.n_tiles - 1].end -
                               road.tiles[road.n_tiles - 1].begin, kTileUnit);
  Arena& shared = exec.shared;
  const Plane visible_position = take_plane(shared, 3, slots + kPadding);
  const Plane d_features = take_plane(shared, field.encoding.outputs, slots + kPadding);
  Segment* segments = take<Segment>(shared, road.n_tiles);
  double* losses = take<double>(shared, road.n_tiles);
  int64_t* live = take<int64_t>(shared, road.n_tiles);
  const GradientGroups groups = take_groups(field, road.n_tiles, shared);
  const float scale = 1.0f / static_cast<float>(road.batch.n_rays * kChannels);

  for_tiles(exec, road.n_tiles, groups, [&](int64_t i, float* network_gradients, float* head_gradients, int thread) {
    Arena& arena = exec.local(thread);
    arena.reset();
    const BatchTile& tile = road.tiles[i];
    RoadTile<E> on(road, tile, arena);
    RadianceTile<E> shaded = on.shade();
    const Plane color = shaded.color, d_color = take_plane(arena, kChannels, on.points);
    float* d_weight = take<float>(arena, on.points);
    float* d_raw = take<float>(arena, on.points);
    losses[i] = 0;
    int64_t p = 0;
    for (int64_t r = tile.ray_begin; r < tile.ray_end; ++r) {
      const int32_t n = on.ray_visible[r - tile.ray_begin];
      const float left = on.left[r - tile.ray_begin];
      const PixelDraw draw = draw_pixel(plan.pixels, step, road.batch.rays[r].id);
      float target[kChannels], d_left = 0;
      pixel_color(draw, target);
      for (int32_t s = 0; s < n; ++s) d_weight[p + s] = 0;
      for (int k = 0; k < kChannels; ++k) {
        const float* c = color[k] + p;
        float* d_c = d_color[k] + p;
        float seen = left * draw.background[k];
        for (int32_t s = 0; s < n; ++s) seen += on.weight[p + s] * c[s];
        const LossTerm term = loss_term(plan.loss, seen, target[k]);
        losses[i] += term.value;
        const float g = term.slope * scale;
        d_left += g * draw.background[k];
        for (int32_t s = 0; s < n; ++s) {
          d_weight[p + s] += g * c[s];
          d_c[s] = g * on.weight[p + s];
        }
      }
      composite_density_gradient(n, on.weight + p, on.dt + p, d_weight + p, left, d_left, d_raw + p);
      p += n;
    }
    const Activation activation = static_cast<Activation>(plan.road.compositing.density_activation);
    for (; p < on.points; ++p) d_raw[p] = d_color[0][p] = d_color[1][p] = d_color[2][p] = 0.0f;
    for (p = 0; p < on.points; p += kLanes)
      store(d_raw + p, load(d_raw + p) * activation_slope(activation, load(on.raw + p)));
    shaded.backward(d_color, d_raw, d_features.from(tile.slot), network_gradients, head_gradients);
    for (int k = 0; k < 3; ++k) on.gather_visible(road.batch.position[k] + tile.begin, visible_position[k] + tile.slot);
    segments[i] = {tile.slot, tile.slot + on.visible};
    live[i] = on.live;
  });

  for (int64_t i = 0; i < road.n_tiles; ++i) {
    stats.loss += losses[i];
    stats.samples_live += live[i];
    stats.samples_visible += segments[i].end - segments[i].begin;
  }
  stats.loss *= scale;
  add_groups(exec, field, groups, parameters);
  const AdamStep grid_adam = without_l2(adam);
  encode_parameters(exec, field.encoding, parameters, visible_position, segments, road.n_tiles, d_features,
                    [&](int64_t begin, int64_t end) { adam_range<true>(grid_adam, parameters, plan.moments, begin, end); });
  optimize_networks(exec, field, parameters, plan.moments, adam);
}

static void train_step(Exec& exec, const TrainPlan& plan, const AdamStep& adam, int64_t step, StepStats& stats) {
  exec.shared.reset();
  with_precision(exec, [&](auto element) { train_with<decltype(element)>(exec, plan, adam, step, stats); });
}

}  // namespace eik::EIK_ISA
