// Volume compositing: a warp takes a ray, 32 samples at a time. Transmittance is a running product over the lanes forward,
// what lies behind a sample a running sum backward.
#pragma once
#include "cuda/planes.cuh"
#include "math/activation.h"
#include "math/compositing.h"

namespace eik::EIK_ISA {

constexpr int kRayWarps = 4;  // of a block

// The product of x over the lanes below this one; all: over all lanes.
__device__ inline float product_below(float x, float& all) {
  for (int d = 1; d < 32; d *= 2) {
    const float before = __shfl_up_sync(kAllLanes, x, d);
    if (lane_id() >= d) x *= before;
  }
  all = __shfl_sync(kAllLanes, x, 31);
  const float below = __shfl_up_sync(kAllLanes, x, 1);
  return lane_id() == 0 ? 1.0f : below;
}

// The sum of x over the lanes above this one; all: over all lanes.
__device__ inline float sum_above(float x, float& all) {
  for (int d = 1; d < 32; d *= 2) {
    const float behind = __shfl_down_sync(kAllLanes, x, d);
    if (lane_id() + d < 32) x += behind;
  }
  all = __shfl_sync(kAllLanes, x, 0);
  const float above = __shfl_down_sync(kAllLanes, x, 1);
  return lane_id() == 31 ? 0.0f : above;
}

// The sum of x over the lanes below this one; all: over all lanes.
__device__ inline float sum_below(float x, float& all) {
  for (int d = 1; d < 32; d *= 2) {
    const float before = __shfl_up_sync(kAllLanes, x, d);
    if (lane_id() >= d) x += before;
  }
  all = __shfl_sync(kAllLanes, x, 31);
  const float below = __shfl_up_sync(kAllLanes, x, 1);
  return lane_id() == 0 ? 0.0f : below;
}

// A ray's samples by chunks of 32: visit(i, weight, transmittance behind) for each that counts, by one lane. Answers how
// many do, and the transmittance left.
template <class Alpha, class Visit>
__device__ int32_t composite_ray(int32_t n, float early_stop, const Alpha& alpha, const Visit& visit, float& left) {
  float t = 1.0f;
  int32_t count = 0;
  for (int32_t first = 0; first < n && t >= early_stop; first += 32) {
    const int32_t i = first + lane_id();
    const float a = i < n ? alpha(i) : 0.0f;
    float all;
    const float before = t * product_below(1.0f - a, all);
    const bool live = i < n && before >= early_stop;
    const unsigned lives = __ballot_sync(kAllLanes, live);
    const int here = __popc(lives);  // transmittance only falls: the live ones come first
    const float after = before * (1.0f - a);
    if (live) visit(i, before * a, after);
    count += here;
    // What is left behind the last live sample.
    t = here == 32 ? t * all : __shfl_sync(kAllLanes, after, here - 1);
    if (first + 32 >= n || here < 32) break;
  }
  left = t;
  return count;
}

// Gradients of the live samples of a ray by their densities: visit(i, d loss / d sigma_i) for all of them, by the lane that
// visited i forward. weight(i), after(i): w_i and T_(i+1); gradient(i): d loss / d w_i.
template <class Weight, class After, class Gradient, class Visit>
__device__ void composite_density_gradient(int32_t live, const Weight& weight, const After& after, const Gradient& gradient,
                                           float left, float d_left, const Visit& visit) {
  float behind = left * d_left;
  for (int32_t first = (live - 1) / 32 * 32; first >= 0 && live > 0; first -= 32) {
    const int32_t i = first + lane_id();
    const bool on = i < live;
    const float g = on ? gradient(i) : 0.0f, w = on ? weight(i) : 0.0f;
    float all;
    const float above = sum_above(w * g, all);
    if (on) visit(i, after(i) * g - behind - above);
    behind += all;
  }
}

// body(ray) by a whole warp for each of n rays.
template <class Body>
__global__ void __launch_bounds__(32 * kRayWarps) for_rays_kernel(Count rays, Body body) {
  const int64_t n = rays.get();
  for (int64_t r = static_cast<int64_t>(blockIdx.x) * kRayWarps + threadIdx.x / 32; r < n;
       r += static_cast<int64_t>(gridDim.x) * kRayWarps)
    body(r);
}
template <class Body>
void for_rays(Exec& exec, Count rays, const Body& body) {
  if (rays.most > 0)
    launch(for_rays_kernel<Body>, dim3(blocks_for(rays.most, kRayWarps)), dim3(32 * kRayWarps), 0, exec.stream, rays, body);
}

static void composite_forward(Exec& exec, const CompositingPlan& plan, const PackedRays& rays, int32_t channels,
                              const float* raw_density, const float* dt, const float* t, const float* values,
                              const float* background, float* color, float* opacity, float* depth, int32_t* live,
                              float* weights) {
  exec.shared.reset(exec.stream);
  float* weight = weights ? weights : take<float>(exec, rays.n_samples);
  clear(exec, weight, static_cast<size_t>(rays.n_samples) * sizeof(float));
  const Activation activation = static_cast<Activation>(plan.density_activation);
  for_rays(exec, {rays.n_rays, nullptr}, [=] __device__(int64_t r) {
    const int64_t first = rays.start[r];
    float sum = 0, far = 0, left;
    const int32_t count = composite_ray(
        rays.count[r], plan.early_stop,
        [&](int32_t i) { return alpha_of(activate(activation, raw_density[first + i]), dt[first + i]); },
        [&](int32_t i, float w, float) {
          sum += w;
          far += w * t[first + i];
          weight[first + i] = w;
        },
        left);
    sum = warp_sum(sum);
    far = warp_sum(far);
    for (int32_t k = 0; k < channels; ++k) {
      float seen = 0;
      for (int32_t i = lane_id(); i < count; i += 32) seen += weight[first + i] * values[(first + i) * channels + k];
      seen = warp_sum(seen);
      if (lane_id() == 0) color[r * channels + k] = seen + (background ? left * background[r * channels + k] : 0.0f);
    }
    if (lane_id() != 0) return;
    if (opacity) opacity[r] = sum;
    if (depth) depth[r] = far;
    if (live) live[r] = count;
  });
}

static void composite_backward(Exec& exec, const CompositingPlan& plan, const PackedRays& rays, int32_t channels,
                               const float* raw_density, const float* dt, const float* t, const float* values,
                               const float* background, const float* d_color, const float* d_opacity, const float* d_depth,
                               float* d_raw_density, float* d_values, float* d_background) {
  exec.shared.reset(exec.stream);
  clear(exec, d_raw_density, static_cast<size_t>(rays.n_samples) * sizeof(float));
  clear(exec, d_values, static_cast<size_t>(rays.n_samples * channels) * sizeof(float));
  float* weight = take<float>(exec, rays.n_samples);
  float* after = take<float>(exec, rays.n_samples);
  const Activation activation = static_cast<Activation>(plan.density_activation);
  for_rays(exec, {rays.n_rays, nullptr}, [=] __device__(int64_t r) {
    const int64_t first = rays.start[r];
    const float* g = d_color + r * channels;
    float left;
    const int32_t count = composite_ray(
        rays.count[r], plan.early_stop,
        [&](int32_t i) { return alpha_of(activate(activation, raw_density[first + i]), dt[first + i]); },
        [&](int32_t i, float w, float behind) {
          weight[first + i] = w;
          after[first + i] = behind;
        },
        left);
    float d_left = 0;
    for (int32_t k = 0; k < channels; ++k) {
      if (background) d_left += g[k] * background[r * channels + k];
      if (d_background && lane_id() == 0) d_background[r * channels + k] = g[k] * left;
    }
    composite_density_gradient(
        count, [&](int32_t i) { return weight[first + i]; }, [&](int32_t i) { return after[first + i]; },
        [&](int32_t i) {
          float d = (d_opacity ? d_opacity[r] : 0.0f) + (d_depth ? d_depth[r] * t[first + i] : 0.0f);
          for (int32_t k = 0; k < channels; ++k) {
            const int64_t at = (first + i) * channels + k;
            d += g[k] * values[at];
            d_values[at] = g[k] * weight[first + i];
          }
          return d;
        },
        left, d_left,
        [&](int32_t i, float d) {
          d_raw_density[first + i] = d * dt[first + i] * activation_slope(activation, raw_density[first + i]);
        });
  });
}

}  // namespace eik::EIK_ISA
