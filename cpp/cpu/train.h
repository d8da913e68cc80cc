// One training step: rays drawn from the resident pictures, the road forward, the loss, the road back, the optimiser.
#pragma once
#include "cpu/road.h"
#include "math/distortion.h"
#include "math/pixel.h"
#include "math/ray_loss.h"

namespace eik::EIK_ISA {

constexpr int64_t kRaysPerSample = 8;  // at most so many rays are drawn for a step's target of samples
constexpr int kChannels = 3;

// What a tile's rays see, over their backgrounds: [channel][ray].
template <class E>
static Plane ray_colors(const RoadTile<E>& on, const BatchTile& tile, const PixelDraw* draws, const Plane& color, Arena& arena) {
  const int64_t rays = tile.ray_end - tile.ray_begin;
  const Plane seen = take_plane(arena, kChannels, rays);
  for (int64_t r = 0, p = 0; r < rays; p += on.ray_visible[r++])
    for (int k = 0; k < kChannels; ++k) {
      float sum = on.left[r] * draws[r].background[k];
      for (int32_t s = 0; s < on.ray_visible[r]; ++s) sum += on.weight[p + s] * color[k][p + s];
      seen[k][r] = sum;
    }
  return seen;
}

// The loss of a pixel, which is the mean of per_pixel rays, and its slope by the colour of each of them times scale. Rays
// [begin, end) have samples; the others see the background alone.
struct PixelLoss {
  double value = 0;
  float slope[kChannels];

  PixelLoss(const LossPlan& loss, const PixelDraw& draw, const Plane& seen, int64_t begin, int64_t end, int64_t per_pixel,
            float scale) {
    const float each = 1.0f / static_cast<float>(per_pixel);
    float target[kChannels];
    pixel_color(draw, target);
    for (int k = 0; k < kChannels; ++k) {
      float sum = static_cast<float>(per_pixel - (end - begin)) * draw.background[k];
      for (int64_t ray = begin; ray < end; ++ray) sum += seen[k][ray];
      const LossTerm term = loss_term(loss, sum * each, target[k]);
      value += term.value;
      slope[k] = term.slope * (scale * each);
    }
  }
};

// What a tile's rays are asked beside their colours, of which each has the given weight.
template <class E>
struct RayLosses {
  RayLossPlan plan;
  float *t, *u, *du, *slope;  // of the visible samples: where they are; on distortion's axis; its slope of one ray

  RayLosses(RayLossPlan each, const RoadTile<E>& on, const BatchTile& tile, Arena& arena) : plan(each) {
    if (plan.distortion == 0 && plan.depth == 0) return;
    t = take<float>(arena, on.points);
    on.gather_visible(on.road.batch.t + tile.begin, t);
    if (plan.distortion == 0) return;
    for (float** of_sample : {&u, &du, &slope}) *of_sample = take<float>(arena, on.points);
    for (int64_t p = 0; p < on.points; p += kLanes) {
      store(u + p, shrunk(load(t + p)));
      store(du + p, shrunk_length(load(t + p), load(on.dt + p)));
    }
  }

