#include "core/occupancy.h"

#include <algorithm>
#include <cmath>

#include "core/error.h"

namespace eik {
namespace {

// How many cells an update looks at, as one in so many: many while the scene takes shape, few later (and as many again
// of the occupied ones), so that updates stay a small part of training.
constexpr int kPortionWarm = 4, kPortionLater = 32;

}  // namespace

OccupancyGrid::OccupancyGrid(std::shared_ptr<Device> device, const std::string& config) : device_(std::move(device)) {
  const Json json = Json::parse(config);
  Keys keys(json, "occupancy");
  plan_ = parse_occupancy(keys);
  interval_ = keys.integer("interval", 16, 1, 1000000);
  warmup_ = keys.integer("warmup", 256, 0, 1000000000);
  keys.finish();
  const int64_t cells = static_cast<int64_t>(plan_.cascades) * plan_.resolution * plan_.resolution * plan_.resolution;
  values_ = Buffer<float>(device_, cells);
  cells_ = Buffer<uint8_t>(device_, cells / 8);
  blocks_ = Buffer<uint8_t>(device_, cells / (kBlockSide * kBlockSide * kBlockSide * 8) + plan_.cascades);
  device_->run([&](const Kernels& kernels, Exec& exec) { kernels.occupancy_bits(exec, view(), &occupied_); });
}

void OccupancyGrid::get(float* values, int64_t count) const {
  require(count == cells(), "occupancy: " + std::to_string(count) + " values given, the grid has " + std::to_string(cells()) + " cells");
  device_->run([&](const Kernels&, Exec&) { values_.download(values, count); });
}

void OccupancyGrid::get_bits(uint8_t* bits, int64_t count) const {
  require(count == cells_.size(), "occupancy: " + std::to_string(count) + " bytes given, the grid has " +
                                      std::to_string(cells_.size()) + " bytes of bits");
  device_->run([&](const Kernels&, Exec&) { cells_.download(bits, count); });
}

void OccupancyGrid::set(const float* values, int64_t count) {
  require(count == cells(), "occupancy: " + std::to_string(count) + " values given, the grid has " + std::to_string(cells()) + " cells");
  for (int64_t i = 0; i < count; ++i)
    require(std::isfinite(values[i]) && (values[i] >= 0 || values[i] == -1),
            "occupancy: value of cell " + std::to_string(i) + " must be finite, not negative, or -1 (closed)");
  device_->run([&](const Kernels& kernels, Exec& exec) {
    values_.upload(values, count);
    kernels.occupancy_bits(exec, view(), &occupied_);
  });
}

void OccupancyGrid::close_unseen(const Views& views, int min_views, float near_plane) {
  device_->run([&](const Kernels& kernels, Exec& exec) {
    kernels.occupancy_close(exec, view(), views.data(), views.count(), min_views, near_plane);
    kernels.occupancy_bits(exec, view(), &occupied_);
  });
}

void OccupancyGrid::update(const RoadPlan& road, uint64_t seed, int64_t step) {
  device_->run([&](const Kernels& kernels, Exec& exec) {
    const bool warm = step < warmup_;
    kernels.occupancy_update(exec, road, seed, step, warm ? kPortionWarm : kPortionLater, !warm);
    kernels.occupancy_bits(exec, view(), &occupied_);
  });
}

void OccupancyGrid::march(const SamplerPlan& sampler, int64_t n, const float* origins, const float* directions,
                          const float* jitter, int64_t capacity, int32_t* counts, float* positions, float* dt, float* t,
                          int64_t* n_samples) {
  require(n >= 0 && capacity >= 0, "march: negative number of rays or capacity");
  for (int64_t i = 0; i < n; ++i) {
    const double x = directions[3 * i], y = directions[3 * i + 1], z = directions[3 * i + 2];
    const double length = std::sqrt(x * x + y * y + z * z);
    require(length > 0.99 && length < 1.01, "march: the direction of ray " + std::to_string(i) + " has length " +
                                                std::to_string(length) + ", must be a unit vector");
  }
  *n_samples = 0;
  if (n == 0) return;
  device_->run([&](const Kernels& kernels, Exec& exec) {
    const Argument<float> from(device_, origins, 3 * n), to(device_, directions, 3 * n), start(device_, jitter, n);
    const Argument<int32_t> count(device_, counts, n);
    const Argument<float> at(device_, positions, 3 * capacity), step(device_, dt, capacity), middle(device_, t, capacity);
    kernels.march(exec, view(), sampler, n, from.data(), to.data(), start.data(), capacity, count.data(), at.data(),
                  step.data(), middle.data(), n_samples);
    count.collect();
    at.collect();
    step.collect();
    middle.collect();
  });
}

}  // namespace eik
