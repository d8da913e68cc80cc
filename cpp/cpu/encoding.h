// Encodings of a whole batch: forward, backward to the inputs, backward to the parameters.
#pragma once
#include "core/backend.h"
#include "cpu/grid.h"
#include "math/spherical_harmonics.h"

namespace eik::EIK_ISA {

constexpr int64_t kSlice = 4096;  // points a task; the order is level by level

EIK_HD GridTables grid_tables(const EncodingPlan& plan, const Parameters& parameters) {
  const bool half = parameters.half && plan.grid.features % 2 == 0;
  return {parameters.values + plan.offset,
          half ? static_cast<const uint16_t*>(parameters.half) + plan.offset : nullptr};
}

// out: the encoding's own channels. Points are padded to whole registers on both sides.
static void encode(Exec& exec, const EncodingPlan& plan, const Parameters& parameters, Plane owner, int64_t n, Plane out) {
  const Plane in = owner.channels(plan.first_input);
  const int64_t slices = (n + kSlice - 1) / kSlice;
  const auto slice_end = [n](int64_t slice) { return lesser(padded(n), (slice + 1) * kSlice); };
  switch (plan.kind) {
    case EncodingKind::grid: {
      const GridTables tables = grid_tables(plan, parameters);
      parallel(exec, slices * plan.grid.levels, [&](int64_t task, int) {
        const int64_t l = task / slices, slice = task % slices;
        const GridLevel& level = plan.grid.level[l];
        grid_dispatch(plan.inputs, plan.grid.features, tables.half != nullptr, level.indexing == Indexing::hashed,
                      [&](auto d, auto f, auto half, auto hashed) {
          grid_forward_level<d.value, f.value, half.value, hashed.value>(
              level, plan.grid.interpolation, tables.of(level), in, slice * kSlice, slice_end(slice),
              out.channels(l * plan.grid.features));
        });
      });
      return;
    }
    case EncodingKind::spherical_harmonics:
      parallel(exec, slices, [&](int64_t slice, int) {
        for (int64_t p = slice * kSlice; p < slice_end(slice); p += kLanes)
          spherical_harmonics(plan.degree, load(in[0] + p), load(in[1] + p), load(in[2] + p),
                              [&](int k, vf value, vf, vf, vf) { store(out[k] + p, value); });
      });
      return;
    case EncodingKind::identity:
      parallel(exec, slices, [&](int64_t slice, int) {
        for (int k = 0; k < plan.inputs; ++k)
          for (int64_t p = slice * kSlice; p < slice_end(slice); p += kLanes)
            store(out[k] + p, load(in[k] + p) * plan.scale + plan.bias);
      });
      return;
    case EncodingKind::composite: {
      int32_t first = 0;
      for (int i = 0; i < plan.parts; first += plan.part[i++]->outputs)
        encode(exec, *plan.part[i], parameters, in, n, out.channels(first));
      return;
    }
  }
}

// Adds d loss / d inputs to d_owner, whose channels are the owner's inputs.
static void encode_inputs(Exec& exec, const EncodingPlan& plan, const Parameters& parameters, Plane owner, int64_t n,
                          Plane d_out, Plane d_owner) {
  const Plane in = owner.channels(plan.first_input), d_in = d_owner.channels(plan.first_input);
  const int64_t slices = (n + kSlice - 1) / kSlice;
  const auto slice_end = [n](int64_t slice) { return lesser(padded(n), (slice + 1) * kSlice); };
  switch (plan.kind) {
    case EncodingKind::grid: {
      const GridTables tables = grid_tables(plan, parameters);
      parallel(exec, slices, [&](int64_t slice, int) {
        for (int l = 0; l < plan.grid.levels; ++l) {
          const GridLevel& level = plan.grid.level[l];
          grid_dispatch(plan.inputs, plan.grid.features, tables.half != nullptr, level.indexing == Indexing::hashed,
                        [&](auto d, auto f, auto half, auto hashed) {
            grid_inputs_level<d.value, f.value, half.value, hashed.value>(
                level, plan.grid.interpolation, tables.of(level), in, slice * kSlice, slice_end(slice),
                d_out.channels(l * plan.grid.features), d_in);
          });
        }
      });
      return;
    }
    case EncodingKind::spherical_harmonics:
      parallel(exec, slices, [&](int64_t slice, int) {
        for (int64_t p = slice * kSlice; p < slice_end(slice); p += kLanes) {
          vf gx = load(d_in[0] + p), gy = load(d_in[1] + p), gz = load(d_in[2] + p);
          spherical_harmonics(plan.degree, load(in[0] + p), load(in[1] + p), load(in[2] + p),
                              [&](int k, vf, vf dx, vf dy, vf dz) {
                                const vf g = load(d_out[k] + p);
                                gx += g * dx;
                                gy += g * dy;
                                gz += g * dz;
                              });
          store(d_in[0] + p, gx);
          store(d_in[1] + p, gy);
          store(d_in[2] + p, gz);
        }
      });
      return;
    case EncodingKind::identity:
      parallel(exec, slices, [&](int64_t slice, int) {
        for (int k = 0; k < plan.inputs; ++k)
          for (int64_t p = slice * kSlice; p < slice_end(slice); p += kLanes)
            store(d_in[k] + p, load(d_in[k] + p) + load(d_out[k] + p) * plan.scale);
      });
      return;
    case EncodingKind::composite: {
      int32_t first = 0;
      for (int i = 0; i < plan.parts; first += plan.part[i++]->outputs)
        encode_inputs(exec, *plan.part[i], parameters, in, n, d_out.channels(first), d_in);
      return;
    }
  }
}

// A run of points whose gradients are there; the rest of a batch may be anything.
struct Segment {
  int64_t begin, end;
};

// Adds parameter gradients, level by level; then calls then(first parameter, last parameter) for each level, on the
// thread that has the level in its cache.
template <class Then>
static void encode_parameters(Exec& exec, const EncodingPlan& plan, const Parameters& parameters, Plane owner,
                              const Segment* segments, int64_t n_segments, Plane d_out, const Then& then) {
  const Plane in = owner.channels(plan.first_input);
  if (plan.kind == EncodingKind::grid) {
    const GridPlan& grid = plan.grid;
    parallel(exec, grid.levels, [&](int64_t task, int) {
      const int64_t l = grid.levels - 1 - task;  // the largest tables first, so that no thread ends with one
      const GridLevel& level = grid.level[l];
      const int64_t first = plan.offset + level.offset;
      grid_dispatch(plan.inputs, grid.features, false, level.indexing == Indexing::hashed,
                    [&](auto d, auto f, auto, auto hashed) {
        for (int64_t s = 0; s < n_segments; ++s)
          grid_scatter_level<d.value, f.value, hashed.value>(level, grid.interpolation, in, segments[s].begin,
                                                             segments[s].end, d_out.channels(l * grid.features),
                                                             parameters.gradients + first);
      });
      then(first, first + static_cast<int64_t>(level.entries) * grid.features);
    });
  }
  if (plan.kind == EncodingKind::composite) {
    int32_t first = 0;
    for (int i = 0; i < plan.parts; first += plan.part[i++]->outputs)
      encode_parameters(exec, *plan.part[i], parameters, in, segments, n_segments, d_out.channels(first), then);
  }
}

}  // namespace eik::EIK_ISA