  // Adds the slopes by the weights of n samples from p on, and by what is left behind them. known: the distance to what is
  // known to be there, or 0.
  void add(int32_t n, int64_t p, const float* weight, float known, float* d_weight, float& d_left) const {
    if (plan.distortion > 0) {
      distortion(n, u + p, du + p, weight + p, slope);
      for (int32_t s = 0; s < n; ++s) d_weight[s] += plan.distortion * slope[s];
    }
    if (plan.depth > 0 && known > 0) {
      for (int32_t s = 0; s < n; ++s) d_weight[s] += plan.depth * depth_loss(t[p + s], known);
      d_left += plan.depth;
    }
  }
};

// Back from the slope by a ray's colour to its n visible samples from p on: d_color, and d_raw, by density.
template <class E>
static void ray_backward(const RoadTile<E>& on, int64_t ray, int64_t p, const float* slope, const PixelDraw& draw,
                         const RayLosses<E>& losses, const Plane& color, const Plane& d_color, float* d_weight, float* d_raw) {
  const int32_t n = on.ray_visible[ray];
  float d_left = 0;
  for (int32_t s = 0; s < n; ++s) d_weight[s] = 0;
  losses.add(n, p, on.weight, draw.distance, d_weight, d_left);
  for (int k = 0; k < kChannels; ++k) {
    d_left += slope[k] * draw.background[k];
    for (int32_t s = 0; s < n; ++s) {
      d_weight[s] += slope[k] * color[k][p + s];
      d_color[k][p + s] = slope[k] * on.weight[p + s];
    }
  }
  composite_density_gradient(n, on.weight + p, on.after + p, on.dt + p, d_weight, on.left[ray], d_left, d_raw + p);
}

template <class E>
static void train_with(Exec& exec, const TrainPlan& plan, const AdamStep& adam, int64_t step, StepStats& stats) {
  const ModulePlan& field = *plan.road.field;
  const Parameters& parameters = plan.road.parameters;
  Road<E> road(exec, plan.road, plan.samples, plan.samples);
  const int64_t per_pixel = plan.pixels.rays;
  stats = {};
  stats.rays = collect(exec, plan.road.occupancy, plan.road.sampler, 0, kRaysPerSample * plan.samples, road.batch,
                       [&](int64_t i) __attribute__((always_inline)) {
    const PixelDraw d = draw_pixel(plan.pixels, step, i);
    return SourceRay{pixel_ray(d), d.jitter, picture_pixel(d), !d.counts};
  });
  stats.rays = stats.rays / per_pixel * per_pixel;
  drop_from(road.batch, stats.rays);
  stats.rays_hit = road.batch.n_rays;
  stats.samples_marched = road.batch.n_samples;
  if (road.batch.n_rays == 0) return;
  road.encode_batch(per_pixel);

  const int64_t slots = padded(road.tiles[road.n_tiles - 1].slot + road.tiles[road.n_tiles - 1].end -
                               road.tiles[road.n_tiles - 1].begin, kTileUnit);
  Arena& shared = exec.shared;
  const Plane visible_position = take_plane(shared, 3, slots + kPadding);
  const auto d_features = take_plane<typename E::Element>(shared, planes<E>(field.encoding.outputs), slots + kPadding);
  Segment* segments = take<Segment>(shared, road.n_tiles);
  double* losses = take<double>(shared, road.n_tiles);
  int64_t* live = take<int64_t>(shared, road.n_tiles);
  const GradientGroups groups = take_groups(field, road.n_tiles, shared);
  const auto pixel_of = [&](int64_t ray) { return road.batch.rays[ray].id / per_pixel; };
  int64_t pixels = 1;  // of which any ray has samples
  for (int64_t r = 1; r < road.batch.n_rays; ++r) pixels += pixel_of(r) != pixel_of(r - 1);
  const float scale = 1.0f / static_cast<float>(pixels * kChannels);

  for_tiles(exec, road.n_tiles, groups, [&](int64_t i, float* network_gradients, float* head_gradients, int thread) {
    Arena& arena = exec.local(thread);
    arena.reset();
    const BatchTile& tile = road.tiles[i];
    PixelDraw* draws = take<PixelDraw>(arena, tile.ray_end - tile.ray_begin);
    for (int64_t r = tile.ray_begin; r < tile.ray_end; ++r) {
      const PixelDraw& draw = draws[r - tile.ray_begin] = draw_pixel(plan.pixels, step, road.batch.rays[r].id);
      __builtin_prefetch(picture_pixel(draw));  // pictures lie far from the caches: there by the time of the loss
    }
    RoadTile<E> on(road, tile, arena);
    RadianceTile<E> shaded = on.shade(true);
    const Plane seen = ray_colors(on, tile, draws, shaded.color, arena), d_color = take_plane(arena, kChannels, on.points);
    float* d_weight = take<float>(arena, on.points);
    float* d_raw = take<float>(arena, on.points);
    const float each = scale * static_cast<float>(kChannels) / static_cast<float>(per_pixel);
    const RayLosses<E> ray_losses({plan.ray_loss.distortion * each, plan.ray_loss.depth * each}, on, tile, arena);
    losses[i] = 0;
    int64_t p = 0;
    for (int64_t r = tile.ray_begin, end; r < tile.ray_end;) {
      for (end = r + 1; end < tile.ray_end && pixel_of(end) == pixel_of(r);) ++end;
      const PixelDraw& draw = draws[r - tile.ray_begin];
      const PixelLoss loss(plan.loss, draw, seen, r - tile.ray_begin, end - tile.ray_begin, per_pixel, scale);
      losses[i] += loss.value;
      for (; r < end; p += on.ray_visible[r++ - tile.ray_begin])
        ray_backward(on, r - tile.ray_begin, p, loss.slope, draw, ray_losses, shaded.color, d_color, d_weight, d_raw);
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
