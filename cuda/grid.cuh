// The multiresolution grid: a thread takes a point in one level, levels one after the other, so that the threads that run
// at a time share one level's table in cache. Floor: 2^dims gathers a level and point forward, as many atomic additions
// backward.
#pragma once
#include "cuda/fixed_point.cuh"
#include "math/grid.h"

namespace eik::EIK_ISA {

template <int N>
struct Constant {
  static constexpr int value = N;
};

// Calls body(dimensions, features) with the grid's own, as constants.
template <class Body>
void grid_dispatch(int dims, int features, const Body& body) {
  switch (dims * 16 + features) {
#define EIK_GRID_CASE(D, F) \
  case D * 16 + F: return body(Constant<D>(), Constant<F>());
#define EIK_GRID_CASES(D) EIK_GRID_CASE(D, 1) EIK_GRID_CASE(D, 2) EIK_GRID_CASE(D, 4) EIK_GRID_CASE(D, 8)
    EIK_GRID_CASES(1) EIK_GRID_CASES(2) EIK_GRID_CASES(3) EIK_GRID_CASES(4)
#undef EIK_GRID_CASES
#undef EIK_GRID_CASE
    default: break;  // the configuration was checked
  }
}

template <int D, bool Slopes>
__device__ GridCell<float, uint32_t, D> cell_at(const GridLevel& level, Interpolation interpolation, Plane in, int64_t p) {
  float x[D];
  for (int d = 0; d < D; ++d) x[d] = in[d][p];
  return grid_cell<uint32_t, D, Slopes>(level, interpolation, x);
}

template <int D>
__device__ int64_t entry_at(const GridLevel& level, const GridCell<float, uint32_t, D>& cell, int corner) {
  return level.indexing == Indexing::hashed ? grid_entry<true>(level, cell, corner) : grid_entry<false>(level, cell, corner);
}

template <int D, int F, class T>
void grid_forward(Exec& exec, const GridPlan& grid, const T* table, Plane in, Count points, Plane out) {
  for_planes(exec, grid.levels, points, [=] __device__(int64_t l, int64_t p) {
    const GridLevel& level = grid.level[l];
    const auto cell = cell_at<D, false>(level, grid.interpolation, in, p);
    float sum[F] = {};
#pragma unroll
    for (int corner = 0; corner < 1 << D; ++corner) {
      const T* entry = table + level.offset + entry_at(level, cell, corner) * F;
      const float w = grid_corner_weight(cell, corner);
#pragma unroll
      for (int f = 0; f < F; ++f) sum[f] += w * to_float(entry[f]);
    }
    for (int f = 0; f < F; ++f) out[l * F + f][p] = sum[f];
  });
}

// Adds to d_in. A thread takes a point through all levels: what it adds to is its own.
template <int D, int F, class T>
void grid_inputs(Exec& exec, const GridPlan& grid, const T* table, Plane in, Count points, Plane d_out, Plane d_in) {
  for_planes(exec, 1, points, [=] __device__(int64_t, int64_t p) {
    float total[D] = {};
    for (int l = 0; l < grid.levels; ++l) {
      const GridLevel& level = grid.level[l];
      const auto cell = cell_at<D, true>(level, grid.interpolation, in, p);
      float d[F], slope[D] = {};
      for (int f = 0; f < F; ++f) d[f] = d_out[l * F + f][p];
      for (int corner = 0; corner < 1 << D; ++corner) {
        const T* entry = table + level.offset + entry_at(level, cell, corner) * F;
        float product = 0;
        for (int f = 0; f < F; ++f) product += to_float(entry[f]) * d[f];
        for (int k = 0; k < D; ++k) {
          const float rest = product * grid_corner_weight(cell, corner, k);
          slope[k] += (corner >> k & 1) != 0 ? rest : -rest;
        }
      }
      for (int k = 0; k < D; ++k) total[k] += slope[k] * cell.slope[k];
    }
    for (int k = 0; k < D; ++k) d_in[k][p] += total[k];
  });
}

// visit(parameter, x) for all that a point in one level adds to the gradients of entries.
template <int D, int F, class Visit>
__device__ void for_grid_terms(const GridPlan& grid, Plane in, Plane d_out, int64_t l, int64_t p, const Visit& visit) {
  const GridLevel& level = grid.level[l];
  const auto cell = cell_at<D, false>(level, grid.interpolation, in, p);
  float d[F];
  for (int f = 0; f < F; ++f) d[f] = d_out[l * F + f][p];
#pragma unroll
  for (int corner = 0; corner < 1 << D; ++corner) {
    const float w = grid_corner_weight(cell, corner);
    float terms[F];
    for (int f = 0; f < F; ++f) terms[f] = w * d[f];
    visit(level.offset + entry_at(level, cell, corner) * F, terms);
  }
}

// Adds N neighbours, as few times as the hardware allows.
template <int N>
__device__ void add_neighbours(float* to, const float (&terms)[N]) {
#if defined(EIK_EMULATOR) || (defined(__CUDA_ARCH__) && __CUDA_ARCH__ >= 900)
  if (N % 4 == 0 && reinterpret_cast<uintptr_t>(to) % 16 == 0) {
    for (int f = 0; f < N; f += 4)
      atomicAdd(reinterpret_cast<float4*>(to + f), make_float4(terms[f], terms[f + 1], terms[f + 2], terms[f + 3]));
    return;
  }
  if (N % 2 == 0 && reinterpret_cast<uintptr_t>(to) % 8 == 0) {
    for (int f = 0; f < N; f += 2) atomicAdd(reinterpret_cast<float2*>(to + f), make_float2(terms[f], terms[f + 1]));
    return;
  }
#endif
  for (int f = 0; f < N; ++f) atomicAdd(to + f, terms[f]);
}

// Adds to the gradients of all entries.
template <int D, int F>
void grid_scatter(Exec& exec, const GridPlan& grid, int64_t parameters, Plane in, Count points, Plane d_out, float* gradients) {
  if (!exec.deterministic) {
    for_planes(exec, grid.levels, points, [=] __device__(int64_t l, int64_t p) {
      for_grid_terms<D, F>(grid, in, d_out, l, p,
                           [&](int64_t i, const float (&terms)[F]) { add_neighbours(gradients + i, terms); });
    });
    return;
  }
  const FixedPointSums sums = take_sums(exec, parameters, points.most << D);
  for_planes(exec, grid.levels, points, [=] __device__(int64_t l, int64_t p) {
    for_grid_terms<D, F>(grid, in, d_out, l, p, [&](int64_t i, const float (&terms)[F]) {
      for (int f = 0; f < F; ++f) sums.announce(i + f, terms[f]);
    });
  });
  for_planes(exec, grid.levels, points, [=] __device__(int64_t l, int64_t p) {
    for_grid_terms<D, F>(grid, in, d_out, l, p, [&](int64_t i, const float (&terms)[F]) {
      for (int f = 0; f < F; ++f) sums.add(i + f, terms[f], gradients);
    });
  });
  for_each(exec, parameters, [=] __device__(int64_t i) { gradients[i] += sums.get(i); });
}

}  // namespace eik::EIK_ISA
