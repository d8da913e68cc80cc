// The occupancy grid: which cells are worth marching through (Mueller et al. 2022, appendix E.1, "Updating").
#pragma once
#include "cuda/road.cuh"
#include "cuda/select.cuh"
#include "math/random.h"

namespace eik::EIK_ISA {

// Density at a random point of each cell, times the smallest step, raises the cell's value.
template <class H>
void sample_cells(Exec& exec, const RoadPlan& plan, uint64_t seed, int64_t step, Count n, const int32_t* cells) {
  const OccupancyPlan o = plan.occupancy.plan;
  const Activation activation = static_cast<Activation>(plan.compositing.density_activation);
  const Plane position = take_plane(exec, 3, n.most), raw = take_plane(exec, 1, n.most);
  const Plane features = take_plane(exec, plan.field->encoding.outputs, n.most);
  for_planes(exec, 1, n, [=] __device__(int64_t, int64_t i) {
    const int32_t cell = cells[i], side = o.resolution;
    const Random4 r = random_bits(seed, static_cast<uint64_t>(step), static_cast<uint32_t>(cell), 2);
    const float scale = static_cast<float>(1 << cell / (side * side * side)) / static_cast<float>(1 << (o.cascades - 1));
    const int32_t at[3] = {cell % side, cell / side % side, cell / (side * side) % side};
    const uint32_t jitter[3] = {r.x, r.y, r.z};
    for (int k = 0; k < 3; ++k)
      position[k][i] =
          ((static_cast<float>(at[k]) + unit_float(jitter[k])) * (1.0f / static_cast<float>(side)) - 0.5f) * scale + 0.5f;
  });
  encode(exec, plan.field->encoding, plan.parameters, position, n, features);
  mlp_forward<H>(exec, plan.field->network, plan.parameters.values, features, n, 1, raw, nullptr);
  float* values = plan.occupancy.values;
  for_planes(exec, 1, n, [=] __device__(int64_t, int64_t i) {
    // Values that are not negative compare as their bits do; a cell that was chosen twice gets the same value twice.
    const float fresh = activate(activation, raw[0][i]) * o.smallest_step;
    int* const value = reinterpret_cast<int*>(values + cells[i]);
    const bool open = atomicMax(value, INT32_MIN) >= 0;  // which reads it, as others may be writing
    if (open && fresh >= 0.0f) atomicMax(value, as_bits(fresh));
  });
}

static void occupancy_update(Exec& exec, const RoadPlan& plan, uint64_t seed, int64_t step, int32_t portion,
                             bool revisit_occupied) {
  exec.shared.reset(exec.stream);
  const Occupancy o = plan.occupancy;
  const int64_t cells = static_cast<int64_t>(o.plan.cascades) * o.plan.resolution * o.plan.resolution * o.plan.resolution;
  const int64_t uniform = cells / portion, most = 2 * uniform;
  // One random cell of every so many, and as many again of the occupied.
  int32_t* chosen = take<int32_t>(exec, most);
  int32_t* n = take<int32_t>(exec, 2);
  int32_t* occupied = n + 1;
  for_each(exec, uniform, [=] __device__(int64_t i) {
    const Random4 r = random_bits(seed, static_cast<uint64_t>(step), static_cast<uint32_t>(i), 3);
    chosen[i] = static_cast<int32_t>(i * portion + below(r.x, static_cast<uint32_t>(portion)));
    if (i == 0) {
      n[0] = static_cast<int32_t>(uniform);
      *occupied = 0;
    }
  });
  if (revisit_occupied) {
    for_each(exec, cells / 32, [=] __device__(int64_t i) {
      const int count = __popc(reinterpret_cast<const unsigned*>(o.cells)[i]);
      if (count > 0) atomicAdd(occupied, count);
    });
    const int32_t* drawn = select(exec, cells, uniform, chosen + uniform, [=] __device__(int64_t i) {
      if (!bit_at(o.cells, i)) return false;
      const Random4 r = random_bits(seed, static_cast<uint64_t>(step), static_cast<uint32_t>(i), 4);
      return unit_float(r.x) < static_cast<float>(uniform) / static_cast<float>(*occupied);
    });
    for_each(exec, 1, [=] __device__(int64_t) { n[0] += lesser(*drawn, static_cast<int32_t>(uniform)); });
  }
  for_each(exec, cells, [=] __device__(int64_t i) {
    if (o.values[i] > 0.0f) o.values[i] *= o.plan.decay;
  });
  with_precision(exec, [&](auto half) { sample_cells<decltype(half)>(exec, plan, seed, step, {most, n}, chosen); });
}

static void occupancy_close(Exec& exec, const Occupancy& o, const View* views, int32_t n_views, int32_t min_views,
                            float near_plane) {
  const int64_t n = o.plan.resolution;
  float* values = o.values;
  for_each(exec, o.plan.cascades * n * n * n, [=] __device__(int64_t i) {
    const float side = static_cast<float>(1 << i / (n * n * n)), cell = side / static_cast<float>(n), low = 0.5f - 0.5f * side;
    const float x = low + (static_cast<float>(i % n) + 0.5f) * cell, y = low + (static_cast<float>(i / n % n) + 0.5f) * cell;
    const float z = low + (static_cast<float>(i / (n * n) % n) + 0.5f) * cell, radius = 0.8660254f * cell;
    int32_t seen = 0;
    for (int32_t v = 0; v < n_views && seen < min_views; ++v)
      if (camera_sees(views[v].camera, x, y, z, radius, near_plane)) ++seen;
    if (seen < min_views) values[i] = -1.0f;
  });
}

// A cell is occupied if its value is above min(threshold, mean of the innermost cascade); a coarser cell also if a finer one
// inside is.
static void occupancy_bits(Exec& exec, const Occupancy& o, int64_t* occupied) {
  exec.shared.reset(exec.stream);
  const int64_t n = o.plan.resolution, blocks = n / kBlockSide, cascade_cells = n * n * n;
  const float limit = o.plan.threshold;
  const float* inner = o.values;
  double* mean = take<double>(exec, 2);
  double* total = mean + 1;
  sum_of(exec, cascade_cells, 1.0 / static_cast<double>(cascade_cells), mean,
         [=] __device__(int64_t i) -> double { return greater(inner[i], 0.0f); });
  for (int32_t c = 0; c < o.plan.cascades; ++c) {
    const float* values = o.values + c * cascade_cells;
    uint8_t* bits = o.cells + c * cascade_cells / 8;
    const uint8_t* finer = c > 0 ? o.cells + (c - 1) * cascade_cells / 8 : nullptr;
    for_each(exec, cascade_cells / 8, [=] __device__(int64_t i) {
      // Before anything was looked at, every cell that is not closed is occupied.
      const float threshold = *mean == 0 ? -0.5f : lesser(limit, static_cast<float>(*mean));
      const int64_t y = i * 8 / n % n, z = i * 8 / n / n;
      unsigned byte = 0;
      for (int64_t b = 0; b < 8; ++b) {
        const int64_t x = i * 8 % n + b;
        bool set = values[i * 8 + b] > threshold;
        const int64_t fx = 2 * x - n / 2, fy = 2 * y - n / 2, fz = 2 * z - n / 2;  // the finer cells inside
        if (finer && fx >= 0 && fy >= 0 && fz >= 0 && fx < n && fy < n && fz < n)
          for (int64_t k = 0; k < 8; ++k)
            set |= bit_at(finer, ((fz + (k >> 2)) * n + fy + (k >> 1 & 1)) * n + fx + (k & 1));
        byte |= static_cast<unsigned>(set) << b;
      }
      bits[i] = static_cast<uint8_t>(byte);
    });
  }
  const uint8_t* cells = o.cells;
  uint8_t* out = o.blocks;
  for_each(exec, o.plan.cascades * blocks * blocks * blocks / 8, [=] __device__(int64_t i) {
    unsigned byte = 0;
    for (int64_t b = 0; b < 8; ++b) {
      const int64_t block = i * 8 + b, x = block % blocks, y = block / blocks % blocks, z = block / (blocks * blocks) % blocks;
      const int64_t c = block / (blocks * blocks * blocks);
      unsigned any = 0;
      for (int64_t k = 0; k < kBlockSide * kBlockSide; ++k) {  // a row of a block is a byte
        const int64_t cy = y * kBlockSide + k % kBlockSide, cz = z * kBlockSide + k / kBlockSide;
        any |= cells[(((c * n + cz) * n + cy) * n + x * kBlockSide) / 8];
      }
      byte |= static_cast<unsigned>(any != 0) << b;
    }
    out[i] = static_cast<uint8_t>(byte);
  });
  sum_of(exec, o.plan.cascades * cascade_cells / 8, 1.0, total,
         [=] __device__(int64_t i) -> double { return __popc(static_cast<unsigned>(cells[i])); });
  double count;
  to_host(exec, &count, total, sizeof count);
  *occupied = static_cast<int64_t>(count);
}

}  // namespace eik::EIK_ISA
