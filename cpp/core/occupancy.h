// The cascaded occupancy grid of a radiance field, and when its cells are looked at again.
#pragma once
#include "core/module.h"
#include "core/views.h"

namespace eik {

class OccupancyGrid {
 public:
  OccupancyGrid(std::shared_ptr<Device> device, const std::string& config);

  const std::shared_ptr<Device>& device() const { return device_; }
  Occupancy view() const { return {plan_, values_.data(), cells_.data(), blocks_.data()}; }
  const OccupancyPlan& plan() const { return plan_; }
  int64_t cells() const { return values_.size(); }
  double fraction() const { return static_cast<double>(occupied_) / static_cast<double>(cells()); }

  void get(float* values, int64_t count) const;
  void get_bits(uint8_t* bits, int64_t count) const;
  void set(const float* values, int64_t count);  // and renews the bits
  void close_unseen(const Views& views, int min_views, float near_plane);
  bool due(int64_t step) const { return step > 0 && step % interval_ == 0; }
  void update(const RoadPlan& road, uint64_t seed, int64_t step);
  void march(const SamplerPlan& sampler, int64_t n, const float* origins, const float* directions, const float* jitter,
             int64_t capacity, int32_t* counts, float* positions, float* dt, float* t, int64_t* n_samples);

 private:
  std::shared_ptr<Device> device_;
  OccupancyPlan plan_;
  int interval_, warmup_;
  int64_t occupied_ = 0;
  Buffer<float> values_;
  Buffer<uint8_t> cells_, blocks_;
};

}  // namespace eik
