// Marching a ray through the cascaded occupancy grid (Mueller et al. 2022, appendix E.1): steps grow with distance
// where the scene is larger than the unit cube; empty cells are skipped whole, without changing where steps fall.
#pragma once
#include "math/camera.h"

namespace eik {

struct OccupancyBits {
  int32_t cascades, resolution;
  const uint8_t* cells;   // one bit a cell, cascade by cascade, x fastest; NULL: all are occupied
  const uint8_t* blocks;  // one bit a block of kBlockSide^3 cells: any of them occupied
};
constexpr int kBlockSide = 8;

struct SamplerPlan {
  float step;        // the smallest step
  float cone_angle;  // step = clamp(t * cone_angle, step, largest)
  float largest;
  float near_plane;
};

constexpr int kMaxSamplesPerRay = 1024;

}  // namespace eik

namespace eik::EIK_ISA {

EIK_HD float step_at(const SamplerPlan& s, float t) { return clamped(t * s.cone_angle, s.step, s.largest); }

// The t range of a ray inside the outermost cascade; false if it misses.
EIK_HD bool clip_to_box(const RayLine& ray, float low, float high, float& t0, float& t1) {
  const float o[3] = {ray.ox, ray.oy, ray.oz}, d[3] = {ray.dx, ray.dy, ray.dz};
  for (int k = 0; k < 3; ++k) {
    const float inverse = 1.0f / (d[k] == 0.0f ? 1e-20f : d[k]);
    const float a = (low - o[k]) * inverse, b = (high - o[k]) * inverse;
    t0 = greater(t0, lesser(a, b));
    t1 = lesser(t1, greater(a, b));
  }
  return t0 < t1;
}

EIK_HD bool bit_at(const uint8_t* bits, int64_t i) { return (bits[i >> 3] >> (i & 7) & 1) != 0; }

// The finest cascade that holds the point and whose cells are not smaller than the step.
EIK_HD int cascade_at(const OccupancyBits& grid, float x, float y, float z, float step) {
  const float far = greater(greater(fabsf(x - 0.5f), fabsf(y - 0.5f)), fabsf(z - 0.5f));
  int c = 0;
  while (c < grid.cascades - 1 && (far > 0.5f * static_cast<float>(1 << c) ||
                                   step * static_cast<float>(grid.resolution) > static_cast<float>(1 << c)))
    ++c;
  return c;
}

// Calls visit(t, dt) for every sample, front to back, t being the start of its step; at most kMaxSamplesPerRay.
// jitter in [0,1) shifts all steps of the ray.
template <class Visit>
EIK_HD void march_ray(const OccupancyBits& grid, const SamplerPlan& s, const RayLine& ray, float jitter, Visit&& visit) {
  const float half = 0.5f * static_cast<float>(1 << (grid.cascades - 1));
  float t = s.near_plane, t1 = 1e30f;
  if (!clip_to_box(ray, 0.5f - half, 0.5f + half, t, t1)) return;
  const float tiny = 1e-20f;
  const float ix = 1.0f / (fabsf(ray.dx) < tiny ? tiny : ray.dx);
  const float iy = 1.0f / (fabsf(ray.dy) < tiny ? tiny : ray.dy);
  const float iz = 1.0f / (fabsf(ray.dz) < tiny ? tiny : ray.dz);
  const int n = grid.resolution, blocks = n / kBlockSide;
  t += step_at(s, t) * jitter;
  for (int samples = 0; t < t1 && samples < kMaxSamplesPerRay;) {
    const float dt = step_at(s, t);
    const float m = t + 0.5f * dt;  // a step is judged, and later evaluated, at its middle
    const float x = ray.ox + m * ray.dx, y = ray.oy + m * ray.dy, z = ray.oz + m * ray.dz;
    const int cascade = cascade_at(grid, x, y, z, dt);
    const float side = static_cast<float>(1 << cascade);
    const float low = 0.5f - 0.5f * side, per_cell = static_cast<float>(n) / side;
    const int cx = clamped(static_cast<int>((x - low) * per_cell), 0, n - 1);
    const int cy = clamped(static_cast<int>((y - low) * per_cell), 0, n - 1);
    const int cz = clamped(static_cast<int>((z - low) * per_cell), 0, n - 1);
    const int bx = cx / kBlockSide, by = cy / kBlockSide, bz = cz / kBlockSide;
    if (!grid.cells) {
      visit(t, dt);
      ++samples;
      t += dt;
      continue;
    }
    const bool block = bit_at(grid.blocks, ((static_cast<int64_t>(cascade) * blocks + bz) * blocks + by) * blocks + bx);
    if (block && bit_at(grid.cells, ((static_cast<int64_t>(cascade) * n + cz) * n + cy) * n + cx)) {
      visit(t, dt);
      ++samples;
      t += dt;
      continue;
    }
    // Leave the empty cell, or the empty block, in whole steps: where samples fall must not depend on what is empty.
    const int span = block ? 1 : kBlockSide;
    const float cell = static_cast<float>(span) / per_cell;
    const float ex = (low + static_cast<float>((block ? cx : bx) + (ray.dx > 0)) * cell - x) * ix;
    const float ey = (low + static_cast<float>((block ? cy : by) + (ray.dy > 0)) * cell - y) * iy;
    const float ez = (low + static_cast<float>((block ? cz : bz) + (ray.dz > 0)) * cell - z) * iz;
    const float leave = m + greater(lesser(ex, lesser(ey, ez)), 0.0f);
    if (s.cone_angle == 0.0f) {
      const float before = t;
      t += dt * greater(ceilf((leave - m) / dt), 1.0f);
      if (!(t > before)) return;  // so far away that a step is less than the distance's last digit
    } else {
      do {
        const float before = t;
        t += step_at(s, t);
        if (!(t > before)) return;
      } while (t + 0.5f * step_at(s, t) < leave);
    }
  }
}

}  // namespace eik::EIK_ISA
