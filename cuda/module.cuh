// A module of any kind on rows of points: forward, and the vector-Jacobian product.
#pragma once
#include "cuda/encoding.cuh"
#include "cuda/mlp.cuh"

namespace eik::EIK_ISA {

// Calls body(a value of the device's half precision).
template <class Body>
void with_precision(const Exec& exec, const Body& body) {
  switch (exec.half) {
    case HalfType::none: return body(float());
    case HalfType::bf16: return body(__nv_bfloat16());
    case HalfType::fp16: return body(__half());
  }
}

// Points in a chunk: as many as keep a module with very many channels within memory. A function of the module alone.
inline int64_t chunk_points(const ModulePlan& plan) {
  constexpr int64_t kChunk = 1 << 17, kChunkValues = 1 << 25;
  const int64_t channels = 2 * (plan.inputs + plan.outputs + plan.encoding.outputs + plan.direction.outputs);
  return clamped(kChunkValues / channels, int64_t{1024}, kChunk);
}

// A radiance field on a batch: both networks and what lies between them.
template <class H>
struct Radiance {
  Exec& exec;
  const ModulePlan& plan;
  const float* parameters;
  Count points;
  const bool keep;  // what backward needs
  Plane head_in, color;
  MlpTape<H> network_tape, head_tape;

  Radiance(Exec& exec, const ModulePlan& plan, const float* parameters, Count points, bool keep)
      : exec(exec), plan(plan), parameters(parameters), points(points), keep(keep),
        head_in(take_plane(exec, plan.head.width[0], points.most)),
        color(take_plane(exec, plan.head.width[plan.head.layers], points.most)) {}

  int32_t density_outputs() const { return plan.network.width[plan.network.layers]; }
  Plane encoded_direction() const { return head_in.channels(density_outputs()); }
  float* raw_density() const { return head_in[0]; }

  // encoded_direction must be there when the head is asked.
  void network(Plane features) {
    mlp_forward<H>(exec, plan.network, parameters, features, points, density_outputs(), head_in, keep ? &network_tape : nullptr);
  }
  void head() {
    mlp_forward<H>(exec, plan.head, parameters, head_in, points, plan.outputs - 1, color, keep ? &head_tape : nullptr);
  }

