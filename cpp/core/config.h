// From JSON configurations to plans: tiny-cuda-nn's keys and defaults, every value checked, parameters laid out.
#pragma once
#include <memory>
#include <string>
#include <vector>

#include "core/backend.h"
#include "core/json.h"

namespace eik {

// A plan and the encodings it points to.
struct ModuleLayout {
  ModulePlan plan;
  std::vector<std::unique_ptr<EncodingPlan>> parts;
};

std::unique_ptr<ModuleLayout> parse_module(const Json& json, int inputs, int outputs);

// JSON: [{"name", "offset", "shape"}] of all parameters, in order.
std::string describe_layout(const ModulePlan& plan);

// Initial parameters: grids uniform in [-1e-4, 1e-4]; biases 0; matrices uniform in +-sqrt(6 / inputs) (He et al. 2015; for sine
// layers Sitzmann et al. 2020). tiny-cuda-nn draws matrices in +-sqrt(6 / (inputs + outputs)): on a captured room that
// starts slower by 1.5 dB after 200 steps (four seeds).
void initialize(const ModulePlan& plan, uint64_t seed, float* parameters);

LossPlan parse_loss(const Json& json);
SamplerPlan parse_sampler(const Json* json, const OccupancyPlan& occupancy);
// The box of the key, [[x, y, z], [x, y, z]]; no crop where it is missing.
void parse_crop(Keys& keys, SamplerPlan& plan);
OccupancyPlan parse_occupancy(Keys& keys);
CompositingPlan parse_compositing(Keys& keys);
Activation parse_activation(Keys& keys, const std::string& key, const std::string& fallback);
// [r, g, b] of the key, each in [0,1]; white where it is missing.
void parse_background(Keys& keys, float* rgb);

}  // namespace eik
