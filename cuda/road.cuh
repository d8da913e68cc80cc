// The road of a radiance field along rays: from a batch of samples to composited rays, and back.
//
// Density comes first, for all samples. Those in front of which the ray is not yet opaque are "live"; only those that also
// weigh something ("visible") go on to the colour network and, in training, backward: they are gathered into planes of their
// own.
#pragma once
#include "cuda/batch.cuh"
#include "cuda/compositing.cuh"
#include "cuda/module.cuh"

namespace eik::EIK_ISA {

// The visible samples of a batch, in the order of rays.
struct VisibleSamples {
  int32_t *live, *count, *start;  // of each ray; live: all in front of which it is not opaque
  float* left;                    // of each ray: the transmittance behind its live samples
  int32_t *sample, *ray;          // of each visible sample
  float *raw, *weight, *after, *dt, *t;  // after: the transmittance behind it
  Count n;
};

template <class H>
struct Road {
  Exec& exec;
  const RoadPlan& plan;
  SampleBatch batch;
  Plane features, direction;
  VisibleSamples visible;

  Road(Exec& exec, const RoadPlan& plan, int64_t samples, int64_t rays)
      : exec(exec), plan(plan), batch(take_samples(exec, samples, rays)),
        features(take_plane(exec, plan.field->encoding.outputs, samples)),
        direction(take_plane(exec, plan.field->direction.outputs, rays)) {
    for (int32_t** of_ray : {&visible.live, &visible.count}) *of_ray = take<int32_t>(exec, rays);
    visible.start = take<int32_t>(exec, rays + 1);
    visible.left = take<float>(exec, rays);
    for (int32_t** of_sample : {&visible.sample, &visible.ray}) *of_sample = take<int32_t>(exec, samples);
    for (float** of_sample : {&visible.raw, &visible.weight, &visible.after, &visible.dt, &visible.t})
      *of_sample = take<float>(exec, samples);
    int32_t* n = take<int32_t>(exec, 1);
    visible.n = {samples, n};
  }

  Activation density() const { return static_cast<Activation>(plan.compositing.density_activation); }

  // After collect: the density of all samples, and which of them are visible.
  void find_visible() {
    const ModulePlan& field = *plan.field;
    const Count samples = batch.samples(), rays = batch.ray_count();
    encode(exec, field.encoding, plan.parameters, batch.position, samples, features);
    encode(exec, field.direction, plan.parameters, batch.direction, rays, direction);
    const Plane raw = take_plane(exec, 1, samples.most);
    float *weight = take<float>(exec, samples.most), *after = take<float>(exec, samples.most);
    mlp_forward<H>(exec, field.network, plan.parameters.values, features, samples, 1, raw, nullptr);
    const SampleBatch b = batch;
    const VisibleSamples v = visible;
    const Activation activation = density();
    const float early_stop = plan.compositing.early_stop;
    for_rays(exec, rays, [=] __device__(int64_t r) {
      const int32_t first = b.rays[r].start;
      float left;
      int32_t count = 0;
      const int32_t live = composite_ray(
          b.rays[r].count, early_stop,
          [&](int32_t i) { return alpha_of(activate(activation, raw[0][first + i]), b.dt[first + i]); },
          [&](int32_t i, float w, float behind) {
            weight[first + i] = w;
            after[first + i] = behind;
            count += w >= kLeastWeight;
          },
          left);
      for (int d = 16; d > 0; d /= 2) count += __shfl_xor_sync(kAllLanes, count, d);
      if (lane_id() != 0) return;
      v.live[r] = live;
      v.count[r] = count;
      v.left[r] = left;
    });
    scan(exec, rays, visible.count, visible.start);
    int32_t* n = const_cast<int32_t*>(visible.n.exact);
    for_each(exec, 1, [=] __device__(int64_t) { *n = v.start[rays.get()]; });
    for_rays(exec, rays, [=] __device__(int64_t r) {
      int32_t next = v.start[r];
      for (int32_t first = 0; first < v.live[r]; first += 32) {
        const int32_t i = first + lane_id(), sample = b.rays[r].start + i;
        const bool seen = i < v.live[r] && weight[sample] >= kLeastWeight;
        const unsigned all = __ballot_sync(kAllLanes, seen);
        const int32_t at = next + __popc(all & ((1u << lane_id()) - 1));
        next += __popc(all);
        if (!seen) continue;
        v.sample[at] = sample;
        v.ray[at] = static_cast<int32_t>(r);
        v.raw[at] = raw[0][sample];
        v.weight[at] = weight[sample];
        v.after[at] = after[sample];
        v.dt[at] = b.dt[sample];
        v.t[at] = b.t[sample];
      }
    });
  }

  Plane gathered(Plane from, int64_t channels) {
    const Plane out = take_plane(exec, channels, visible.n.most);
    const int32_t* sample = visible.sample;
    for_planes(exec, channels, visible.n, [=] __device__(int64_t k, int64_t p) { out[k][p] = from[k][sample[p]]; });
    return out;
  }

  // Evaluates the visible samples.
  void shade(Radiance<H>& field) {
    field.network(gathered(features, plan.field->encoding.outputs));
    const Plane from = direction, to = field.encoded_direction();
    const int32_t* ray = visible.ray;
    for_planes(exec, plan.field->direction.outputs, visible.n,
               [=] __device__(int64_t k, int64_t p) { to[k][p] = from[k][ray[p]]; });
    field.head();
  }
};

}  // namespace eik::EIK_ISA
