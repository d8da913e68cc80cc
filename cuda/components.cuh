// The forward map's parts on their own, on rows: losses, histograms of rays, rays of cameras.
#pragma once
#include "cuda/planes.cuh"
#include "math/activation.h"
#include "math/compositing.h"
#include "math/distortion.h"
#include "math/frustum.h"
#include "math/proposal.h"
#include "math/resampling.h"

namespace eik::EIK_ISA {

static void loss(Exec& exec, const LossPlan& plan, int64_t n, const float* prediction, const float* target, double* value,
                 float* gradient) {
  exec.shared.reset(exec.stream);
  const float scale = 1.0f / static_cast<float>(n > 0 ? n : 1);
  double* sum = take<double>(exec, 1);
  sum_of(exec, n, scale, sum, [=] __device__(int64_t i) -> double {
    const LossTerm term = loss_term(plan, prediction[i], target[i]);
    if (gradient) gradient[i] = term.slope * scale;
    return term.value;
  });
  to_host(exec, value, sum, sizeof(double));
}

static void resample(Exec& exec, int64_t n, int32_t bins, const float* edges, const float* weights, int32_t samples,
                     const float* jitter, float* t) {
  for_each(exec, n, [=] __device__(int64_t r) {
    resample_ray(bins, edges + r * (bins + 1), weights + r * bins, samples, jitter ? jitter + r * samples : nullptr,
                 t + r * samples);
  });
}

static void dilate(Exec& exec, const DilationPlan& plan, int64_t n, int32_t bins, const float* edges, const float* weights,
                   float* wide_edges, float* wide_weights) {
  const DilationPlan own = plan;
  for_each(exec, n, [=] __device__(int64_t r) {
    dilate_ray(own, bins, edges + r * (bins + 1), weights + r * bins, wide_edges + r * (3 * bins + 1),
               wide_weights + r * 3 * bins);
  });
}

static void frustums(Exec& exec, int64_t n, int32_t bins, const float* origins, const float* directions, const float* radii,
                     const float* edges, float* gaussians) {
  for_each(exec, n * bins, [=] __device__(int64_t i) {
    const int64_t r = i / bins;
    frustum_gaussian(origins + r * 3, directions + r * 3, radii[r], edges[i + r], edges[i + r + 1], gaussians + i * kGaussian);
  });
}

static void distortion_loss(Exec& exec, const PackedRays& rays, const float* t, const float* dt, const float* weights,
                            float* loss, float* d_weights) {
  clear(exec, d_weights, static_cast<size_t>(rays.n_samples) * sizeof(float));
  const int32_t *start = rays.start, *count = rays.count;
  for_each(exec, rays.n_rays, [=] __device__(int64_t r) {
    const int64_t first = start[r];
    loss[r] = distortion(count[r], t + first, dt + first, weights + first, d_weights + first);
  });
}

static void proposal_loss(Exec& exec, int64_t n, int32_t bins, const float* edges, const float* weights,
                          int32_t proposal_bins, const float* proposal_edges, const float* proposal, float half_width,
                          float* loss, float* d_proposal) {
  for_each(exec, n, [=] __device__(int64_t r) {
    const int64_t at = r * proposal_bins;
    loss[r] = proposal_ray(bins, edges + r * (bins + 1), weights + r * bins, proposal_bins, proposal_edges + at + r,
                           proposal + at, half_width, d_proposal + at);
  });
}

static void camera_rays(Exec& exec, const View* views, int64_t n, const int32_t* view, const float* pixels, float* origins,
                        float* directions) {
  for_each(exec, n, [=] __device__(int64_t i) {
    const RayLine ray = camera_ray(views[view[i]].camera, pixels[i * 2], pixels[i * 2 + 1]);
    origins[i * 3] = ray.ox;
    origins[i * 3 + 1] = ray.oy;
    origins[i * 3 + 2] = ray.oz;
    directions[i * 3] = ray.dx;
    directions[i * 3 + 1] = ray.dy;
    directions[i * 3 + 2] = ray.dz;
  });
}

}  // namespace eik::EIK_ISA
