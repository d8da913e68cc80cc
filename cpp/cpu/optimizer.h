// Adam and the moving average over ranges of parameters. Floor: the bytes of parameter, gradient and two moments, each
// way; entries of a grid that no sample touched are skipped after reading their gradient.
#pragma once
#include "core/backend.h"
#include "cpu/lanes.h"

namespace eik::EIK_ISA {

EIK_HD void round_to_half(vf x, uint16_t* out) {
  for (int i = 0; i < kLanes; ++i) {
    const uint32_t u = static_cast<uint32_t>(as_bits(x)[i]);
    out[i] = static_cast<uint16_t>((u + 0x7fff + (u >> 16 & 1)) >> 16);
  }
}

// Parameters [begin, end). Sparse: a parameter with gradient 0 keeps its value and moments.
template <bool Sparse>
static void adam_range(const AdamStep& step, const Parameters& parameters, const Moments& moments, int64_t begin,
                       int64_t end) {
  float *values = parameters.values, *gradients = parameters.gradients;
  int64_t i = begin;
  for (; i + kLanes <= end; i += kLanes) {
    const vf g = load(gradients + i);
    const vi touched = g != 0.0f;
    if (Sparse && !any(touched)) continue;
    const vf value = load(values + i), m = load(moments.first + i), v = load(moments.second + i);
    vf first = m, second = v;
    vf next = adam_update(step, value, g, first, second);
    if (Sparse) {
      next = touched ? next : value;
      first = touched ? first : m;
      second = touched ? second : v;
    }
    store(values + i, next);
    store(moments.first + i, first);
    store(moments.second + i, second);
    store(gradients + i, vf{});
    if (parameters.half) round_to_half(next, static_cast<uint16_t*>(parameters.half) + i);
  }
  for (; i < end; ++i) {
    if (Sparse && gradients[i] == 0.0f) continue;
    values[i] = adam_update(step, values[i], gradients[i], moments.first[i], moments.second[i]);
    gradients[i] = 0.0f;
    if (parameters.half) {
      const uint32_t u = static_cast<uint32_t>(as_bits(values[i]));
      static_cast<uint16_t*>(parameters.half)[i] = static_cast<uint16_t>((u + 0x7fff + (u >> 16 & 1)) >> 16);
    }
  }
}

constexpr int64_t kRange = 1 << 14;  // parameters a task

template <bool Sparse>
static void adam_parallel(Exec& exec, const AdamStep& step, const Parameters& parameters, const Moments& moments,
                          int64_t begin, int64_t count) {
  parallel(exec, (count + kRange - 1) / kRange, [&](int64_t task, int) {
    const int64_t first = begin + task * kRange;
    adam_range<Sparse>(step, parameters, moments, first, lesser(first + kRange, begin + count));
  });
}

// Grid entries want no pull towards zero: they are sparse in space, and most are untouched.
EIK_HD AdamStep without_l2(AdamStep step) {
  step.l2 = 0;
  return step;
}

static void optimize_encoding(Exec& exec, const EncodingPlan& plan, const Parameters& parameters, const Moments& moments,
                              const AdamStep& step) {
  if (plan.kind == EncodingKind::grid)
    adam_parallel<true>(exec, without_l2(step), parameters, moments, plan.offset, plan.parameters);
  if (plan.kind == EncodingKind::composite)
    for (int i = 0; i < plan.parts; ++i) optimize_encoding(exec, *plan.part[i], parameters, moments, step);
}

static void optimize_networks(Exec& exec, const ModulePlan& plan, const Parameters& parameters, const Moments& moments,
                              const AdamStep& step) {
  if (plan.kind != ModuleKind::encoding)
    adam_parallel<false>(exec, step, parameters, moments, plan.network.offset, plan.network.parameters);
  if (plan.kind == ModuleKind::radiance)
    adam_parallel<false>(exec, step, parameters, moments, plan.head.offset, plan.head.parameters);
}

static void optimize(Exec& exec, const ModulePlan& plan, Parameters parameters, Moments moments, const AdamStep& step) {
  if (plan.kind != ModuleKind::network) optimize_encoding(exec, plan.encoding, parameters, moments, step);
  if (plan.kind == ModuleKind::radiance) optimize_encoding(exec, plan.direction, parameters, moments, step);
  optimize_networks(exec, plan, parameters, moments, step);
}

static void refresh(Exec& exec, const ModulePlan& plan, Parameters parameters) {
  if (!parameters.half) return;
  auto* half = static_cast<uint16_t*>(parameters.half);
  parallel(exec, (plan.parameters + kRange - 1) / kRange, [&](int64_t task, int) {
    // Parameter arrays are padded to whole registers.
    const int64_t end = lesser((task + 1) * kRange, plan.parameters);
    for (int64_t i = task * kRange; i < end; i += kLanes) round_to_half(load(parameters.values + i), half + i);
  });
}

static void average(Exec& exec, int64_t n, float decay, const float* values, float* mean) {
  parallel(exec, (n + kRange - 1) / kRange, [&](int64_t task, int) {
    for (int64_t i = task * kRange; i < lesser((task + 1) * kRange, n); ++i)
      mean[i] = mean[i] * decay + values[i] * (1.0f - decay);
  });
}

}  // namespace eik::EIK_ISA
