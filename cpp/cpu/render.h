// Pictures of a radiance field, row by row, in batches of rays.
#pragma once
#include "cpu/road.h"

namespace eik::EIK_ISA {

constexpr int64_t kRenderSamples = 1 << 17;
constexpr int64_t kRenderRays = 1 << 15;
constexpr int64_t kFinePixels = 1 << 18;

template <class E>
static void render_with(Exec& exec, const RenderPlan& plan, float* color, float* depth, float* opacity) {
  const int64_t width = plan.camera.width, pixels = (plan.row_end - plan.row_begin) * width;
  for (int64_t i = 0; i < pixels; ++i) {
    for (int k = 0; k < 3; ++k) color[i * 3 + k] = plan.background[k];
    if (depth) depth[i] = 0;
    if (opacity) opacity[i] = 0;
  }
  Road<E> road(exec, plan.road, kRenderSamples, kRenderRays);
  for (int64_t next = 0; next < pixels;) {
    next = collect(exec, plan.road.occupancy, plan.road.sampler, next, pixels, road.batch,
                   [&](int64_t i) __attribute__((always_inline)) {
      const float x = static_cast<float>(i % width) + 0.5f, y = static_cast<float>(plan.row_begin + i / width) + 0.5f;
      return SourceRay{camera_ray(plan.camera, x, y), 0.5f, nullptr};
    });
    road.encode_batch(1);
    parallel(exec, road.n_tiles, [&](int64_t i, int thread) {
      Arena& arena = exec.local(thread);
      arena.reset();
      const BatchTile& tile = road.tiles[i];
      RoadTile<E> on(road, tile, arena);
      const RadianceTile<E> shaded = on.shade(false);
      float* t = take<float>(arena, on.points);
      on.gather_visible(road.batch.t + tile.begin, t);
      int64_t p = 0;
      for (int64_t r = tile.ray_begin; r < tile.ray_end; ++r) {
        const int64_t pixel = road.batch.rays[r].id;
        const int32_t n = on.ray_visible[r - tile.ray_begin];
        float rgb[3] = {}, far = 0, sum = 0;
        for (int32_t s = 0; s < n; ++s) {
          const float w = on.weight[p + s];
          for (int k = 0; k < 3; ++k) rgb[k] += w * shaded.color[k][p + s];
          far += w * t[p + s];
          sum += w;
        }
        // A ray that stopped early is opaque, and what it lost to samples that can't be seen has the colour of the others.
        const float left = on.stopped[r - tile.ray_begin] ? 0.0f : sum > 0.0f ? on.left[r - tile.ray_begin] : 1.0f;
        const float whole = sum > 0.0f ? (1.0f - left) / sum : 0.0f;
        for (int k = 0; k < 3; ++k) color[pixel * 3 + k] = rgb[k] * whole + left * plan.background[k];
        if (depth) depth[pixel] = sum > 0.0f ? far / sum : 0.0f;
        if (opacity) opacity[pixel] = 1.0f - left;
        p += n;
      }
    });
  }
}

// Pictures of more than one ray a pixel: a finer picture, some rows at a time, and its means.
template <class E>
static void supersample(Exec& exec, const RenderPlan& plan, float* color, float* depth, float* opacity) {
  const int32_t n = plan.supersampling, width = plan.camera.width;
  const int64_t fine_width = static_cast<int64_t>(n) * width;
  const int32_t rows = static_cast<int32_t>(greater<int64_t>(kFinePixels / (fine_width * n), 1));
  RenderPlan fine = plan;
  fine.camera = magnified(plan.camera, n);
  for (int32_t row = plan.row_begin; row < plan.row_end; row += rows) {
    exec.shared.reset();
    const int32_t end = lesser(row + rows, plan.row_end);
    const int64_t pixels = (end - row) * n * fine_width;
    fine.row_begin = row * n;
    fine.row_end = end * n;
    float *rgb = take<float>(exec.shared, 3 * pixels), *far = take<float>(exec.shared, pixels),
          *alpha = take<float>(exec.shared, pixels);
    render_with<E>(exec, fine, rgb, far, alpha);
    parallel(exec, end - row, [&](int64_t y, int) {
      for (int64_t x = 0; x < width; ++x) {
        const int64_t from = y * n * fine_width + x * n, to = (row - plan.row_begin + y) * width + x;
        const MeanPixel mean = mean_pixel(n, fine_width, rgb + 3 * from, far + from, alpha + from);
        for (int k = 0; k < 3; ++k) color[3 * to + k] = mean.rgb[k];
        if (depth) depth[to] = mean.depth;
        if (opacity) opacity[to] = mean.opacity;
      }
    });
  }
}

static void render(Exec& exec, const RenderPlan& plan, float* color, float* depth, float* opacity) {
  exec.shared.reset();
  with_precision(exec, [&](auto element) {
    typedef decltype(element) E;
    if (plan.supersampling == 1)
      render_with<E>(exec, plan, color, depth, opacity);
    else
      supersample<E>(exec, plan, color, depth, opacity);
  });
}

}  // namespace eik::EIK_ISA
