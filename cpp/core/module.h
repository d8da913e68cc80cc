// A differentiable map with its parameters on a device.
#pragma once
#include <string>

#include "core/config.h"
#include "core/device.h"

namespace eik {

class Module {
 public:
  Module(std::shared_ptr<Device> device, const std::string& config, int inputs, int outputs, uint64_t seed);

  const std::shared_ptr<Device>& device() const { return device_; }
  const ModulePlan& plan() const { return layout_->plan; }
  const std::string& layout() const { return description_; }
  Parameters parameters() const { return {values_.data(), gradients_.data(), half_.data()}; }

  void get_parameters(float* values, int64_t count) const;
  void set_parameters(const float* values, int64_t count);
  void get_gradients(float* values, int64_t count) const;
  void zero_gradients();
  void forward(int64_t n, const float* inputs, float* outputs);
  void backward(int64_t n, const float* inputs, const float* d_outputs, float* d_inputs, bool parameters);

  // Throws unless count is the number of parameters; what names the array.
  void check_count(int64_t count, const char* what) const;

 private:
  std::shared_ptr<Device> device_;
  std::unique_ptr<ModuleLayout> layout_;
  std::string description_;
  Buffer<float> values_, gradients_;
  Buffer<uint16_t> half_;
};

}  // namespace eik
