// The occupancy grid: which cells are worth marching through (Mueller et al. 2022, appendix E.1, "Updating").
#pragma once
#include "cpu/road.h"
#include "math/random.h"

namespace eik::EIK_ISA {

// Density at a random point of each cell, times the smallest step, into fresh[n].
template <class E>
static void sample_cells(Exec& exec, const RoadPlan& plan, const DensityHead<E>& density, uint64_t seed, int64_t step,
                         int64_t n, const int32_t* cells, float* fresh) {
  const OccupancyPlan& o = plan.occupancy.plan;
  const int32_t side = o.resolution;
  const float to_cell = 1.0f / static_cast<float>(side), outermost = static_cast<float>(1 << (o.cascades - 1));
  const Activation activation = static_cast<Activation>(plan.compositing.density_activation);
  const int64_t chunk = chunk_points(*plan.field);
  const Plane position = take_batch(exec.shared, 3, chunk);
  const auto features = take_batch<typename E::Element>(exec.shared, planes<E>(plan.field->encoding.outputs), chunk);
  for (int64_t begin = 0; begin < n; begin += chunk) {
    const int64_t count = lesser(chunk, n - begin);
    parallel(exec, (padded(count, kTileUnit) + kSlice - 1) / kSlice, [&](int64_t slice, int) {
      for (int64_t i = slice * kSlice; i < lesser((slice + 1) * kSlice, padded(count, kTileUnit)); ++i) {
        const int32_t cell = cells[begin + lesser(i, count - 1)];
        const Random4 r = random_bits(seed, static_cast<uint64_t>(step), static_cast<uint32_t>(cell), 2);
        const int32_t cascade = cell / (side * side * side);
        const float scale = static_cast<float>(1 << cascade) / outermost;
        const int32_t at[3] = {cell % side, cell / side % side, cell / (side * side) % side};
        const uint32_t jitter[3] = {r.x, r.y, r.z};
        for (int k = 0; k < 3; ++k)
          position[k][i] = ((static_cast<float>(at[k]) + unit_float(jitter[k])) * to_cell - 0.5f) * scale + 0.5f;
      }
    });
    encode(exec, plan.field->encoding, plan.parameters, position, count, features);
    parallel(exec, (count + kTile - 1) / kTile, [&](int64_t i, int thread) {
      Arena& arena = exec.local(thread);
      arena.reset();
      const int64_t first = i * kTile, points = tile_points(count, i);
      float* raw = take<float>(arena, points);
      density.raw(features.from(first), points, raw, arena);
      for (int64_t p = 0; p < lesser(points, count - first); ++p)
        fresh[begin + first + p] = activate(activation, raw[p]) * o.smallest_step;
    });
  }
}

static void occupancy_update(Exec& exec, const RoadPlan& plan, uint64_t seed, int64_t step, int32_t portion,
                             bool revisit_occupied) {
  exec.shared.reset();
  const Occupancy& o = plan.occupancy;
  const int64_t cells = static_cast<int64_t>(o.plan.cascades) * o.plan.resolution * o.plan.resolution * o.plan.resolution;
  const int64_t uniform = cells / portion;
  // One random cell of every so many, and as many again drawn among the occupied: within each half no cell comes twice,
  // so that halves can be written without atomics.
  int32_t* chosen = take<int32_t>(exec.shared, 2 * uniform + kPadding);
  parallel(exec, (uniform + kSlice - 1) / kSlice, [&](int64_t slice, int) {
    for (int64_t i = slice * kSlice; i < lesser((slice + 1) * kSlice, uniform); ++i) {
      const Random4 r = random_bits(seed, static_cast<uint64_t>(step), static_cast<uint32_t>(i), 3);
      chosen[i] = static_cast<int32_t>(i * portion + below(r.x, static_cast<uint32_t>(portion)));
    }
  });
  int64_t occupied = 0, n = uniform;
  if (revisit_occupied) {
    for (int64_t i = 0; i < cells / 8; ++i) occupied += __builtin_popcount(o.cells[i]);
    const float share = occupied > 0 ? static_cast<float>(uniform) / static_cast<float>(occupied) : 0.0f;
    for (int64_t i = 0; i < cells / 8; ++i)
      for (int bits = o.cells[i], b; bits != 0; bits &= bits - 1) {
        b = __builtin_ctz(static_cast<unsigned>(bits));
        const int32_t cell = static_cast<int32_t>(i * 8 + b);
        const Random4 r = random_bits(seed, static_cast<uint64_t>(step), static_cast<uint32_t>(cell), 4);
        if (n < 2 * uniform && unit_float(r.x) < share) chosen[n++] = cell;
      }
  }
  float* fresh = take<float>(exec.shared, n + kPadding);
  with_precision(exec, [&](auto element) {
    typedef decltype(element) E;
    const ModuleWeights<E> weights = prepare_weights<E>(*plan.field, plan.parameters, exec.shared);
    sample_cells<E>(exec, plan, DensityHead<E>(*plan.field, weights), seed, step, n, chosen, fresh);
  });
  parallel(exec, (cells + kRange - 1) / kRange, [&](int64_t task, int) {
    for (int64_t i = task * kRange; i < lesser((task + 1) * kRange, cells); ++i)
      o.values[i] *= o.values[i] > 0.0f ? o.plan.decay : 1.0f;
  });
  const auto raise = [&](int64_t begin, int64_t end) {
    parallel(exec, (end - begin + kSlice - 1) / kSlice, [&](int64_t slice, int) {
      for (int64_t i = begin + slice * kSlice; i < lesser(begin + (slice + 1) * kSlice, end); ++i)
        if (o.values[chosen[i]] >= 0.0f) o.values[chosen[i]] = greater(o.values[chosen[i]], fresh[i]);
    });
  };
  raise(0, uniform);
  raise(uniform, n);
}

static void occupancy_close(Exec& exec, const Occupancy& o, const View* views, int32_t n_views, int32_t min_views,
                            float near_plane) {
  const int64_t n = o.plan.resolution;
  parallel(exec, o.plan.cascades * n, [&](int64_t slab, int) {
    const float side = static_cast<float>(1 << slab / n), cell = side / static_cast<float>(n), low = 0.5f - 0.5f * side;
    const float radius = 0.8660254f * cell;
    const vf z = vf{} + (low + (static_cast<float>(slab % n) + 0.5f) * cell);
    for (int64_t row = 0; row < n; ++row) {
      const vf y = vf{} + (low + (static_cast<float>(row) + 0.5f) * cell);
      for (int64_t first = 0; first < n; first += kLanes) {
        const vf x = low + (to_float(lane_numbers() + static_cast<int32_t>(first)) + 0.5f) * cell;
        vi seen = {};  // minus the number of views
        for (int32_t v = 0; v < n_views && any(seen > -min_views); ++v) seen += camera_sees(views[v].camera, x, y, z, radius, near_plane);
        float* values = o.values + (slab * n + row) * n + first;
        store(values, seen > -min_views ? vf{} - 1.0f : load(values));
      }
    }
  });
}

// Of eight coarser cells in a row, those in which any of the finer cells of (x .. x+15, y .. y+1, z .. z+1) is occupied.
EIK_HD uint32_t any_inside(const uint8_t* finer, int64_t n, int64_t x, int64_t y, int64_t z) {
  if (y < 0 || y >= n || z < 0 || z >= n) return 0;
  uint32_t w = 0;
  for (int64_t h = 0; h < 2; ++h) {
    if (x + 8 * h < 0 || x + 8 * h >= n) continue;
    const uint8_t* at = finer + ((z * n + y) * n + x + 8 * h) / 8;
    w |= static_cast<uint32_t>(at[0] | at[n / 8] | at[n * n / 8] | at[n * n / 8 + n / 8]) << (8 * h);
  }
  w = (w | w >> 1) & 0x5555;  // neighbours along x in the even bits; then these together
  w = (w | w >> 1) & 0x3333;
  w = (w | w >> 2) & 0x0f0f;
  return (w | w >> 4) & 0xff;
}

// A cell is occupied if its value is above min(threshold, mean of the innermost cascade); a coarser cell also if a finer one inside is.
static void occupancy_bits(Exec& exec, const Occupancy& o, int64_t* occupied) {
  exec.shared.reset();
  const int32_t n = o.plan.resolution, blocks = n / kBlockSide;
  const int64_t cascade_cells = static_cast<int64_t>(n) * n * n;
  double* sums = take<double>(exec.shared, n);
  parallel(exec, n, [&](int64_t z, int) {
    vf total = {};
    for (int64_t i = z * n * n; i < (z + 1) * n * n; i += kLanes) total += greater(load(o.values + i), vf{});
    sums[z] = sum(total);
  });
  double mean = 0;
  for (int32_t z = 0; z < n; ++z) mean += sums[z];
  mean /= static_cast<double>(cascade_cells);
  // Before anything was looked at, every cell that is not closed is occupied.
  const float threshold = mean == 0 ? -0.5f : lesser(o.plan.threshold, static_cast<float>(mean));
  int64_t* counts = take<int64_t>(exec.shared, n);
  *occupied = 0;
  for (int32_t c = 0; c < o.plan.cascades; ++c) {
    const float* values = o.values + c * cascade_cells;
    uint8_t* bits = o.cells + c * cascade_cells / 8;
    const uint8_t* finer = o.cells + (c - 1) * cascade_cells / 8;
    parallel(exec, n, [&](int64_t z, int) {
      int64_t count = 0;
      for (int64_t i = z * n * n; i < (z + 1) * n * n; i += 64) {
        uint64_t word = 0;
        for (int64_t k = 0; k < 64; k += kLanes)
          word |= static_cast<uint64_t>(lane_bits(load(values + i + k) > threshold)) << k;
        __builtin_memcpy(bits + i / 8, &word, 8);
      }
      for (int64_t i = z * n * n; i < (z + 1) * n * n; i += 8) {
        if (c > 0) bits[i / 8] |= any_inside(finer, n, 2 * (i % n) - n / 2, 2 * (i / n % n) - n / 2, 2 * z - n / 2);
        count += __builtin_popcount(bits[i / 8]);
      }
      counts[z] = count;
    });
    for (int32_t z = 0; z < n; ++z) *occupied += counts[z];
  }
  parallel(exec, o.plan.cascades, [&](int64_t c, int) {
    uint8_t* out = o.blocks + c * blocks * blocks * blocks / 8;
    __builtin_memset(out, 0, static_cast<size_t>(blocks) * blocks * blocks / 8);
    const uint8_t* bits = o.cells + c * cascade_cells / 8;
    for (int64_t z = 0; z < n; ++z)
      for (int64_t y = 0; y < n; ++y)
        for (int64_t x = 0; x < blocks; ++x) {  // eight cells: a byte of bits, a side of a block
          const int64_t block = (z / kBlockSide * blocks + y / kBlockSide) * blocks + x;
          out[block >> 3] |= static_cast<uint8_t>((bits[(z * n + y) * blocks + x] != 0) << (block & 7));
        }
  });
}

}  // namespace eik::EIK_ISA
