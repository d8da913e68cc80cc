// One training step: rays drawn from the resident pictures, the road forward, the loss, the road back, the optimiser. The
// host waits once, for the step's figures.
#pragma once
#include "cuda/optimizer.cuh"
#include "cuda/ray_loss.cuh"
#include "cuda/road.cuh"
#include "math/pixel.h"

namespace eik::EIK_ISA {

constexpr int64_t kRaysPerSample = 8;  // at most so many rays are drawn for a step's target of samples

struct StepFigures {
  double loss;
  double pixels;
  BatchState batch;
  int64_t live;
  int32_t visible;
};

template <class H>
void train_with(Exec& exec, const TrainPlan& plan, const AdamStep& adam, int64_t step, StepStats& stats) {
  const ModulePlan& field = *plan.road.field;
  const Parameters& parameters = plan.road.parameters;
  constexpr int kChannels = 3;
  const PixelSource pixels = plan.pixels;
  const int32_t per_pixel = pixels.rays;
  Road<H> road(exec, plan.road, plan.samples, plan.samples);
  const SampleBatch batch = road.batch;
  const Count rays = batch.ray_count();
  collect(exec, plan.road.occupancy, plan.road.sampler, 0, kRaysPerSample * plan.samples, batch,
          [=] __device__(int64_t i) {
            const PixelDraw d = draw_pixel(pixels, step, i);
            return SourceRay{pixel_ray(d), d.jitter, picture_pixel(d)[3] > 127, !d.counts};
          });
  if (per_pixel > 1)  // whole pixels only
    for_each(exec, 1, [=] __device__(int64_t) {
      BatchState& s = *batch.state;
      s.next = s.next / per_pixel * per_pixel;
      while (s.rays > 0 && batch.rays[s.rays - 1].id >= static_cast<int64_t>(s.next)) s.samples = batch.rays[--s.rays].start;
    });
  road.find_visible();
  Radiance<H> shaded(exec, field, parameters.values, road.visible.n, true);
  road.shade(shaded);

  const VisibleSamples visible = road.visible;
  const Plane color = shaded.color, d_color = take_plane(exec, kChannels, visible.n.most);
  float* d_raw = take<float>(exec, visible.n.most);
  float* losses = take<float>(exec, rays.most);
  const Activation activation = road.density();
  const LossPlan loss = plan.loss;
  const auto begins = [=] __device__(int64_t r) {
    return r == 0 || batch.rays[r].id / per_pixel != batch.rays[r - 1].id / per_pixel;
  };
  double* n_pixels = take<double>(exec, 1);  // of which any ray has samples
  sum_of(exec, rays.most, 1.0, n_pixels, [=] __device__(int64_t r) -> double { return r < rays.get() && begins(r) ? 1 : 0; });
  const RayLossPlan ray_loss = plan.ray_loss;
  const bool more_than_color = ray_loss.distortion > 0 || ray_loss.depth > 0;
  float* ray_slope = more_than_color ? take<float>(exec, visible.n.most) : nullptr;
  const Plane seen = take_plane(exec, kChannels, rays.most);
  for_rays(exec, rays, [=] __device__(int64_t r) {
    const PixelDraw draw = draw_pixel(pixels, step, batch.rays[r].id);
    const int64_t first = visible.start[r];
    if (more_than_color)
      ray_loss_slopes(ray_loss, visible.count[r], visible.t + first, visible.dt + first, visible.weight + first, draw.distance,
                      ray_slope + first);
    for (int k = 0; k < kChannels; ++k) {
      float sum = 0;
      for (int32_t i = lane_id(); i < visible.count[r]; i += 32) sum += visible.weight[first + i] * color[k][first + i];
      sum = warp_sum(sum);
      if (lane_id() == 0) seen[k][r] = sum + visible.left[r] * draw.background[k];
    }
  });
  for_rays(exec, rays, [=] __device__(int64_t r) {
    const PixelDraw draw = draw_pixel(pixels, step, batch.rays[r].id);
    const int64_t first = visible.start[r];
    const int32_t n = visible.count[r];
    int64_t begin = r, end = r + 1;  // the pixel's rays
    while (!begins(begin)) --begin;
    while (end < rays.get() && !begins(end)) ++end;
    float target[kChannels], g[kChannels], d_left = 0, total = 0;
    pixel_color(draw, target);
    const float each = 1.0f / (static_cast<float>(*n_pixels) * static_cast<float>(per_pixel));  // of a ray's losses
    const float scale = each * (1.0f / static_cast<float>(kChannels));
    if (ray_loss.depth > 0 && draw.distance > 0) d_left += each * ray_loss.depth;
    for (int k = 0; k < kChannels; ++k) {
      float sum = static_cast<float>(per_pixel - (end - begin)) * draw.background[k];  // its other rays met nothing
      for (int64_t j = begin; j < end; ++j) sum += seen[k][j];
      const LossTerm term = loss_term(loss, sum / static_cast<float>(per_pixel), target[k]);
      total += term.value;
      g[k] = term.slope * scale;
      d_left += g[k] * draw.background[k];
    }
    if (lane_id() == 0) losses[r] = begin == r ? total : 0.0f;
    composite_density_gradient(
        n, [&](int32_t i) { return visible.weight[first + i]; }, [&](int32_t i) { return visible.after[first + i]; },
        [&](int32_t i) {
          float d = more_than_color ? each * ray_slope[first + i] : 0.0f;
          for (int k = 0; k < kChannels; ++k) {
            d += g[k] * color[k][first + i];
            d_color[k][first + i] = g[k] * visible.weight[first + i];
          }
          return d;
        },
        visible.left[r], d_left,
        [&](int32_t i, float d) {
          d_raw[first + i] = d * visible.dt[first + i] * activation_slope(activation, visible.raw[first + i]);
        });
  });

  const GradientParts parts = take_parts(exec, field, visible.n.most);
  const Plane d_features = take_plane(exec, field.encoding.outputs, visible.n.most);
  shaded.backward(d_color, d_raw, d_features, &parts);
  add_parts(exec, field, parts, parameters.gradients);
  encode_parameters(exec, field.encoding, parameters, road.gathered(batch.position, 3), visible.n, d_features);
  optimize_all(exec, field, parameters, plan.moments, adam, &batch.state->rays);

  StepFigures* figures = take<StepFigures>(exec, 1);
  double *sum = take<double>(exec, 1), *live = take<double>(exec, 1);
  sum_of(exec, rays.most, 1.0, sum, [=] __device__(int64_t r) -> double { return r < rays.get() ? losses[r] : 0.0; });
  sum_of(exec, rays.most, 1.0, live, [=] __device__(int64_t r) -> double { return r < rays.get() ? visible.live[r] : 0; });
  for_each(exec, 1, [=] __device__(int64_t) {
    *figures = {*sum, *n_pixels, *batch.state, static_cast<int64_t>(*live), *visible.n.exact};
  });
  StepFigures out;
  to_host(exec, &out, figures, sizeof out);
  stats = {out.batch.rays > 0 ? out.loss / (out.pixels * kChannels) : 0.0, static_cast<int64_t>(out.batch.next), out.batch.rays,
           out.batch.samples, out.live, out.visible};
}

static void train_step(Exec& exec, const TrainPlan& plan, const AdamStep& adam, int64_t step, StepStats& stats) {
  exec.shared.reset(exec.stream);
  with_precision(exec, [&](auto half) { train_with<decltype(half)>(exec, plan, adam, step, stats); });
}

}  // namespace eik::EIK_ISA
