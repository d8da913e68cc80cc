// The road of a radiance field along rays: from a batch of samples to composited rays, and back.
//
// Density comes first, for all samples; only those in front of which the ray is not yet opaque ("live") go on to the
// colour network and, in training, backward: they are gathered into planes of their own.
#pragma once
#include "cuda/batch.cuh"
#include "cuda/compositing.cuh"
#include "cuda/module.cuh"

namespace eik::EIK_ISA {

// The live samples of a batch, in the order of rays.
struct LiveSamples {
  int32_t *count, *start;  // of each ray
  int32_t *sample, *ray;   // of each live sample
  float *dt, *t;
  Count n;
};

template <class H>
struct Road {
  Exec& exec;
  const RoadPlan& plan;
  SampleBatch batch;
  Plane features, direction;
  LiveSamples live;

  Road(Exec& exec, const RoadPlan& plan, int64_t samples, int64_t rays)
      : exec(exec), plan(plan), batch(take_samples(exec, samples, rays)),
        features(take_plane(exec, plan.field->encoding.outputs, samples)),
        direction(take_plane(exec, plan.field->direction.outputs, rays)) {
    live.count = take<int32_t>(exec, rays);
    live.start = take<int32_t>(exec, rays + 1);
    live.sample = take<int32_t>(exec, samples);
    live.ray = take<int32_t>(exec, samples);
    live.dt = take<float>(exec, samples);
    live.t = take<float>(exec, samples);
    int32_t* n = take<int32_t>(exec, 1);
    live.n = {samples, n};
  }

  Activation density() const { return static_cast<Activation>(plan.compositing.density_activation); }

  // After collect: the density of all samples, and which of them are live.
  void find_live() {
    const ModulePlan& field = *plan.field;
    const Count samples = batch.samples(), rays = batch.ray_count();
    encode(exec, field.encoding, plan.parameters, batch.position, samples, features);
    encode(exec, field.direction, plan.parameters, batch.direction, rays, direction);
    const Plane raw = take_plane(exec, 1, samples.most);
    mlp_forward<H>(exec, field.network, plan.parameters.values, features, samples, 1, raw, nullptr);
    const SampleBatch b = batch;
    const LiveSamples l = live;
    const Activation activation = density();
    const float early_stop = plan.compositing.early_stop;
    for_rays(exec, rays, [=] __device__(int64_t r) {
      const int32_t first = b.rays[r].start;
      float left;
      const int32_t n = composite_ray(
          b.rays[r].count, early_stop,
          [&](int32_t i) { return alpha_of(activate(activation, raw[0][first + i]), b.dt[first + i]); },
          [](int32_t, float, float) {}, left);
      if (lane_id() == 0) l.count[r] = n;
    });
    scan(exec, rays, live.count, live.start);
    int32_t* n = const_cast<int32_t*>(live.n.exact);
    for_each(exec, 1, [=] __device__(int64_t) { *n = l.start[rays.get()]; });
    for_rays(exec, rays, [=] __device__(int64_t r) {
      for (int32_t i = lane_id(); i < l.count[r]; i += 32) {
        const int32_t at = l.start[r] + i, sample = b.rays[r].start + i;
        l.sample[at] = sample;
        l.ray[at] = static_cast<int32_t>(r);
        l.dt[at] = b.dt[sample];
        l.t[at] = b.t[sample];
      }
    });
  }

  Plane gathered(Plane from, int64_t channels) {
    const Plane out = take_plane(exec, channels, live.n.most);
    const int32_t* sample = live.sample;
    for_planes(exec, channels, live.n, [=] __device__(int64_t k, int64_t p) { out[k][p] = from[k][sample[p]]; });
    return out;
  }

  // Evaluates the live samples.
  void shade(Radiance<H>& field) {
    field.network(gathered(features, plan.field->encoding.outputs));
    const Plane from = direction, to = field.encoded_direction();
    const int32_t* ray = live.ray;
    for_planes(exec, plan.field->direction.outputs, live.n,
               [=] __device__(int64_t k, int64_t p) { to[k][p] = from[k][ray[p]]; });
    field.head();
  }
};

}  // namespace eik::EIK_ISA
