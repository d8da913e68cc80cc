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
  int32_t live;
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
  road.find_live();
  Radiance<H> shaded(exec, field, parameters.values, road.live.n, true);
  road.shade(shaded);

  const SampleBatch batch = road.batch;
  const LiveSamples live = road.live;
  const Count rays = batch.ray_count();
  const Plane color = shaded.color, d_color = take_plane(exec, kChannels, live.n.most);
  const float* raw = shaded.raw_density();
  float* weight = take<float>(exec, live.n.most);
  float* after = take<float>(exec, live.n.most);
  float* d_raw = take<float>(exec, live.n.most);
  float* losses = take<float>(exec, rays.most);
  const Activation activation = road.density();
  const LossPlan loss = plan.loss;
  for_rays(exec, rays, [=] __device__(int64_t r) {
    const PixelDraw draw = draw_pixel(pixels, step, batch.rays[r].id);
    float target[kChannels], seen[kChannels] = {}, g[kChannels], left, d_left = 0, total = 0;
    pixel_color(draw, target);
    const int64_t first = live.start[r];
    const int32_t n = composite_ray(
        live.count[r], 0.0f,
        [&](int32_t i) { return alpha_of(activate(activation, raw[first + i]), live.dt[first + i]); },
        [&](int32_t i, float w, float behind) {
          weight[first + i] = w;
          after[first + i] = behind;
          for (int k = 0; k < kChannels; ++k) seen[k] += w * color[k][first + i];
        },
        left);
    const float scale = 1.0f / static_cast<float>(rays.get() * kChannels);
    for (int k = 0; k < kChannels; ++k) {
      const LossTerm term = loss_term(loss, warp_sum(seen[k]) + left * draw.background[k], target[k]);
      total += term.value;
      g[k] = term.slope * scale;
      d_left += g[k] * draw.background[k];
    }
    if (lane_id() == 0) losses[r] = total;
    composite_density_gradient(
        n, [&](int32_t i) { return weight[first + i]; }, [&](int32_t i) { return after[first + i]; },
        [&](int32_t i) {
          float d = 0;
          for (int k = 0; k < kChannels; ++k) {
            d += g[k] * color[k][first + i];
            d_color[k][first + i] = g[k] * weight[first + i];
          }
          return d;
        },
        left, d_left,
        [&](int32_t i, float d) { d_raw[first + i] = d * live.dt[first + i] * activation_slope(activation, raw[first + i]); });
  });

  const GradientParts parts = take_parts(exec, field, live.n.most);
  const Plane d_features = take_plane(exec, field.encoding.outputs, live.n.most);
  shaded.backward(d_color, d_raw, d_features, &parts);
  add_parts(exec, field, parts, parameters.gradients);
  encode_parameters(exec, field.encoding, parameters, road.gathered(batch.position, 3), live.n, d_features);
  optimize_all(exec, field, parameters, plan.moments, adam, &batch.state->rays);

  StepFigures* figures = take<StepFigures>(exec, 1);
  double* sum = take<double>(exec, 1);
  sum_of(exec, rays.most, 1.0, sum, [=] __device__(int64_t r) -> double { return r < rays.get() ? losses[r] : 0.0; });
  for_each(exec, 1, [=] __device__(int64_t) { *figures = {*sum, *batch.state, *live.n.exact}; });
  StepFigures out;
  to_host(exec, &out, figures, sizeof out);
  stats = {out.batch.rays > 0 ? out.loss / (out.batch.rays * kChannels) : 0.0, static_cast<int64_t>(out.batch.next), out.batch.rays,
           out.batch.samples, out.live};
}

static void train_step(Exec& exec, const TrainPlan& plan, const AdamStep& adam, int64_t step, StepStats& stats) {
  exec.shared.reset(exec.stream);
  with_precision(exec, [&](auto half) { train_with<decltype(half)>(exec, plan, adam, step, stats); });
}

}  // namespace eik::EIK_ISA
