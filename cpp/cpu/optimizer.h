// Adam and the moving average over ranges of parameters. Floor: the bytes of parameter, gradient and two moments, each
// way. Of a grid's entries that no sample touched only the gradient is read, where these are many: single lines cost four
// times as much as lines in order.
#pragma once
#include "core/backend.h"
#include "cpu/lanes.h"

namespace eik::EIK_ISA {

EIK_HD void round_to_half(vf x, uint16_t* out) {
  typedef uint16_t Halves __attribute__((vector_size(2 * kLanes)));
  typedef Halves Unaligned __attribute__((aligned(2), may_alias));
  const vu u = reinterpret_cast<vu>(x);
  *reinterpret_cast<Unaligned*>(out) = __builtin_convertvector((u + 0x7fff + (u >> 16 & 1)) >> 16, Halves);
}

// Where a module's parameters and what belongs to each of them lie.
struct AdamArrays {
  float *values, *gradients, *first, *second;
  uint16_t* half;  // or NULL

  AdamArrays(const Parameters& parameters, const Moments& moments)
      : values(parameters.values), gradients(parameters.gradients), first(moments.first), second(moments.second),
        half(static_cast<uint16_t*>(parameters.half)) {}

  // Whether it is faster to go from one touched register of a block to the next than to stream through it all.
  EIK_HD static bool few(uint64_t mask) { return __builtin_popcountll(mask) < 16; }

  EIK_HD void fetch(int64_t i) const {
    __builtin_prefetch(values + i, 1);
    __builtin_prefetch(first + i, 1);
    __builtin_prefetch(second + i, 1);
    if (half) __builtin_prefetch(half + i, 1);
  }

  // A register of parameters. Sparse: one with gradient 0 keeps its value and moments.
  template <bool Sparse>
  EIK_HD void update(const AdamStep& step, int64_t i) const {
    const vf g = load(gradients + i), value = load(values + i), m = load(first + i), v = load(second + i);
    vf next_m = m, next_v = v;
    vf next = adam_update(step, value, g, next_m, next_v);
    if (Sparse) {
      const vi touched = g != 0.0f;
      next = touched ? next : value;
      next_m = touched ? next_m : m;
      next_v = touched ? next_v : v;
    }
    store(values + i, next);
    store(first + i, next_m);
    store(second + i, next_v);
    store(gradients + i, vf{});
    if (half) round_to_half(next, half + i);
  }

  // One bit for each register of [begin, end) that has a gradient; where these are few, what they need is fetched.
  EIK_HD uint64_t touched(int64_t begin, int64_t end) const {
    uint64_t mask = 0;
    for (int64_t i = begin; i < end; i += kLanes)
      mask |= uint64_t{any(load(gradients + i) != 0.0f)} << ((i - begin) / kLanes);
    if (few(mask))
      for (uint64_t rest = mask; rest != 0; rest &= rest - 1) fetch(begin + __builtin_ctzll(rest) * kLanes);
    return mask;
  }
};

// Parameters [begin, end). Sparse: a parameter with gradient 0 keeps its value and moments; of a block of registers of
// which few have a gradient the others are not read at all.
template <bool Sparse>
static void adam_range(const AdamStep& step, const Parameters& parameters, const Moments& moments, int64_t begin,
                       int64_t end) {
  constexpr int64_t kStride = 64 * kLanes;  // a bit of a mask for each register
  const AdamArrays arrays(parameters, moments);
  const int64_t whole = end - (end - begin) % kLanes;
  if (Sparse) {
    uint64_t mask = arrays.touched(begin, lesser(begin + kStride, whole));
    for (int64_t block = begin; block < whole; block += kStride) {
      const int64_t next = lesser(block + kStride, whole);
      const uint64_t next_mask = arrays.touched(next, lesser(next + kStride, whole));
      if (AdamArrays::few(mask))
        for (; mask != 0; mask &= mask - 1) arrays.update<true>(step, block + __builtin_ctzll(mask) * kLanes);
      else
        for (int64_t i = block; i < next; i += kLanes) arrays.update<true>(step, i);
      mask = next_mask;
    }
  } else {
    for (int64_t i = begin; i < whole; i += kLanes) arrays.update<false>(step, i);
  }
  for (int64_t i = whole; i < end; ++i) {
    if (Sparse && arrays.gradients[i] == 0.0f) continue;
    float& value = arrays.values[i];
    value = adam_update(step, value, arrays.gradients[i], arrays.first[i], arrays.second[i]);
    arrays.gradients[i] = 0.0f;
    if (arrays.half) {
      const uint32_t u = static_cast<uint32_t>(as_bits(value));
      arrays.half[i] = static_cast<uint16_t>((u + 0x7fff + (u >> 16 & 1)) >> 16);
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
