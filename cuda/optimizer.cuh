// Adam and the moving average. Floor: the bytes of parameter, gradient and two moments, each way; entries of a grid that no
// sample touched cost the reading of their gradient.
#pragma once
#include "cuda/planes.cuh"
#include "math/adam.h"

namespace eik::EIK_ISA {

// Writes the half-precision copy of parameter i.
__device__ inline void store_half(void* half, HalfType type, int64_t i, float x) {
  if (!half) return;
  if (type == HalfType::fp16)
    static_cast<__half*>(half)[i] = to_half<__half>(x);
  else
    static_cast<__nv_bfloat16*>(half)[i] = to_half<__nv_bfloat16>(x);
}

// Sparse: a parameter with gradient 0 keeps its value and moments. Nothing moves where *unless_zero is 0.
inline void adam_range(Exec& exec, const AdamStep& step, const Parameters& parameters, const Moments& moments, int64_t begin,
                       int64_t count, bool sparse, const int32_t* unless_zero) {
  const HalfType type = exec.half;
  for_each(exec, count, [=] __device__(int64_t k) {
    if (unless_zero && *unless_zero == 0) return;
    const int64_t i = begin + k;
    const float g = parameters.gradients[i];
    if (sparse && g == 0.0f) return;
    float first = moments.first[i], second = moments.second[i];
    const float value = adam_update(step, parameters.values[i], g, first, second);
    parameters.values[i] = value;
    moments.first[i] = first;
    moments.second[i] = second;
    parameters.gradients[i] = 0;
    store_half(parameters.half, type, i, value);
  });
}

// Grid entries want no pull towards zero: they are sparse in space, and most are untouched.
inline void optimize_encoding(Exec& exec, const EncodingPlan& plan, const Parameters& parameters, const Moments& moments,
                              AdamStep step, const int32_t* unless_zero) {
  step.l2 = 0;
  if (plan.kind == EncodingKind::grid) adam_range(exec, step, parameters, moments, plan.offset, plan.parameters, true, unless_zero);
  for (int i = 0; i < plan.parts; ++i) optimize_encoding(exec, *plan.part[i], parameters, moments, step, unless_zero);
}

inline void optimize_all(Exec& exec, const ModulePlan& plan, const Parameters& parameters, const Moments& moments,
                         const AdamStep& step, const int32_t* unless_zero) {
  if (plan.kind != ModuleKind::network) optimize_encoding(exec, plan.encoding, parameters, moments, step, unless_zero);
  if (plan.kind == ModuleKind::radiance) optimize_encoding(exec, plan.direction, parameters, moments, step, unless_zero);
  if (plan.kind != ModuleKind::encoding)
    adam_range(exec, step, parameters, moments, plan.network.offset, plan.network.parameters, false, unless_zero);
  if (plan.kind == ModuleKind::radiance)
    adam_range(exec, step, parameters, moments, plan.head.offset, plan.head.parameters, false, unless_zero);
}

static void optimize(Exec& exec, const ModulePlan& plan, Parameters parameters, Moments moments, const AdamStep& step) {
  optimize_all(exec, plan, parameters, moments, step, nullptr);
}

static void refresh(Exec& exec, const ModulePlan& plan, Parameters parameters) {
  if (!parameters.half) return;
  const HalfType type = exec.half;
  for_each(exec, plan.parameters, [=] __device__(int64_t i) { store_half(parameters.half, type, i, parameters.values[i]); });
}

static void average(Exec& exec, int64_t n, float decay, const float* values, float* mean) {
  for_each(exec, n, [=] __device__(int64_t i) { mean[i] = mean[i] * decay + values[i] * (1.0f - decay); });
}

}  // namespace eik::EIK_ISA
