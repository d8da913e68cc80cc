// Pictures of a radiance field, row by row, in batches of rays.
#pragma once
#include "cpu/road.h"

namespace eik::EIK_ISA {

constexpr int64_t kRenderSamples = 1 << 17;
constexpr int64_t kRenderRays = 1 << 15;

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
    road.encode_batch();
    parallel(exec, road.n_tiles, [&](int64_t i, int thread) {
      Arena& arena = exec.local(thread);
      arena.reset();
      const BatchTile& tile = road.tiles[i];
      RoadTile<E> on(road, tile, arena);
      const RadianceTile<E> shaded = on.shade();
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
        // A ray that stopped early is opaque: what is left of it belongs to what it has seen.
        const float left = on.stopped[r - tile.ray_begin] ? 0.0f : on.left[r - tile.ray_begin];
        const float whole = left == 0.0f && sum > 0.0f ? 1.0f / sum : 1.0f;
        for (int k = 0; k < 3; ++k) color[pixel * 3 + k] = rgb[k] * whole + left * plan.background[k];
        if (depth) depth[pixel] = sum > 1e-6f ? far / sum : 0.0f;
        if (opacity) opacity[pixel] = sum * whole;
        p += n;
      }
    });
  }
}

static void render(Exec& exec, const RenderPlan& plan, float* color, float* depth, float* opacity) {
  exec.shared.reset();
  with_precision(exec, [&](auto element) { render_with<decltype(element)>(exec, plan, color, depth, opacity); });
}

}  // namespace eik::EIK_ISA
