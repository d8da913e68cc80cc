#include "core/module.h"

#include "core/error.h"

namespace eik {

Module::Module(std::shared_ptr<Device> device, const std::string& config, int inputs, int outputs, uint64_t seed)
    : device_(std::move(device)), layout_(parse_module(Json::parse(config), inputs, outputs)),
      description_(describe_layout(plan())) {
  const int64_t n = plan().parameters;
  values_ = Buffer<float>(device_, n);
  gradients_ = Buffer<float>(device_, n);
  if (device_->backend().half_precision()) half_ = Buffer<uint16_t>(device_, n);
  std::vector<float> initial(static_cast<size_t>(n));
  initialize(plan(), seed, initial.data());
  set_parameters(initial.data(), n);
}

void Module::check_count(int64_t count, const char* what) const {
  require(count == plan().parameters, std::string(what) + ": " + std::to_string(count) + " values given, the module has " +
                                          std::to_string(plan().parameters) + " parameters");
}

void Module::get_parameters(float* values, int64_t count) const {
  check_count(count, "parameters");
  device_->run([&](const Kernels&, Exec&) { values_.download(values, count); });
}

void Module::set_parameters(const float* values, int64_t count) {
  check_count(count, "parameters");
  device_->run([&](const Kernels& kernels, Exec& exec) {
    values_.upload(values, count);
    kernels.refresh(exec, plan(), parameters());
  });
}

void Module::get_gradients(float* values, int64_t count) const {
  check_count(count, "gradients");
  device_->run([&](const Kernels&, Exec&) { gradients_.download(values, count); });
}

void Module::zero_gradients() {
  device_->run([&](const Kernels&, Exec&) { gradients_.clear(); });
}

void Module::forward(int64_t n, const float* inputs, float* outputs) {
  require(n >= 0, "forward: negative number of points");
  if (n == 0) return;
  device_->run([&](const Kernels& kernels, Exec& exec) {
    const Argument<float> in(device_, inputs, n * plan().inputs), out(device_, outputs, n * plan().outputs);
    kernels.forward(exec, plan(), parameters(), n, in.data(), out.data());
    out.collect();
  });
}

void Module::backward(int64_t n, const float* inputs, const float* d_outputs, float* d_inputs, bool want_parameters) {
  require(n >= 0, "backward: negative number of points");
  if (n == 0) return;
  device_->run([&](const Kernels& kernels, Exec& exec) {
    const Argument<float> in(device_, inputs, n * plan().inputs), d_out(device_, d_outputs, n * plan().outputs);
    const Argument<float> d_in(device_, d_inputs, n * plan().inputs);
    kernels.backward(exec, plan(), parameters(), n, in.data(), d_out.data(), d_in.data(), want_parameters);
    d_in.collect();
  });
}

}  // namespace eik
