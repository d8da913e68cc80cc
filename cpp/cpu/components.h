// The forward map's parts on their own, on rows: losses, histograms of rays, compositing, rays of cameras, marching.
#pragma once
#include "cpu/batch.h"
#include "math/activation.h"
#include "math/distortion.h"
#include "math/frustum.h"
#include "math/proposal.h"
#include "math/resampling.h"

namespace eik::EIK_ISA {

constexpr int64_t kTermSlice = 1 << 14;

static void loss(Exec& exec, const LossPlan& plan, int64_t n, const float* prediction, const float* target, double* value,
                 float* gradient) {
  exec.shared.reset();
  const int64_t slices = (n + kTermSlice - 1) / kTermSlice;
  double* sums = take<double>(exec.shared, slices);
  const float scale = 1.0f / static_cast<float>(n > 0 ? n : 1);
  parallel(exec, slices, [&](int64_t slice, int) {
    double total = 0;
    for (int64_t i = slice * kTermSlice; i < lesser((slice + 1) * kTermSlice, n); ++i) {
      const LossTerm term = loss_term(plan, prediction[i], target[i]);
      total += term.value;
      if (gradient) gradient[i] = term.slope * scale;
    }
    sums[slice] = total;
  });
  *value = 0;
  for (int64_t i = 0; i < slices; ++i) *value += sums[i];
  *value *= scale;
}

// body(ray) for all rays.
template <class Body>
EIK_HD void for_rays(Exec& exec, int64_t n, const Body& body) {
  parallel(exec, (n + kTaskRays - 1) / kTaskRays, [&](int64_t task, int) {
    for (int64_t r = task * kTaskRays; r < lesser((task + 1) * kTaskRays, n); ++r) body(r);
  });
}

static void resample(Exec& exec, int64_t n, int32_t bins, const float* edges, const float* weights, int32_t samples,
                     const float* jitter, float* t) {
  for_rays(exec, n, [&](int64_t r) {
    resample_ray(bins, edges + r * (bins + 1), weights + r * bins, samples, jitter ? jitter + r * samples : nullptr,
                 t + r * samples);
  });
}

static void dilate(Exec& exec, const DilationPlan& plan, int64_t n, int32_t bins, const float* edges, const float* weights,
                   float* wide_edges, float* wide_weights) {
  for_rays(exec, n, [&](int64_t r) {
    dilate_ray(plan, bins, edges + r * (bins + 1), weights + r * bins, wide_edges + r * (3 * bins + 1),
               wide_weights + r * 3 * bins);
  });
}

static void frustums(Exec& exec, int64_t n, int32_t bins, const float* origins, const float* directions, const float* radii,
                     const float* edges, float* gaussians) {
  for_rays(exec, n, [&](int64_t r) {
    const float* edge = edges + r * (bins + 1);
    for (int32_t k = 0; k < bins; ++k)
      frustum_gaussian(origins + r * 3, directions + r * 3, radii[r], edge[k], edge[k + 1],
                       gaussians + (r * bins + k) * kGaussian);
  });
}

static void distortion_loss(Exec& exec, const PackedRays& rays, const float* t, const float* dt, const float* weights,
                            float* loss, float* d_weights) {
  __builtin_memset(d_weights, 0, static_cast<size_t>(rays.n_samples) * sizeof(float));
  for_rays(exec, rays.n_rays, [&](int64_t r) {
    const int64_t first = rays.start[r];
    loss[r] = distortion(rays.count[r], t + first, dt + first, weights + first, d_weights + first);
  });
}

static void proposal_loss(Exec& exec, int64_t n, int32_t bins, const float* edges, const float* weights,
                          int32_t proposal_bins, const float* proposal_edges, const float* proposal, float half_width,
                          float* loss, float* d_proposal) {
  for_rays(exec, n, [&](int64_t r) {
    const int64_t at = r * proposal_bins;
    loss[r] = proposal_ray(bins, edges + r * (bins + 1), weights + r * bins, proposal_bins, proposal_edges + at + r,
                           proposal + at, half_width, d_proposal + at);
  });
}

// The densities, alphas and weights of one ray, in scratch memory.
struct CompositedRay {
  float *alpha, *weight, *after;
  float left;
  int32_t live;
};

EIK_HD CompositedRay composite_ray(const CompositingPlan& plan, int32_t n, const float* raw, const float* dt, Arena& arena) {
  CompositedRay ray;
  ray.alpha = take<float>(arena, n);
  ray.weight = take<float>(arena, n);
  ray.after = take<float>(arena, n);
  const Activation activation = static_cast<Activation>(plan.density_activation);
  for (int32_t i = 0; i < n; ++i) ray.alpha[i] = alpha_of(activate(activation, raw[i]), dt[i]);
  ray.live = composite_weights(n, ray.alpha, plan.early_stop, ray.weight, ray.after, ray.left);
  return ray;
}

static void composite_forward(Exec& exec, const CompositingPlan& plan, const PackedRays& rays, int32_t channels,
                              const float* raw_density, const float* dt, const float* t, const float* values,
                              const float* background, float* color, float* opacity, float* depth, int32_t* live,
                              float* weights) {
  if (weights) __builtin_memset(weights, 0, static_cast<size_t>(rays.n_samples) * sizeof(float));
  parallel(exec, (rays.n_rays + kTaskRays - 1) / kTaskRays, [&](int64_t task, int thread) {
    for (int64_t r = task * kTaskRays; r < lesser((task + 1) * kTaskRays, rays.n_rays); ++r) {
      Arena& arena = exec.local(thread);
      arena.reset();
      const int64_t first = rays.start[r];
      const CompositedRay ray = composite_ray(plan, rays.count[r], raw_density + first, dt + first, arena);
      float sum = 0, far = 0;
      float* out = color + r * channels;
      for (int32_t k = 0; k < channels; ++k) out[k] = background ? ray.left * background[r * channels + k] : 0.0f;
      for (int32_t i = 0; i < ray.live; ++i) {
        const float w = ray.weight[i];
        sum += w;
        far += w * t[first + i];
        for (int32_t k = 0; k < channels; ++k) out[k] += w * values[(first + i) * channels + k];
        if (weights) weights[first + i] = w;
      }
      if (opacity) opacity[r] = sum;
      if (depth) depth[r] = far;
      if (live) live[r] = ray.live;
    }
  });
}

static void composite_backward(Exec& exec, const CompositingPlan& plan, const PackedRays& rays, int32_t channels,
                               const float* raw_density, const float* dt, const float* t, const float* values,
                               const float* background, const float* d_color, const float* d_opacity,
                               const float* d_depth, float* d_raw_density, float* d_values, float* d_background) {
  __builtin_memset(d_raw_density, 0, static_cast<size_t>(rays.n_samples) * sizeof(float));
  __builtin_memset(d_values, 0, static_cast<size_t>(rays.n_samples * channels) * sizeof(float));
  parallel(exec, (rays.n_rays + kTaskRays - 1) / kTaskRays, [&](int64_t task, int thread) {
    for (int64_t r = task * kTaskRays; r < lesser((task + 1) * kTaskRays, rays.n_rays); ++r) {
      Arena& arena = exec.local(thread);
      arena.reset();
      const int64_t first = rays.start[r];
      const CompositedRay ray = composite_ray(plan, rays.count[r], raw_density + first, dt + first, arena);
      const float* g = d_color + r * channels;
      float d_left = 0;
      for (int32_t k = 0; k < channels; ++k) {
        if (background) d_left += g[k] * background[r * channels + k];
        if (d_background) d_background[r * channels + k] = g[k] * ray.left;
      }
      float* d_weight = take<float>(arena, ray.live);
      for (int32_t i = 0; i < ray.live; ++i) {
        d_weight[i] = (d_opacity ? d_opacity[r] : 0.0f) + (d_depth ? d_depth[r] * t[first + i] : 0.0f);
        for (int32_t k = 0; k < channels; ++k) {
          const int64_t at = (first + i) * channels + k;
          d_weight[i] += g[k] * values[at];
          d_values[at] = g[k] * ray.weight[i];
        }
      }
      composite_density_gradient(ray.live, ray.weight, ray.after, dt + first, d_weight, ray.left, d_left,
                                 d_raw_density + first);
      const Activation activation = static_cast<Activation>(plan.density_activation);
      for (int32_t i = 0; i < ray.live; ++i) d_raw_density[first + i] *= activation_slope(activation, raw_density[first + i]);
    }
  });
}

static void camera_rays(Exec& exec, const View* views, int64_t n, const int32_t* view, const float* pixels, float* origins,
                        float* directions) {
  for_rays(exec, n, [&](int64_t i) {
    const RayLine ray = camera_ray(views[view[i]].camera, pixels[i * 2], pixels[i * 2 + 1]);
    const float line[6] = {ray.ox, ray.oy, ray.oz, ray.dx, ray.dy, ray.dz};
    __builtin_memcpy(origins + i * 3, line, 3 * sizeof(float));
    __builtin_memcpy(directions + i * 3, line + 3, 3 * sizeof(float));
  });
}

static void march(Exec& exec, const Occupancy& occupancy, const SamplerPlan& sampler, int64_t n, const float* origins,
                  const float* directions, const float* jitter, int64_t capacity, int32_t* counts, float* positions,
                  float* dt, float* t, int64_t* n_samples) {
  exec.shared.reset();
  SampleBatch batch = take_samples(exec.shared, capacity, n);
  collect(exec, occupancy, sampler, 0, n, batch, [&](int64_t i) __attribute__((always_inline)) {
    const float *o = origins + i * 3, *d = directions + i * 3;
    return SourceRay{{o[0], o[1], o[2], d[0], d[1], d[2]}, jitter ? jitter[i] : 0.5f, nullptr};
  });
  for (int64_t i = 0; i < n; ++i) counts[i] = 0;
  for (int64_t i = 0; i < batch.n_rays; ++i) counts[batch.rays[i].id] = batch.rays[i].count;
  for (int64_t i = 0; i < batch.n_samples; ++i) {
    for (int k = 0; k < 3; ++k) positions[i * 3 + k] = batch.position[k][i];
    dt[i] = batch.dt[i];
    t[i] = batch.t[i];
  }
  *n_samples = batch.n_samples;
}

}  // namespace eik::EIK_ISA
