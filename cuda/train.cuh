// One training step: rays drawn from the resident pictures, the road forward, the loss, the road back, the optimiser. The
// host waits once, for the step's figures.
#pragma once
#include "cuda/optimizer.cuh"
#include "cuda/road.cuh"
#include "math/pixel.h"

namespace eik::EIK_ISA {

constexpr int64_t kRaysPerSample = 8;  // at most so many rays are drawn for a step's target of samples

struct StepFigures {
  double loss;
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
  Road<H> road(exec, plan.road, plan.samples, plan.samples);
  collect(exec, plan.road.occupancy, plan.road.sampler, 0, kRaysPerSample * plan.samples, road.batch,
          [=] __device__(int64_t i) {
            const PixelDraw d = draw_pixel(pixels, step, i);
            return SourceRay{pixel_ray(d), d.jitter, picture_alpha(d) > 127};
          });
  road.find_visible();
  Radiance<H> shaded(exec, field, parameters.values, road.visible.n, true);
  road.shade(shaded);

  const SampleBatch batch = road.batch;
  const VisibleSamples visible = road.visible;
  const Count rays = batch.ray_count();
  const Plane color = shaded.color, d_color = take_plane(exec, kChannels, visible.n.most);
  float* d_raw = take<float>(exec, visible.n.most);
  float* losses = take<float>(exec, rays.most);
  const Activation activation = road.density();
  const LossPlan loss = plan.loss;
  for_rays(exec, rays, [=] __device__(int64_t r) {
    const PixelDraw draw = draw_pixel(pixels, step, batch.rays[r].id);
    const int64_t first = visible.start[r];
    const int32_t n = visible.count[r];
    float target[kChannels], seen[kChannels] = {}, g[kChannels], d_left = 0, total = 0;
    const float left = visible.left[r];
    pixel_color(draw, target);
    for (int32_t i = lane_id(); i < n; i += 32)
      for (int k = 0; k < kChannels; ++k) seen[k] += visible.weight[first + i] * color[k][first + i];
    const float scale = 1.0f / static_cast<float>(rays.get() * kChannels);
    for (int k = 0; k < kChannels; ++k) {
      const LossTerm term = loss_term(loss, warp_sum(seen[k]) + left * draw.background[k], target[k]);
      total += term.value;
      g[k] = term.slope * scale;
      d_left += g[k] * draw.background[k];
    }
    if (lane_id() == 0) losses[r] = total;
    composite_density_gradient(
        n, [&](int32_t i) { return visible.weight[first + i]; }, [&](int32_t i) { return visible.after[first + i]; },
        [&](int32_t i) {
          float d = 0;
          for (int k = 0; k < kChannels; ++k) {
            d += g[k] * color[k][first + i];
            d_color[k][first + i] = g[k] * visible.weight[first + i];
          }
          return d;
        },
        left, d_left,
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
    *figures = {*sum, *batch.state, static_cast<int64_t>(*live), *visible.n.exact};
  });
  StepFigures out;
  to_host(exec, &out, figures, sizeof out);
  stats = {out.batch.rays > 0 ? out.loss / (out.batch.rays * kChannels) : 0.0, static_cast<int64_t>(out.batch.next), out.batch.rays,
           out.batch.samples, out.live, out.visible};
}

static void train_step(Exec& exec, const TrainPlan& plan, const AdamStep& adam, int64_t step, StepStats& stats) {
  exec.shared.reset(exec.stream);
  with_precision(exec, [&](auto half) { train_with<decltype(half)>(exec, plan, adam, step, stats); });
}

}  // namespace eik::EIK_ISA
