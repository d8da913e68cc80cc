// Posed photos, resident on a device.
#pragma once
#include <vector>

#include "core/device.h"

namespace eik {

constexpr int kCameraNumbers = 24;  // of the ABI's cameras

// Reads the ABI's camera; throws on values no camera has.
CameraModel read_camera(int width, int height, int lens, const float* camera);

class Views {
 public:
  Views(std::shared_ptr<Device> device, int count);

  void set(int i, int width, int height, int lens, const float* camera, const uint8_t* rgba, const uint8_t* mask);
  void set_points(int i, int64_t n, const float* xyz);
  void rays(int64_t n, const int32_t* view, const float* pixels, float* origins, float* directions);

  const std::shared_ptr<Device>& device() const { return device_; }
  int count() const { return static_cast<int>(host_.size()); }
  const View* data() const { return views_.data(); }
  void check_set() const;  // throws unless every view is
  // Those that have a picture now, in their order; throws where none has.
  struct Pictured {
    const View* views;
    int count;
  };
  Pictured pictured();

 private:
  std::shared_ptr<Device> device_;
  std::vector<View> host_;
  std::vector<Buffer<uint8_t>> pictures_, masks_;
  std::vector<Buffer<float>> points_;
  Buffer<View> views_, pictured_;
  int n_pictured_ = -1;  // -1: to be counted
};

}  // namespace eik