  // d_features may have no data, parts may be NULL. Answers d loss / d encoded direction.
  Plane backward(Plane d_color, const float* d_raw_density, Plane d_features, const GradientParts* parts) {
    const Plane d_head_in = take_plane(exec, plan.head.width[0], points.most);
    mlp_backward<H>(exec, plan.head, parameters, head_tape, points, d_color, d_head_in, parts, plan.network.parameters);
    for_planes(exec, 1, points, [=] __device__(int64_t, int64_t p) { d_head_in[0][p] += d_raw_density[p]; });
    mlp_backward<H>(exec, plan.network, parameters, network_tape, points, d_head_in, d_features, parts, 0);
    return d_head_in.channels(density_outputs());
  }
};

inline GradientParts take_parts(Exec& exec, const ModulePlan& plan, int64_t points) {
  const int64_t network = plan.kind == ModuleKind::encoding ? 0 : plan.network.parameters;
  return take_parts(exec, network + (plan.kind == ModuleKind::radiance ? plan.head.parameters : 0), points);
}

inline void add_parts(Exec& exec, const ModulePlan& plan, const GradientParts& parts, float* gradients) {
  if (plan.kind != ModuleKind::encoding)
    add_parts(exec, parts, 0, plan.network.parameters, gradients + plan.network.offset);
  if (plan.kind == ModuleKind::radiance)
    add_parts(exec, parts, plan.network.parameters, plan.head.parameters, gradients + plan.head.offset);
}

template <class H>
void forward_chunk(Exec& exec, const ModulePlan& plan, const Parameters& parameters, int64_t n, const float* inputs, float* outputs) {
  const Count points{n, nullptr};
  const Plane in = take_plane(exec, plan.inputs, n), out = take_plane(exec, plan.outputs, n);
  to_planes(exec, inputs, n, plan.inputs, in);
  Plane features = in;
  if (plan.kind != ModuleKind::network) {
    features = plan.kind == ModuleKind::encoding ? out : take_plane(exec, plan.encoding.outputs, n);
    encode(exec, plan.encoding, parameters, in, points, features);
  }
  if (plan.kind == ModuleKind::radiance) {
    Radiance<H> field(exec, plan, parameters.values, points, false);
    encode(exec, plan.direction, parameters, in.channels(3), points, field.encoded_direction());
    field.network(features);
    field.head();
    copy_planes(exec, field.color, plan.outputs - 1, points, out);
    copy_planes(exec, field.head_in, 1, points, out.channels(plan.outputs - 1));
  } else if (plan.kind != ModuleKind::encoding) {
    mlp_forward<H>(exec, plan.network, parameters.values, features, points, plan.outputs, out, nullptr);
  }
  to_rows(exec, out, n, plan.outputs, outputs);
}

template <class H>
void backward_chunk(Exec& exec, const ModulePlan& plan, const Parameters& parameters, int64_t n, const float* inputs,
                    const float* d_outputs, float* d_inputs, bool want_parameters) {
  const Count points{n, nullptr};
  const Plane in = take_plane(exec, plan.inputs, n), d_in = take_plane(exec, plan.inputs, n);
  const Plane d_out = take_plane(exec, plan.outputs, n);
  to_planes(exec, inputs, n, plan.inputs, in);
  to_planes(exec, d_outputs, n, plan.outputs, d_out);
  clear(exec, d_in.data, static_cast<size_t>(plan.inputs * d_in.stride) * sizeof(float));
  Plane features = in, d_features = d_in, d_direction{};
  if (plan.kind == ModuleKind::encoding) {
    d_features = d_out;
  } else if (plan.kind != ModuleKind::network) {
    features = take_plane(exec, plan.encoding.outputs, n);
    d_features = take_plane(exec, plan.encoding.outputs, n);
    encode(exec, plan.encoding, parameters, in, points, features);
  }
  const GradientParts parts = take_parts(exec, plan, n);
  const GradientParts* wanted = want_parameters ? &parts : nullptr;
  if (plan.kind == ModuleKind::radiance) {
    Radiance<H> field(exec, plan, parameters.values, points, true);
    encode(exec, plan.direction, parameters, in.channels(3), points, field.encoded_direction());
    field.network(features);
    field.head();
    d_direction = field.backward(d_out, d_out[plan.outputs - 1], d_features, wanted);
  } else if (plan.kind != ModuleKind::encoding) {
    MlpTape<H> tape;
    const Plane out = take_plane(exec, plan.outputs, n);
    mlp_forward<H>(exec, plan.network, parameters.values, features, points, plan.outputs, out, &tape);
    mlp_backward<H>(exec, plan.network, parameters.values, tape, points, d_out, d_features, wanted, 0);
  }
  if (want_parameters) {
    add_parts(exec, plan, parts, parameters.gradients);
    if (plan.kind != ModuleKind::network) encode_parameters(exec, plan.encoding, parameters, in, points, d_features);
  }
  if (!d_inputs) return;
  if (plan.kind != ModuleKind::network) encode_inputs(exec, plan.encoding, parameters, in, points, d_features, d_in);
  if (plan.kind == ModuleKind::radiance)
    encode_inputs(exec, plan.direction, parameters, in.channels(3), points, d_direction, d_in.channels(3));
  to_rows(exec, d_in, n, plan.inputs, d_inputs);
}

static void forward(Exec& exec, const ModulePlan& plan, Parameters parameters, int64_t n, const float* inputs, float* outputs) {
  const int64_t chunk = chunk_points(plan);
  with_precision(exec, [&](auto half) {
    for (int64_t begin = 0; begin < n; begin += chunk) {
      exec.shared.reset(exec.stream);
      forward_chunk<decltype(half)>(exec, plan, parameters, lesser(chunk, n - begin), inputs + begin * plan.inputs,
                                    outputs + begin * plan.outputs);
    }
  });
}

static void backward(Exec& exec, const ModulePlan& plan, Parameters parameters, int64_t n, const float* inputs,
                     const float* d_outputs, float* d_inputs, bool want_parameters) {
  const int64_t chunk = chunk_points(plan);
  with_precision(exec, [&](auto half) {
    for (int64_t begin = 0; begin < n; begin += chunk) {
      exec.shared.reset(exec.stream);
      backward_chunk<decltype(half)>(exec, plan, parameters, lesser(chunk, n - begin), inputs + begin * plan.inputs,
                                     d_outputs + begin * plan.outputs,
                                     d_inputs ? d_inputs + begin * plan.inputs : nullptr, want_parameters);
    }
  });
}

}  // namespace eik::EIK_ISA
