// Encodings of a whole batch: forward, backward to the inputs, backward to the parameters.
#pragma once
#include "cuda/grid.cuh"
#include "math/coordinate.h"
#include "math/integrated_frequency.h"
#include "math/spherical_harmonics.h"

namespace eik::EIK_ISA {

// Calls body(table) with the grid's values in the precision that the device keeps them in.
template <class Body>
void with_table(const Exec& exec, const EncodingPlan& plan, const Parameters& parameters, const Body& body) {
  if (parameters.half && plan.grid.features % 2 == 0) {
    if (exec.half == HalfType::fp16) return body(static_cast<const __half*>(parameters.half) + plan.offset);
    return body(static_cast<const __nv_bfloat16*>(parameters.half) + plan.offset);
  }
  body(static_cast<const float*>(parameters.values) + plan.offset);
}

// The points of a contraction where its part wants them.
inline Plane contracted(Exec& exec, const EncodingPlan& plan, Plane in, Count points) {
  const Plane out = take_plane(exec, 3, points.most);
  const ContractionPlan contraction = plan.contraction;
  for_planes(exec, 1, points, [=] __device__(int64_t, int64_t p) {
    float x[3] = {in[0][p], in[1][p], in[2][p]};
    contract_to_unit(contraction, x);
    for (int k = 0; k < 3; ++k) out[k][p] = x[k];
  });
  return out;
}

// out: the encoding's own channels.
inline void encode(Exec& exec, const EncodingPlan& plan, const Parameters& parameters, Plane owner, Count points, Plane out) {
  const Plane in = owner.channels(plan.first_input);
  switch (plan.kind) {
    case EncodingKind::grid:
      with_table(exec, plan, parameters, [&](auto* table) {
        grid_dispatch(plan.inputs, plan.grid.features, [&](auto d, auto f) {
          grid_forward<d.value, f.value>(exec, plan.grid, table, in, points, out);
        });
      });
      return;
    case EncodingKind::spherical_harmonics: {
      const int32_t degree = plan.degree;
      for_planes(exec, 1, points, [=] __device__(int64_t, int64_t p) {
        spherical_harmonics(degree, in[0][p], in[1][p], in[2][p],
                            [&](int k, float value, float, float, float) { out[k][p] = value; });
      });
      return;
    }
    case EncodingKind::coordinate: {
      const CoordinatePlan coordinate = plan.coordinate;
      for_planes(exec, plan.inputs, points, [=] __device__(int64_t i, int64_t p) {
        const Plane own = out.channels(i * coordinate.outputs);
        encode_coordinate(coordinate, in[i][p], [&](int k, float value, float) { own[k][p] = value; });
      });
      return;
    }
    case EncodingKind::integrated_frequency: {
      const IntegratedFrequencyPlan integrated = plan.integrated;
      for_planes(exec, 1, points, [=] __device__(int64_t, int64_t p) {
        float gaussian[kGaussian];
        for (int i = 0; i < kGaussian; ++i) gaussian[i] = in[i][p];
        integrated_frequency(integrated, gaussian, [&](int32_t k, float value) { out[k][p] = value; });
      });
      return;
    }
    case EncodingKind::contraction:
      return encode(exec, *plan.part[0], parameters, contracted(exec, plan, in, points), points, out);
    case EncodingKind::composite: {
      if (plan.reduction == Reduction::concatenation) {
        for (int32_t i = 0, first = 0; i < plan.parts; first += plan.part[i++]->outputs)
          encode(exec, *plan.part[i], parameters, in, points, out.channels(first));
        return;
      }
      encode(exec, *plan.part[0], parameters, in, points, out);
      const Plane next = take_plane(exec, plan.outputs, points.most);
      const bool sum = plan.reduction == Reduction::sum;
      for (int i = 1; i < plan.parts; ++i) {
        encode(exec, *plan.part[i], parameters, in, points, next);
        for_planes(exec, plan.outputs, points, [=] __device__(int64_t k, int64_t p) {
          out[k][p] = sum ? out[k][p] + next[k][p] : out[k][p] * next[k][p];
        });
      }
      return;
    }
  }
}

struct PartPlanes {
  Plane part[kMaxParts];
};

// d loss / d outputs of each part of a composite. A product's parts are evaluated again; their gradients multiply the
// values before and behind them, so that a part that is 0 has the right one.
inline PartPlanes part_gradients(Exec& exec, const EncodingPlan& plan, const Parameters& parameters, Plane in, Count points,
                                 Plane d_out) {
  PartPlanes d{};
  if (plan.reduction != Reduction::product) {
    for (int32_t i = 0, first = 0; i < plan.parts; first += plan.part[i++]->outputs)
      d.part[i] = plan.reduction == Reduction::sum ? d_out : d_out.channels(first);
    return d;
  }
  for (int i = 0; i < plan.parts; ++i) {
    d.part[i] = take_plane(exec, plan.outputs, points.most);
    encode(exec, *plan.part[i], parameters, in, points, d.part[i]);
  }
  const int32_t parts = plan.parts;
  for_planes(exec, plan.outputs, points, [=] __device__(int64_t k, int64_t p) {
    float before[kMaxParts], product = d_out[k][p], behind = 1;
    for (int i = 0; i < parts; ++i) {
      before[i] = product;
      product *= d.part[i][k][p];
    }
    for (int i = parts - 1; i >= 0; --i) {
      const float value = d.part[i][k][p];
      d.part[i][k][p] = before[i] * behind;
      behind *= value;
    }
  });
  return d;
}

// Adds d loss / d inputs to d_owner, whose channels are the owner's inputs.
inline void encode_inputs(Exec& exec, const EncodingPlan& plan, const Parameters& parameters, Plane owner, Count points,
                          Plane d_out, Plane d_owner) {
  const Plane in = owner.channels(plan.first_input), d_in = d_owner.channels(plan.first_input);
  switch (plan.kind) {
    case EncodingKind::grid:
      with_table(exec, plan, parameters, [&](auto* table) {
        grid_dispatch(plan.inputs, plan.grid.features, [&](auto d, auto f) {
          grid_inputs<d.value, f.value>(exec, plan.grid, table, in, points, d_out, d_in);
        });
      });
      return;
    case EncodingKind::spherical_harmonics: {
      const int32_t degree = plan.degree;
      for_planes(exec, 1, points, [=] __device__(int64_t, int64_t p) {
        float x = 0, y = 0, z = 0;
        spherical_harmonics(degree, in[0][p], in[1][p], in[2][p], [&](int k, float, float dx, float dy, float dz) {
          const float g = d_out[k][p];
          x += g * dx;
          y += g * dy;
          z += g * dz;
        });
        d_in[0][p] += x;
        d_in[1][p] += y;
        d_in[2][p] += z;
      });
      return;
    }
    case EncodingKind::coordinate: {
      const CoordinatePlan coordinate = plan.coordinate;
      for_planes(exec, plan.inputs, points, [=] __device__(int64_t i, int64_t p) {
        const Plane d_own = d_out.channels(i * coordinate.outputs);
        float sum = 0;
        encode_coordinate(coordinate, in[i][p], [&](int k, float, float slope) { sum += d_own[k][p] * slope; });
        d_in[i][p] += sum;
      });
      return;
    }
    case EncodingKind::integrated_frequency: {
      const IntegratedFrequencyPlan integrated = plan.integrated;
      for_planes(exec, 1, points, [=] __device__(int64_t, int64_t p) {
        float gaussian[kGaussian], d_gaussian[kGaussian];
        for (int i = 0; i < kGaussian; ++i) gaussian[i] = in[i][p];
        integrated_frequency_gradient(integrated, gaussian, [&](int32_t k) { return d_out[k][p]; }, d_gaussian);
        for (int i = 0; i < kGaussian; ++i) d_in[i][p] += d_gaussian[i];
      });
      return;
    }
    case EncodingKind::contraction: {
      const Plane d_inside = take_plane(exec, 3, points.most);
      for_planes(exec, 3, points, [=] __device__(int64_t k, int64_t p) { d_inside[k][p] = 0; });
      encode_inputs(exec, *plan.part[0], parameters, contracted(exec, plan, in, points), points, d_out, d_inside);
      const ContractionPlan contraction = plan.contraction;
      for_planes(exec, 1, points, [=] __device__(int64_t, int64_t p) {
        const float x[3] = {in[0][p], in[1][p], in[2][p]};
        float d_x[3] = {d_inside[0][p], d_inside[1][p], d_inside[2][p]};
        contract_to_unit_gradient(contraction, x, d_x);
        for (int k = 0; k < 3; ++k) d_in[k][p] += d_x[k];
      });
      return;
    }
    case EncodingKind::composite: {
      const PartPlanes d = part_gradients(exec, plan, parameters, in, points, d_out);
      for (int i = 0; i < plan.parts; ++i) encode_inputs(exec, *plan.part[i], parameters, in, points, d.part[i], d_in);
      return;
    }
  }
}

// Adds parameter gradients.
inline void encode_parameters(Exec& exec, const EncodingPlan& plan, const Parameters& parameters, Plane owner, Count points,
                              Plane d_out) {
  const Plane in = owner.channels(plan.first_input);
  if (plan.kind == EncodingKind::grid)
    grid_dispatch(plan.inputs, plan.grid.features, [&](auto d, auto f) {
      grid_scatter<d.value, f.value>(exec, plan.grid, plan.parameters, in, points, d_out, parameters.gradients + plan.offset);
    });
  if (plan.kind == EncodingKind::contraction && plan.parameters > 0)
    encode_parameters(exec, *plan.part[0], parameters, contracted(exec, plan, in, points), points, d_out);
  if (plan.kind == EncodingKind::composite) {
    const PartPlanes d = part_gradients(exec, plan, parameters, in, points, d_out);
    for (int i = 0; i < plan.parts; ++i) encode_parameters(exec, *plan.part[i], parameters, in, points, d.part[i]);
  }
}

}  // namespace eik::EIK_ISA
