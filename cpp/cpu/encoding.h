// Encodings of a whole batch: forward, backward to the inputs, backward to the parameters.
#pragma once
#include "core/backend.h"
#include "cpu/grid.h"
#include "math/coordinate.h"
#include "math/integrated_frequency.h"
#include "math/spherical_harmonics.h"

namespace eik::EIK_ISA {

constexpr int64_t kSlice = 4096;  // points a task; the order is level by level
constexpr int64_t kFarLines = 1 << 13;  // a table of so many cache lines does not stay in the second-level cache
constexpr int64_t kFarBytes = 1 << 20;  // reads of a larger table wait for it, unless they are fetched ahead
constexpr int64_t kFarParameters = 1 << 22;  // gradients of so many have left the caches by the next step

EIK_HD GridTables grid_tables(const EncodingPlan& plan, const Parameters& parameters) {
  const bool half = parameters.half && plan.grid.features % 2 == 0;
  return {parameters.values + plan.offset,
          half ? static_cast<const uint16_t*>(parameters.half) + plan.offset : nullptr};
}

// body(first point, last point) in parallel, up to whole registers.
template <class Body>
EIK_HD void for_slices(Exec& exec, int64_t n, const Body& body) {
  parallel(exec, (n + kSlice - 1) / kSlice,
           [&](int64_t slice, int) { body(slice * kSlice, lesser(padded(n), (slice + 1) * kSlice)); });
}

// out[k][p] = change(k, p) for all channels.
template <class Change>
EIK_HD void fill(Exec& exec, int64_t channels, int64_t n, Plane out, const Change& change) {
  for_slices(exec, n, [&](int64_t begin, int64_t end) {
    for (int64_t k = 0; k < channels; ++k)
      for (int64_t p = begin; p < end; p += kLanes) store(out[k] + p, change(k, p));
  });
}

EIK_HD Plane take_outputs(Exec& exec, const EncodingPlan& plan, int64_t n) {
  return take_plane(exec.shared, plan.outputs, padded(n) + kPadding);
}

// Whether an encoding's channels are made in bf16 pairs; the others are made as floats and converted.
EIK_HD bool made_in_pairs(const EncodingPlan& encoding) {
  const EncodingPlan* plan = &encoding;
  while (plan->kind == EncodingKind::contraction) plan = plan->part[0];
  if (plan->kind == EncodingKind::grid) return plan->grid.features % 2 == 0;
  bool even = plan->kind == EncodingKind::composite && plan->reduction == Reduction::concatenation;
  for (int i = 0; i + 1 < plan->parts; ++i) even = even && plan->part[i]->outputs % 2 == 0;
  return even;
}

// The points of a contraction where its part wants them.
static Plane contracted(Exec& exec, const EncodingPlan& plan, Plane in, int64_t n) {
  const Plane out = take_plane(exec.shared, 3, padded(n) + kPadding);
  for_slices(exec, n, [&](int64_t begin, int64_t end) {
    for (int64_t p = begin; p < end; p += kLanes) {
      vf x[3] = {load(in[0] + p), load(in[1] + p), load(in[2] + p)};
      contract_to_unit(plan.contraction, x);
      for (int k = 0; k < 3; ++k) store(out[k] + p, x[k]);
    }
  });
  return out;
}

template <class Element>
static void encode_grid(Exec& exec, const EncodingPlan& plan, const Parameters& parameters, Plane in, int64_t n,
                        PlanesOf<Element> out) {
  constexpr int kChannels = PlaneElement<Element>::kChannels;
  const GridTables tables = grid_tables(plan, parameters);
  const int64_t slices = (n + kSlice - 1) / kSlice;
  parallel(exec, slices * plan.grid.levels, [&](int64_t task, int) {
    const int64_t l = task / slices, begin = task % slices * kSlice, end = lesser(padded(n), begin + kSlice);
    const GridLevel& level = plan.grid.level[l];
    const int64_t size = plan.grid.features * (tables.half ? sizeof(uint16_t) : sizeof(float));
    Ahead ahead{nullptr, 0};
    if (l + 1 < plan.grid.levels) {  // each slice fetches its share of the next level, if most of it will be read
      const int64_t lines = plan.grid.level[l + 1].entries * size / 64, share = lines / slices;
      if (lines >= kFarLines && lines <= 4 * n)
        ahead = {static_cast<const char*>(tables.of(plan.grid.level[l + 1])) + task % slices * share * 64,
                 share * kLanes / (end - begin) + 1};
    }
    grid_dispatch(plan.inputs, plan.grid.features, tables.half != nullptr, level.indexing == Indexing::hashed,
                  [&](auto d, auto f, auto half, auto hashed) {
      if constexpr (f.value % kChannels == 0)
        grid_forward_level<d.value, f.value, half.value, hashed.value>(
            level, plan.grid.interpolation, tables.of(level), in, begin, end, out.channels(l * f.value / kChannels),
            level.entries * size > kFarBytes, ahead);
    });
  });
}

// out: the encoding's own channels. Points are padded to whole registers on both sides.
static void encode(Exec& exec, const EncodingPlan& plan, const Parameters& parameters, Plane owner, int64_t n, Plane out) {
  const Plane in = owner.channels(plan.first_input);
  switch (plan.kind) {
    case EncodingKind::grid: return encode_grid(exec, plan, parameters, in, n, out);
    case EncodingKind::spherical_harmonics:
      for_slices(exec, n, [&](int64_t begin, int64_t end) {
        for (int64_t p = begin; p < end; p += kLanes)
          spherical_harmonics(plan.degree, load(in[0] + p), load(in[1] + p), load(in[2] + p),
                              [&](int k, vf value, vf, vf, vf) { store(out[k] + p, value); });
      });
      return;
    case EncodingKind::coordinate:
      for_slices(exec, n, [&](int64_t begin, int64_t end) {
        for (int64_t i = 0; i < plan.inputs; ++i) {
          const Plane own = out.channels(i * plan.coordinate.outputs);
          for (int64_t p = begin; p < end; p += kLanes)
            encode_coordinate(plan.coordinate, load(in[i] + p), [&](int k, vf value, vf) { store(own[k] + p, value); });
        }
      });
      return;
    case EncodingKind::integrated_frequency:
      for_slices(exec, n, [&](int64_t begin, int64_t end) {
        for (int64_t p = begin; p < end; p += kLanes) {
          vf gaussian[kGaussian];
          for (int i = 0; i < kGaussian; ++i) gaussian[i] = load(in[i] + p);
          integrated_frequency(plan.integrated, gaussian, [&](int32_t k, vf value) { store(out[k] + p, value); });
        }
      });
      return;
    case EncodingKind::contraction: return encode(exec, *plan.part[0], parameters, contracted(exec, plan, in, n), n, out);
    case EncodingKind::composite: {
      if (plan.reduction == Reduction::concatenation) {
        for (int32_t i = 0, first = 0; i < plan.parts; first += plan.part[i++]->outputs)
          encode(exec, *plan.part[i], parameters, in, n, out.channels(first));
        return;
      }
      encode(exec, *plan.part[0], parameters, in, n, out);
      const Plane next = take_outputs(exec, plan, n);
      for (int i = 1; i < plan.parts; ++i) {
        encode(exec, *plan.part[i], parameters, in, n, next);
        fill(exec, plan.outputs, n, out, [&](int64_t k, int64_t p) __attribute__((always_inline)) {
          const vf a = load(out[k] + p), b = load(next[k] + p);
          return plan.reduction == Reduction::sum ? a + b : a * b;
        });
      }
      return;
    }
  }
}

#if defined(__AVX512BF16__)
// The same in bf16 pairs; the last one's high half is zero where the channels are odd in number.
static void encode(Exec& exec, const EncodingPlan& plan, const Parameters& parameters, Plane owner, int64_t n,
                   PlanesOf<uint32_t> out) {
  const Plane in = owner.channels(plan.first_input);
  if (!made_in_pairs(plan)) {
    const Plane single = take_outputs(exec, plan, n);
    encode(exec, plan, parameters, owner, n, single);
    for_slices(exec, n, [&](int64_t begin, int64_t end) {
      for (int64_t k = 0; k < plan.outputs; k += 2)
        for (int64_t p = begin; p < end; p += kLanes) {
          const vf x[2] = {load(single[k] + p), k + 1 < plan.outputs ? load(single[k + 1] + p) : vf{}};
          store_channels<2>(out.channels(k / 2), p, x);
        }
    });
  } else if (plan.kind == EncodingKind::grid) {
    encode_grid(exec, plan, parameters, in, n, out);
  } else if (plan.kind == EncodingKind::contraction) {
    encode(exec, *plan.part[0], parameters, contracted(exec, plan, in, n), n, out);
  } else {
    for (int32_t i = 0, first = 0; i < plan.parts; first += plan.part[i++]->outputs)
      encode(exec, *plan.part[i], parameters, in, n, out.channels(first / 2));
  }
}
#endif

// d loss / d outputs of each part of a composite. A product's parts are evaluated again; their gradients multiply the
// values before and behind them, so that a part that is 0 has the right one.
static void part_gradients(Exec& exec, const EncodingPlan& plan, const Parameters& parameters, Plane in, int64_t n,
                           Plane d_out, Plane* d_part) {
  if (plan.reduction != Reduction::product) {
    for (int32_t i = 0, first = 0; i < plan.parts; first += plan.part[i++]->outputs)
      d_part[i] = plan.reduction == Reduction::sum ? d_out : d_out.channels(first);
    return;
  }
  for (int i = 0; i < plan.parts; ++i) {
    d_part[i] = take_outputs(exec, plan, n);
    encode(exec, *plan.part[i], parameters, in, n, d_part[i]);
  }
  for_slices(exec, n, [&](int64_t begin, int64_t end) {
    for (int64_t k = 0; k < plan.outputs; ++k)
      for (int64_t p = begin; p < end; p += kLanes) {
        vf before[kMaxParts], product = load(d_out[k] + p);
        for (int i = 0; i < plan.parts; ++i) {
          before[i] = product;
          product = product * load(d_part[i][k] + p);
        }
        vf behind = vf{} + 1.0f;
        for (int i = plan.parts - 1; i >= 0; --i) {
          const vf value = load(d_part[i][k] + p);
          store(d_part[i][k] + p, before[i] * behind);
          behind = behind * value;
        }
      }
  });
}

// Adds d loss / d inputs to d_owner, whose channels are the owner's inputs.
static void encode_inputs(Exec& exec, const EncodingPlan& plan, const Parameters& parameters, Plane owner, int64_t n,
                          Plane d_out, Plane d_owner) {
  const Plane in = owner.channels(plan.first_input), d_in = d_owner.channels(plan.first_input);
  switch (plan.kind) {
    case EncodingKind::grid: {
      const GridTables tables = grid_tables(plan, parameters);
      for_slices(exec, n, [&](int64_t begin, int64_t end) {
        for (int l = 0; l < plan.grid.levels; ++l) {
          const GridLevel& level = plan.grid.level[l];
          grid_dispatch(plan.inputs, plan.grid.features, tables.half != nullptr, level.indexing == Indexing::hashed,
                        [&](auto d, auto f, auto half, auto hashed) {
            grid_inputs_level<d.value, f.value, half.value, hashed.value>(
                level, plan.grid.interpolation, tables.of(level), in, begin, end,
                d_out.channels(l * plan.grid.features), d_in);
          });
        }
      });
      return;
    }
    case EncodingKind::spherical_harmonics:
      for_slices(exec, n, [&](int64_t begin, int64_t end) {
        for (int64_t p = begin; p < end; p += kLanes) {
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
    case EncodingKind::coordinate:
      fill(exec, plan.inputs, n, d_in, [&](int64_t i, int64_t p) __attribute__((always_inline)) {
        const Plane d_own = d_out.channels(i * plan.coordinate.outputs);
        vf sum = load(d_in[i] + p);
        encode_coordinate(plan.coordinate, load(in[i] + p), [&](int k, vf, vf slope) { sum += load(d_own[k] + p) * slope; });
        return sum;
      });
      return;
    case EncodingKind::integrated_frequency:
      for_slices(exec, n, [&](int64_t begin, int64_t end) {
        for (int64_t p = begin; p < end; p += kLanes) {
          vf gaussian[kGaussian], d_gaussian[kGaussian];
          for (int i = 0; i < kGaussian; ++i) gaussian[i] = load(in[i] + p);
          integrated_frequency_gradient(plan.integrated, gaussian, [&](int32_t k) { return load(d_out[k] + p); }, d_gaussian);
          for (int i = 0; i < kGaussian; ++i) store(d_in[i] + p, load(d_in[i] + p) + d_gaussian[i]);
        }
      });
      return;
    case EncodingKind::contraction: {
      const Plane d_inside = take_plane(exec.shared, 3, padded(n) + kPadding);
      fill(exec, 3, n, d_inside, [](int64_t, int64_t) { return vf{}; });
      encode_inputs(exec, *plan.part[0], parameters, contracted(exec, plan, in, n), n, d_out, d_inside);
      for_slices(exec, n, [&](int64_t begin, int64_t end) {
        for (int64_t p = begin; p < end; p += kLanes) {
          const vf x[3] = {load(in[0] + p), load(in[1] + p), load(in[2] + p)};
          vf d_x[3] = {load(d_inside[0] + p), load(d_inside[1] + p), load(d_inside[2] + p)};
          contract_to_unit_gradient(plan.contraction, x, d_x);
          for (int k = 0; k < 3; ++k) store(d_in[k] + p, load(d_in[k] + p) + d_x[k]);
        }
      });
      return;
    }
    case EncodingKind::composite: {
      Plane d_part[kMaxParts];
      part_gradients(exec, plan, parameters, in, n, d_out, d_part);
      for (int i = 0; i < plan.parts; ++i) encode_inputs(exec, *plan.part[i], parameters, in, n, d_part[i], d_in);
      return;
    }
  }
}

// A run of points whose gradients are there; the rest of a batch may be anything.
struct Segment {
  int64_t begin, end;
};

// Adds the gradients of a grid's tables, level by level; then calls then(first parameter, last parameter) for each level,
// on the thread that has the level in its cache.
template <class Element, class Then>
static void scatter_grid(Exec& exec, const EncodingPlan& plan, const Parameters& parameters, Plane in,
                         const Segment* segments, int64_t n_segments, PlanesOf<Element> d_out, const Then& then) {
  constexpr int kChannels = PlaneElement<Element>::kChannels;
  const GridPlan& grid = plan.grid;
  parallel(exec, grid.levels, [&](int64_t task, int) {
    const int64_t l = grid.levels - 1 - task;  // the largest tables first, so that no thread ends with one
    const GridLevel& level = grid.level[l];
    const int64_t first = plan.offset + level.offset;
    const bool far = plan.parameters > kFarParameters && level.entries > 1 << 16;
    grid_dispatch(plan.inputs, grid.features, false, level.indexing == Indexing::hashed,
                  [&](auto d, auto f, auto, auto hashed) {
      if constexpr (f.value % kChannels == 0)
        for (int64_t s = 0; s < n_segments; ++s)
          grid_scatter_level<d.value, f.value, hashed.value>(level, grid.interpolation, in, segments[s].begin,
                                                             segments[s].end, d_out.channels(l * f.value / kChannels), far,
                                                             parameters.gradients + first);
    });
    then(first, first + static_cast<int64_t>(level.entries) * grid.features);
  });
}

// Adds parameter gradients; then as in scatter_grid.
template <class Then>
static void encode_parameters(Exec& exec, const EncodingPlan& plan, const Parameters& parameters, Plane owner,
                              const Segment* segments, int64_t n_segments, Plane d_out, const Then& then) {
  const Plane in = owner.channels(plan.first_input);
  if (plan.kind == EncodingKind::grid) scatter_grid(exec, plan, parameters, in, segments, n_segments, d_out, then);
  if (plan.kind == EncodingKind::contraction && plan.parameters > 0)
    encode_parameters(exec, *plan.part[0], parameters, contracted(exec, plan, in, segments[n_segments - 1].end), segments,
                      n_segments, d_out, then);
  if (plan.kind == EncodingKind::composite) {
    Plane d_part[kMaxParts];
    part_gradients(exec, plan, parameters, in, segments[n_segments - 1].end, d_out, d_part);
    for (int i = 0; i < plan.parts; ++i)
      encode_parameters(exec, *plan.part[i], parameters, in, segments, n_segments, d_part[i], then);
  }
}

// The same of gradients in bf16 pairs.
template <class Then>
static void encode_parameters(Exec& exec, const EncodingPlan& plan, const Parameters& parameters, Plane owner,
                              const Segment* segments, int64_t n_segments, PlanesOf<uint32_t> d_out, const Then& then) {
  const Plane in = owner.channels(plan.first_input);
  if (!made_in_pairs(plan)) {
    if (plan.parameters == 0) return;
    const int64_t n = segments[n_segments - 1].end;
    const Plane single = take_plane(exec.shared, padded(plan.outputs, 2), padded(n) + kPadding);
    for_slices(exec, n, [&](int64_t begin, int64_t end) {
      for (int64_t k = 0; k < plan.outputs; k += 2)
        for (int64_t p = begin; p < end; p += kLanes) {
          vf x[2];
          load_channels<2>(d_out.channels(k / 2), p, x);
          store_channels<2>(single.channels(k), p, x);
        }
    });
    encode_parameters(exec, plan, parameters, owner, segments, n_segments, single, then);
  } else if (plan.kind == EncodingKind::grid) {
    scatter_grid(exec, plan, parameters, in, segments, n_segments, d_out, then);
  } else if (plan.kind == EncodingKind::contraction) {
    encode_parameters(exec, *plan.part[0], parameters, contracted(exec, plan, in, segments[n_segments - 1].end), segments,
                      n_segments, d_out, then);
  } else {
    for (int32_t i = 0, first = 0; i < plan.parts; first += plan.part[i++]->outputs)
      encode_parameters(exec, *plan.part[i], parameters, in, segments, n_segments, d_out.channels(first / 2), then);
  }
}

}  // namespace eik::EIK_ISA
