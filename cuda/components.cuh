// The forward map's parts on their own, on rows: losses, resampling, compositing, rays of cameras.
#pragma once
#include "cuda/planes.cuh"
#include "math/activation.h"
#include "math/compositing.h"
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
