// Pictures of a radiance field and marched rays, in batches of rays.
#pragma once
#include "cuda/road.cuh"

namespace eik::EIK_ISA {

constexpr int64_t kRenderSamples = 8192;  // of a batch, for each multiprocessor
constexpr int64_t kRenderRays = 512;
constexpr int64_t kFinePixels = 1 << 22;

template <class H>
void render_with(Exec& exec, const RenderPlan& plan, float* color, float* depth, float* opacity) {
  const int64_t width = plan.camera.width, pixels = (plan.row_end - plan.row_begin) * width;
  const RenderPlan picture = plan;
  for_each(exec, pixels, [=] __device__(int64_t i) {
    for (int k = 0; k < 3; ++k) color[i * 3 + k] = picture.background[k];
    if (depth) depth[i] = 0;
    if (opacity) opacity[i] = 0;
  });
  const int64_t rays = lesser(kRenderRays * exec.multiprocessors, pixels);
  const int64_t samples = lesser(kRenderSamples * exec.multiprocessors, rays * kMaxSamplesPerRay);
  for (int64_t next = 0; next < pixels;) {
    exec.shared.reset(exec.stream);
    Road<H> road(exec, plan.road, samples, rays);
    collect(exec, plan.road.occupancy, plan.road.sampler, next, lesser(pixels, next + rays), road.batch,
            [=] __device__(int64_t i) {
              const float x = static_cast<float>(i % width) + 0.5f, y = static_cast<float>(picture.row_begin + i / width) + 0.5f;
              return SourceRay{camera_ray(picture.camera, x, y), 0.5f, false};
            });
    road.find_visible();
    Radiance<H> shaded(exec, *plan.road.field, plan.road.parameters.values, road.visible.n, false);
    road.shade(shaded);
    const SampleBatch batch = road.batch;
    const VisibleSamples visible = road.visible;
    const Plane seen = shaded.color;
    for_rays(exec, batch.ray_count(), [=] __device__(int64_t r) {
      const int64_t pixel = batch.rays[r].id, first = visible.start[r];
      float rgb[3] = {}, far = 0, sum = 0;
      for (int64_t i = first + lane_id(); i < first + visible.count[r]; i += 32) {
        const float w = visible.weight[i];
        for (int k = 0; k < 3; ++k) rgb[k] += w * seen[k][i];
        far += w * visible.t[i];
        sum += w;
      }
      sum = warp_sum(sum);
      far = warp_sum(far);
      // A ray that stopped early is opaque, and what it lost to samples that can't be seen has the colour of the others.
      const float left = visible.live[r] < batch.rays[r].count ? 0.0f : sum > 0.0f ? visible.left[r] : 1.0f;
      const float whole = sum > 0.0f ? (1.0f - left) / sum : 0.0f;
      for (int k = 0; k < 3; ++k) {
        const float c = warp_sum(rgb[k]) * whole + left * picture.background[k];
        if (lane_id() == 0) color[pixel * 3 + k] = c;
      }
      if (lane_id() != 0) return;
      if (depth) depth[pixel] = sum > 0.0f ? far / sum : 0.0f;
      if (opacity) opacity[pixel] = 1.0f - left;
    });
    BatchState state;
    to_host(exec, &state, batch.state, sizeof state);
    next = static_cast<int64_t>(state.next);
  }
}

// Pictures of more than one ray a pixel: a finer picture, some rows at a time, and its means.
template <class H>
void supersample(Exec& exec, const RenderPlan& plan, float* color, float* depth, float* opacity) {
  const int32_t n = plan.supersampling, width = plan.camera.width;
  const int64_t fine_width = static_cast<int64_t>(n) * width;
  const int32_t rows = static_cast<int32_t>(lesser<int64_t>(greater<int64_t>(kFinePixels / (fine_width * n), 1),
                                                            plan.row_end - plan.row_begin));
  exec.picture.reset(exec.stream);
  const int64_t most = rows * n * fine_width;
  const auto take_fine = [&](int64_t channels) {
    return static_cast<float*>(exec.picture.take_bytes(static_cast<size_t>(channels * most) * sizeof(float)));
  };
  float *rgb = take_fine(3), *far = take_fine(1), *alpha = take_fine(1);
  RenderPlan fine = plan;
  fine.camera = magnified(plan.camera, n);
  for (int32_t row = plan.row_begin; row < plan.row_end; row += rows) {
    const int32_t end = lesser(row + rows, plan.row_end);
    fine.row_begin = row * n;
    fine.row_end = end * n;
    render_with<H>(exec, fine, rgb, far, alpha);
    const int64_t first = static_cast<int64_t>(row - plan.row_begin) * width;
    for_each(exec, static_cast<int64_t>(end - row) * width, [=] __device__(int64_t i) {
      const int64_t from = i / width * n * fine_width + i % width * n;
      const MeanPixel mean = mean_pixel(n, fine_width, rgb + 3 * from, far + from, alpha + from);
      for (int k = 0; k < 3; ++k) color[3 * (first + i) + k] = mean.rgb[k];
      if (depth) depth[first + i] = mean.depth;
      if (opacity) opacity[first + i] = mean.opacity;
    });
  }
}

static void render(Exec& exec, const RenderPlan& plan, float* color, float* depth, float* opacity) {
  with_precision(exec, [&](auto half) {
    if (plan.supersampling == 1)
      render_with<decltype(half)>(exec, plan, color, depth, opacity);
    else
      supersample<decltype(half)>(exec, plan, color, depth, opacity);
  });
}

static void march(Exec& exec, const Occupancy& occupancy, const SamplerPlan& sampler, int64_t n, const float* origins,
                  const float* directions, const float* jitter, int64_t capacity, int32_t* counts, float* positions,
                  float* dt, float* t, int64_t* n_samples) {
  exec.shared.reset(exec.stream);
  const SampleBatch batch = take_samples(exec, capacity, n);
  collect(exec, occupancy, sampler, 0, n, batch, [=] __device__(int64_t i) {
    const float *o = origins + i * 3, *d = directions + i * 3;
    return SourceRay{{o[0], o[1], o[2], d[0], d[1], d[2]}, jitter ? jitter[i] : 0.5f, false};
  });
  clear(exec, counts, static_cast<size_t>(n) * sizeof(int32_t));
  for_planes(exec, 1, batch.ray_count(), [=] __device__(int64_t, int64_t r) { counts[batch.rays[r].id] = batch.rays[r].count; });
  for_planes(exec, 1, batch.samples(), [=] __device__(int64_t, int64_t i) {
    for (int k = 0; k < 3; ++k) positions[i * 3 + k] = batch.position[k][i];
    dt[i] = batch.dt[i];
    t[i] = batch.t[i];
  });
  BatchState state;
  to_host(exec, &state, batch.state, sizeof state);
  *n_samples = state.samples;
}

}  // namespace eik::EIK_ISA
