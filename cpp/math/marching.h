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
  bool cropped;  // to samples whose middle lies from low to high
  float low[3], high[3];
};

constexpr int kMaxSamplesPerRay = 1024;

}  // namespace eik

namespace eik::EIK_ISA {

template <class F>
EIK_HD F step_at(const SamplerPlan& s, F t) {
  return clamped(t * s.cone_angle, F{} + s.step, F{} + s.largest);
}

// Where the first step starts, from t on, whose middle is not before the given distance: t itself or whole steps further.
template <class F>
EIK_HD F step_to(const SamplerPlan& s, F t, F distance) {
  if (s.cone_angle == 0.0f) return t - s.step * lesser(floor_of((t + 0.5f * s.step - distance) * (1.0f / s.step)), F{});
  for (;;) {
    const F step = step_at(s, t), next = t + step;
    const auto before = (t + 0.5f * step < distance) & (next > t);
    if (!any(before)) return t;
    t = before ? next : t;
  }
}

// A ray, or a register of rays, on its way: where the next step starts, and from where on none does.
template <class F>
struct March {
  F o[3], d[3], inverse[3];
  F t, end;
};

// Leaves out the samples before and behind the box of the crop, and those alone: where steps fall stays.
template <class F>
EIK_HD void crop_march(const SamplerPlan& s, March<F>& m) {
  F enter = m.t, leave = F{} + 1e30f;
  for (int k = 0; k < 3; ++k) {
    const F a = (s.low[k] - m.o[k]) * m.inverse[k], b = (s.high[k] - m.o[k]) * m.inverse[k];
    enter = greater(enter, lesser(a, b));
    leave = lesser(leave, greater(a, b));
  }
  const auto meets = enter < lesser(leave, m.end);
  const F first = step_to(s, m.t, meets ? enter : m.t);
  // A step's middle, which grows with its start t, is before leave where t is before this:
  const F last = lesser(leave - 0.5f * s.step, greater(leave - 0.5f * s.largest, leave * (1.0f / (1.0f + 0.5f * s.cone_angle))));
  m.end = lesser(m.end, last);
  m.t = meets ? first : m.end;
}

// jitter in [0,1) shifts all steps of the ray.
template <class F>
EIK_HD March<F> begin_march(const OccupancyBits& grid, const SamplerPlan& s, const F* o, const F* d, F jitter) {
  const float half = 0.5f * static_cast<float>(1 << (grid.cascades - 1)), tiny = 1e-20f;
  March<F> m;
  m.t = F{} + s.near_plane;
  m.end = F{} + 1e30f;
  for (int k = 0; k < 3; ++k) {
    m.o[k] = o[k];
    m.d[k] = d[k];
    m.inverse[k] = 1.0f / (magnitude(d[k]) < tiny ? F{} + tiny : d[k]);
    const F a = (0.5f - half - o[k]) * m.inverse[k], b = (0.5f + half - o[k]) * m.inverse[k];
    m.t = greater(m.t, lesser(a, b));
    m.end = lesser(m.end, greater(a, b));
  }
  m.t = m.t < m.end ? m.t + step_at(s, m.t) * jitter : m.end;  // one that misses the box ends where it begins
  if (s.cropped) crop_march(s, m);
  return m;
}

EIK_HD bool bit_at(const uint8_t* bits, int64_t i) { return (bits[i >> 3] >> (i & 7) & 1) != 0; }

// The finest cascade that holds the point and whose cells are not smaller than the step.
template <class F>
EIK_HD auto cascade_at(const OccupancyBits& grid, const F* x, F step) {
  typedef decltype(truncate(step)) I;
  const F far = greater(greater(magnitude(x[0] - 0.5f), magnitude(x[1] - 0.5f)), magnitude(x[2] - 0.5f));
  const F need = greater(far * 2.0f, step * static_cast<float>(grid.resolution));  // a side in unit cubes
  I c{};
  for (int i = 0; i < grid.cascades - 1; ++i) c += need > static_cast<float>(1 << i) ? I{} + 1 : I{};
  return c;
}

// The step that starts at m.t: a step is judged, and later evaluated, at its middle.
template <class F>
struct MarchCell {
  typedef decltype(truncate(F{})) I;
  F dt, middle, x[3];
  F low, side;  // of the cascade
  I cascade, cell[3];
};

template <class F>
EIK_HD MarchCell<F> march_cell(const OccupancyBits& grid, const SamplerPlan& s, const March<F>& m) {
  typedef typename MarchCell<F>::I I;
  MarchCell<F> c;
  c.dt = step_at(s, m.t);
  c.middle = m.t + 0.5f * c.dt;
  for (int k = 0; k < 3; ++k) c.x[k] = m.o[k] + c.middle * m.d[k];
  c.cascade = cascade_at(grid, c.x, c.dt);
  c.side = from_bits((c.cascade + 127) << 23);  // 2^cascade
  c.low = 0.5f - 0.5f * c.side;
  const F per_cell = from_bits((127 - c.cascade) << 23) * static_cast<float>(grid.resolution);
  for (int k = 0; k < 3; ++k) c.cell[k] = clamped(truncate((c.x[k] - c.low) * per_cell), I{}, I{} + (grid.resolution - 1));
  return c;
}

template <class I>
EIK_HD I march_index(I cascade, const I* cell, int side) {
  return ((cascade * side + cell[2]) * side + cell[1]) * side + cell[0];
}

// Where the next step starts that has its middle outside of the empty cell, or of the empty block: whole steps further,
// since where samples fall must not depend on what is empty.
template <class F, class Mask>
EIK_HD F march_on(const OccupancyBits& grid, const SamplerPlan& s, const March<F>& m, const MarchCell<F>& c, Mask block) {
  typedef typename MarchCell<F>::I I;
  const F cell = c.side * (block ? F{} + 1.0f / static_cast<float>(grid.resolution)
                                 : F{} + static_cast<float>(kBlockSide) / static_cast<float>(grid.resolution));
  F leave = F{} + 1e30f;
  for (int k = 0; k < 3; ++k) {
    const I own = block ? c.cell[k] : c.cell[k] / kBlockSide;
    const I edge = m.d[k] > 0.0f ? own + 1 : own;
    leave = lesser(leave, (c.low + to_float(edge) * cell - c.x[k]) * m.inverse[k]);
  }
  leave = greater(leave, F{});
  if (s.cone_angle == 0.0f) return m.t + c.dt * greater(-floor_of(leave * (-1.0f / s.step)), F{} + 1.0f);
  return step_to(s, m.t + c.dt, c.middle + leave);
}

// Calls visit(t, dt) for every sample, front to back, t being the start of its step; at most kMaxSamplesPerRay.
template <class Visit>
EIK_HD void march_ray(const OccupancyBits& grid, const SamplerPlan& s, const RayLine& ray, float jitter, Visit&& visit) {
  const float o[3] = {ray.ox, ray.oy, ray.oz}, d[3] = {ray.dx, ray.dy, ray.dz};
  March<float> m = begin_march(grid, s, o, d, jitter);
  for (int samples = 0; m.t < m.end && samples < kMaxSamplesPerRay;) {
    float next;
    if (grid.cells) {
      const MarchCell<float> c = march_cell(grid, s, m);
      const int32_t in_block[3] = {c.cell[0] / kBlockSide, c.cell[1] / kBlockSide, c.cell[2] / kBlockSide};
      const bool block = bit_at(grid.blocks, march_index(c.cascade, in_block, grid.resolution / kBlockSide));
      const bool sample = block && bit_at(grid.cells, march_index(c.cascade, c.cell, grid.resolution));
      if (sample) visit(m.t, c.dt);
      samples += sample;
      next = sample ? m.t + c.dt : march_on(grid, s, m, c, block);
    } else {
      const float dt = step_at(s, m.t);
      visit(m.t, dt);
      ++samples;
      next = m.t + dt;
    }
    if (!(next > m.t)) return;  // so far away that a step is less than the distance's last digit
    m.t = next;
  }
}

}  // namespace eik::EIK_ISA
