// A table of measurements of one device.
#pragma once
#include <functional>
#include <string>
#include <vector>

#include "core/device.h"
#include "device.h"
#include "work.h"

namespace eik::bench {

class Bench {
 public:
  // small: each row is one call, without warming up; what sanitizers and the emulator have time for.
  Bench(std::shared_ptr<Device> device, std::string asked, bool small, std::function<void()> on_row);

  const std::shared_ptr<Device>& device() const { return device_; }
  const Kernels& kernels() const { return device_->backend().kernels(); }
  Exec& exec() const { return device_->backend().exec(); }
  bool half() const { return device_->backend().half_precision(); }
  bool small() const { return small_; }
  // The number for measuring, or the small one.
  int64_t size(int64_t large, int64_t small) const { return small_ ? small : large; }

  // Measures call. kernel: which of the table's it is, or a name of our own in quotes; n: of what it says in what;
  // prepare runs before each call, off the clock.
  void row(const std::string& kernel, const std::string& what, int64_t n, const Work& work, const std::function<void()>& call,
           const std::function<void()>& prepare = {});
  // Adds a figure to the last row.
  void figure(const std::string& name, double value);

  // Kernels of the table that no row has called.
  std::vector<std::string> missing() const;
  std::string json() const;

 private:
  struct Row {
    std::string kernel, what;
    int64_t n;
    Work work;
    double seconds, fastest;
    int calls;
    std::vector<std::pair<std::string, double>> figures;
  };
  double floor_of(const Work& work, std::string& limit) const;
  void print(const Row& row) const;

  std::shared_ptr<Device> device_;
  std::string asked_;
  bool small_;
  std::function<void()> on_row_;
  std::unique_ptr<Stopwatch> stopwatch_;
  Ceilings ceilings_;
  std::vector<Row> rows_;
};

// Numbers in [low, high), the same every time, on the device.
Buffer<float> random_floats(const std::shared_ptr<Device>& device, int64_t n, float low, float high, uint64_t seed);
std::vector<float> random_floats(int64_t n, float low, float high, uint64_t seed);

template <class T>
Buffer<T> uploaded(const std::shared_ptr<Device>& device, const std::vector<T>& values) {
  Buffer<T> out(device, static_cast<int64_t>(values.size()));
  out.upload(values.data(), out.size());
  return out;
}

// The groups of rows.
void measure_modules(Bench& bench);  // forward, backward, optimize, refresh, average, and a step of them in a row
void measure_parts(Bench& bench);    // loss, histograms of rays, composite_*
void measure_road(Bench& bench);     // train_step, render, march, camera_rays, occupancy_*

}  // namespace eik::bench
