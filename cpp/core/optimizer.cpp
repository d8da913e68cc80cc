#include "core/optimizer.h"

#include <algorithm>
#include <cmath>

#include "core/error.h"

namespace eik {

double Schedule::at(int64_t step, double progress) const {
  double r = rate;
  if (decay_interval > 0 && step >= decay_start) {
    const int64_t until = std::min<int64_t>(step, decay_end);
    r *= std::pow(decay_base, static_cast<double>((until - decay_start) / decay_interval + 1));
  }
  if (step < warmup_steps) r *= static_cast<double>(step + 1) / warmup_steps;
  if (tail != Tail::none && progress > tail_begin) {
    const double x = std::min(1.0, (progress - tail_begin) / (1.0 - tail_begin));
    r *= tail == Tail::cosine ? tail_factor + (1.0 - tail_factor) * 0.5 * (1.0 + std::cos(x * 3.14159265358979323846))
                              : std::pow(tail_factor, x);
  }
  return r;
}

Optimizer::Optimizer(std::shared_ptr<Module> module, const std::string& config) : module_(std::move(module)) {
  parse(Json::parse(config));
  const int64_t n = module_->plan().parameters;
  first_ = Buffer<float>(module_->device(), n);
  second_ = Buffer<float>(module_->device(), n);
  if (ema_ > 0) {
    average_ = Buffer<float>(module_->device(), n);
    std::vector<float> values(static_cast<size_t>(n));
    module_->get_parameters(values.data(), n);
    average_.upload(values.data(), n);
  }
}

void Optimizer::parse(const Json& json) {
  const Json* at = &json;
  for (bool adam = false; !adam;) {
    require(at->type == Json::Type::object, "optimizer: expected a JSON object");
    const Json* otype = at->find("otype");
    require(otype && otype->type == Json::Type::string, "optimizer: \"otype\" is missing");
    const std::string& name = otype->string;
    Keys keys(*at, "optimizer " + name);
    keys.ignore({"otype"});
    const Json* nested = keys.child("nested");
    if (is(name, "Adam")) {
      adam = true;
      schedule_.rate = keys.number("learning_rate", 1e-3, 0, 1e3);
      beta1_ = keys.number("beta1", 0.9, 0, 0.999999);
      beta2_ = keys.number("beta2", 0.999, 0, 0.99999999);
      epsilon_ = keys.number("epsilon", 1e-8, 0, 1);
      l2_ = keys.number("l2_reg", 1e-8, 0, 1);
      weight_decay_ = keys.number("weight_decay", 0, 0, 1e3);
      require(!nested, keys.what() + ": \"nested\" belongs to the wrappers around it");
    } else if (is(name, "ExponentialDecay")) {
      schedule_.decay_base = keys.number("decay_base", 0.1, 0, 1);
      schedule_.decay_start = keys.integer("decay_start", 10000, 0, 2000000000);
      schedule_.decay_interval = keys.integer("decay_interval", 10000, 1, 2000000000);
      schedule_.decay_end = keys.integer("decay_end", 1000000000, schedule_.decay_start, 2000000000);
    } else if (is(name, "Ema")) {
      ema_ = keys.number("decay", 0.99, 0, 0.999999);
      keys.ignore({"full_precision"});
    } else if (is(name, "Warmup")) {
      schedule_.warmup_steps = keys.integer("n_steps", 100, 1, 1000000000);
    } else if (is(name, "CosineDecay") || is(name, "LogDecay")) {
      schedule_.tail = is(name, "CosineDecay") ? Schedule::Tail::cosine : Schedule::Tail::logarithmic;
      schedule_.tail_begin = keys.number("begin", 0, 0, 0.999);
      schedule_.tail_factor = keys.number("end_factor", 0.1, 1e-9, 1);
    } else {
      invalid("unknown optimizer " + cited(name) + "; known are Adam, and around it ExponentialDecay, Ema, Warmup, CosineDecay, LogDecay");
    }
    keys.finish();
    require(adam || nested, keys.what() + ": \"nested\" is missing; the innermost optimizer is Adam");
    at = nested;
  }
}

AdamStep Optimizer::begin(double progress) const {
  require(progress >= 0 && progress <= 1, "optimizer: progress is " + std::to_string(progress) + ", must be in [0, 1]");
  const double t = static_cast<double>(step_ + 1), rate = schedule_.at(step_, progress);
  AdamStep out;
  out.rate = static_cast<float>(rate / (1.0 - std::pow(beta1_, t)));
  out.beta1 = static_cast<float>(beta1_);
  out.beta2 = static_cast<float>(beta2_);
  out.second_scale = static_cast<float>(1.0 / (1.0 - std::pow(beta2_, t)));
  out.epsilon = static_cast<float>(epsilon_);
  out.l2 = static_cast<float>(l2_);
  out.decay = static_cast<float>(rate * weight_decay_);
  return out;
}

void Optimizer::end(const Kernels& kernels, Exec& exec) {
  ++step_;
  if (ema_ > 0)
    kernels.average(exec, average_.size(), static_cast<float>(ema_), module_->parameters().values, average_.data());
}

void Optimizer::step(double progress) {
  const AdamStep adam = begin(progress);
  module_->device()->run([&](const Kernels& kernels, Exec& exec) {
    kernels.optimize(exec, module_->plan(), module_->parameters(), moments(), adam);
    end(kernels, exec);
  });
}

int64_t Optimizer::state_size() const { return (ema_ > 0 ? 3 : 2) * module_->plan().parameters; }

int64_t Optimizer::get_state(float* values, int64_t count) const {
  require(count == state_size(), "optimizer state: " + std::to_string(count) + " values given, it has " + std::to_string(state_size()));
  const int64_t n = module_->plan().parameters;
  module_->device()->run([&](const Kernels&, Exec&) {
    first_.download(values, n);
    second_.download(values + n, n);
    if (ema_ > 0) average_.download(values + 2 * n, n);
  });
  return step_;
}

void Optimizer::set_state(int64_t step, const float* values, int64_t count) {
  require(count == state_size(), "optimizer state: " + std::to_string(count) + " values given, it has " + std::to_string(state_size()));
  require(step >= 0, "optimizer state: step " + std::to_string(step) + " is negative");
  const int64_t n = module_->plan().parameters;
  module_->device()->run([&](const Kernels&, Exec&) {
    first_.upload(values, n);
    second_.upload(values + n, n);
    if (ema_ > 0) average_.upload(values + 2 * n, n);
  });
  step_ = step;
}

}  // namespace eik
