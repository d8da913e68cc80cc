// Adam with its schedule, and the moving average of parameters, configured by tiny-cuda-nn's nested wrappers.
#pragma once
#include "core/module.h"

namespace eik {

// The learning rate as a function of the step and of the fraction of training done.
struct Schedule {
  double rate = 1e-2;
  // ExponentialDecay: times base every interval steps from start on, until end.
  int decay_start = 0, decay_interval = 0, decay_end = 0;
  double decay_base = 1;
  int warmup_steps = 0;  // Warmup: linear from 0
  // CosineDecay, LogDecay: from 1 at begin to end_factor at the end of training.
  enum class Tail { none, cosine, logarithmic } tail = Tail::none;
  double tail_begin = 0, tail_factor = 1;

  double at(int64_t step, double progress) const;
};

class Optimizer {
 public:
  Optimizer(std::shared_ptr<Module> module, const std::string& config);

  const std::shared_ptr<Module>& module() const { return module_; }
  double rate(double progress) const { return schedule_.at(step_, progress); }
  void step(double progress);

  // For a road that fuses the update into its own schedule: the update's constants, and what follows it.
  AdamStep begin(double progress) const;
  Moments moments() const { return {first_.data(), second_.data()}; }
  void end(const Kernels& kernels, Exec& exec);

  int64_t state_size() const;
  int64_t get_state(float* values, int64_t count) const;  // answers the step
  void set_state(int64_t step, const float* values, int64_t count);

 private:
  void parse(const Json& json);
  std::shared_ptr<Module> module_;
  Schedule schedule_;
  double beta1_ = 0.9, beta2_ = 0.999, epsilon_ = 1e-8, l2_ = 0, weight_decay_ = 0, ema_ = 0;
  int64_t step_ = 0;
  Buffer<float> first_, second_, average_;
};

}  // namespace eik
