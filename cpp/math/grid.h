// The multiresolution grid (Mueller et al. 2022, "Instant Neural Graphics Primitives", section 3): where a point falls
// in a level, which entries its cell's corners are, how they are weighted, and the derivative of the weights.
#pragma once
#include "math/scalar.h"

namespace eik {

enum class Interpolation { linear, smoothstep, nearest };
enum class Indexing { dense, hashed, tiled };

constexpr int kMaxGridDims = 4;

struct GridLevel {
  float scale;          // positions in [0,1] are multiplied by it; then +0.5 (tiny-cuda-nn's convention)
  uint32_t resolution;  // vertices along an axis
  uint32_t entries;     // of the table; a power of two where hashed
  Indexing indexing;
  uint32_t factor[kMaxGridDims];  // what a vertex is multiplied by along each axis: a prime, or the stride of a row
  int64_t offset;                 // first parameter of the level within the grid's
};

}  // namespace eik

namespace eik::EIK_ISA {

// One axis of a point: the cell's lower vertex and the position within the cell, in [0,1).
template <class F, class I>
struct GridAxis {
  I vertex;
  F fraction;
};

// Points outside [0,1] are clamped to the border (NaN goes to 0), so that no index leaves the table.
template <class F>
EIK_HD auto grid_axis(const GridLevel& level, F x) {
  x = x > 0.0f ? x : F{};
  x = lesser(x, F{} + 1.0f);
  const F p = x * level.scale + 0.5f;
  const auto vertex = truncate(p);
  return GridAxis<F, decltype(truncate(p))>{vertex, p - to_float(vertex)};
}

// The table entry of a vertex from its terms (vertex * factor) along all axes, combined pairwise: equation 4 where
// hashed, rows and slices elsewhere. I is unsigned: products and sums wrap. A vertex one past the border wraps, as in tiny-cuda-nn.
template <class I>
EIK_HD I grid_combine(Indexing indexing, I a, I b) {
  return indexing == Indexing::hashed ? a ^ b : a + b;
}
template <class I>
EIK_HD I grid_wrap(const GridLevel& level, I index) {
  if (level.indexing == Indexing::dense) return index >= level.entries ? index - level.entries : index;
  return index & (level.entries - 1);
}

// Interpolation weight along an axis and its derivative by the fraction. Smoothstep 3f^2 - 2f^3 makes first
// derivatives continuous; nearest takes the vertex on the near side.
template <class F>
EIK_HD F grid_weight(Interpolation i, F fraction) {
  if (i == Interpolation::smoothstep) return fraction * fraction * (3.0f - 2.0f * fraction);
  if (i == Interpolation::nearest) return fraction >= 0.5f ? F{} + 1.0f : F{};
  return fraction;
}
template <class F>
EIK_HD F grid_weight_slope(Interpolation i, F fraction) {
  if (i == Interpolation::smoothstep) return 6.0f * fraction * (1.0f - fraction);
  if (i == Interpolation::nearest) return F{};
  return F{} + 1.0f;
}

// A point in one level: the terms of the lower and upper vertex and the weight of the upper, by axis. U: unsigned indices.
template <class F, class U, int D>
struct GridCell {
  U term[D][2];
  F weight[D];
  F slope[D];  // d weight / d position; only where asked for
};

template <class U, int D, bool Slopes, class F>
EIK_HD GridCell<F, U, D> grid_cell(const GridLevel& level, Interpolation interpolation, const F* x) {
  GridCell<F, U, D> cell;
  for (int d = 0; d < D; ++d) {
    const auto axis = grid_axis(level, x[d]);
    cell.term[d][0] = (U)axis.vertex * level.factor[d];
    cell.term[d][1] = cell.term[d][0] + level.factor[d];
    cell.weight[d] = grid_weight(interpolation, axis.fraction);
    if (Slopes) {
      const F inside = (x[d] >= 0.0f ? F{} + level.scale : F{});
      cell.slope[d] = grid_weight_slope(interpolation, axis.fraction) * (x[d] <= 1.0f ? inside : F{});
    }
  }
  return cell;
}

// The entry of a corner; bit d of corner says upper along axis d.
template <bool Hashed, class F, class U, int D>
EIK_HD U grid_entry(const GridLevel& level, const GridCell<F, U, D>& cell, int corner) {
  U index = cell.term[0][corner & 1];
  for (int d = 1; d < D; ++d)
    index = grid_combine(Hashed ? Indexing::hashed : Indexing::dense, index, cell.term[d][corner >> d & 1]);
  return grid_wrap(level, index);
}

template <class F, class U, int D>
EIK_HD F grid_corner_weight(const GridCell<F, U, D>& cell, int corner, int except = -1) {
  F w = F{} + 1.0f;
  for (int d = 0; d < D; ++d)
    if (d != except) w = w * ((corner >> d & 1) != 0 ? cell.weight[d] : 1.0f - cell.weight[d]);
  return w;
}

}  // namespace eik::EIK_ISA
