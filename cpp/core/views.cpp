#include "core/views.h"

#include <algorithm>
#include <cmath>

#include "core/error.h"
#include "core/json.h"

namespace eik {

CameraModel read_camera(int width, int height, int lens, const float* camera) {
  require(width >= 1 && height >= 1 && width <= 65536 && height <= 65536,
          "camera: size " + std::to_string(width) + " x " + std::to_string(height) + ", each must be in [1, 65536]");
  require(lens == 0 || lens == 1, "camera: lens " + std::to_string(lens) + ", must be 0 (perspective) or 1 (fisheye)");
  constexpr int kLensNumbers = kCameraNumbers - 12;
  for (int i = 0; i < kCameraNumbers; ++i)
    require(std::isfinite(camera[i]),
            "camera: value " + std::to_string(i) + " of " + std::to_string(kCameraNumbers) + " is not finite");
  require(camera[0] > 0 && camera[1] > 0, "camera: focal lengths must be positive");
  for (int axis = 0; axis < 3; ++axis) {
    const float* pose = camera + kLensNumbers;
    const double x = pose[axis], y = pose[4 + axis], z = pose[8 + axis], length = std::sqrt(x * x + y * y + z * z);
    require(length >= 1e-6 && length <= 1e6, std::string("camera: the ") + "xyz"[axis] + " axis of the pose has length " +
                                                 shown(length) + ", must be in [1e-6, 1e6]");
  }
  CameraModel out;
  out.width = width;
  out.height = height;
  out.lens = static_cast<Lens>(lens);
  float* const fields[kLensNumbers] = {&out.fx, &out.fy, &out.cx, &out.cy, &out.k1, &out.k2,
                                       &out.k3, &out.k4, &out.k5, &out.k6, &out.p1, &out.p2};
  for (int i = 0; i < kLensNumbers; ++i) *fields[i] = camera[i];
  for (int i = 0; i < 12; ++i) out.pose[i] = camera[kLensNumbers + i];
  return out;
}

Views::Views(std::shared_ptr<Device> device, int count) : device_(std::move(device)) {
  require(count >= 1 && count <= 1000000, "views: " + std::to_string(count) + " views, must be in [1, 1000000]");
  host_.resize(static_cast<size_t>(count));
  pictures_.resize(static_cast<size_t>(count));
  masks_.resize(static_cast<size_t>(count));
  points_.resize(static_cast<size_t>(count));
  views_ = Buffer<View>(device_, count);
}

void Views::set(int i, int width, int height, int lens, const float* camera, const uint8_t* rgba, const uint8_t* mask) {
  require(i >= 0 && i < count(), "views: index " + std::to_string(i) + " of " + std::to_string(count()));
  const auto at = static_cast<size_t>(i);
  View view{read_camera(width, height, lens, camera), nullptr, nullptr, host_[at].points, host_[at].n_points};
  const int64_t pixels = static_cast<int64_t>(width) * height;
  require(!mask || rgba, "views: view " + std::to_string(i) + " has a mask but no picture");
  require(!mask || std::any_of(mask, mask + pixels, [](uint8_t counts) { return counts != 0; }),
          "views: the mask of view " + std::to_string(i) + " hides the whole picture");
  device_->run([&](const Kernels&, Exec&) {
    host_[at] = view;  // what it had is gone, whatever fails below
    n_pictured_ = -1;
    const auto keep = [&](Buffer<uint8_t>& memory, const uint8_t* bytes, int64_t size) -> const uint8_t* {
      if (memory.size() != (bytes ? size : 0)) memory = bytes ? Buffer<uint8_t>(device_, size) : Buffer<uint8_t>();
      if (bytes) memory.upload(bytes, size);
      return bytes ? memory.data() : nullptr;
    };
    view.rgba = keep(pictures_[at], rgba, 4 * pixels);
    view.mask = keep(masks_[at], mask, pixels);
    host_[at] = view;
    views_.upload(&view, 1, i);
  });
}

void Views::set_points(int i, int64_t n, const float* xyz) {
  require(i >= 0 && i < count(), "views: index " + std::to_string(i) + " of " + std::to_string(count()));
  constexpr int64_t kMost = 1 << 24;
  require(n >= 0 && n <= kMost, "views: " + std::to_string(n) + " points of view " + std::to_string(i) + ", must be in [0, " +
                                    std::to_string(kMost) + "]");
  for (int64_t k = 0; k < 3 * n; ++k)
    require(std::isfinite(xyz[k]), "views: point " + std::to_string(k / 3) + " of view " + std::to_string(i) + " is not finite");
  const auto at = static_cast<size_t>(i);
  device_->run([&](const Kernels&, Exec&) {
    n_pictured_ = -1;
    View& view = host_[at];
    view.points = nullptr;
    view.n_points = 0;
    points_[at] = n > 0 ? Buffer<float>(device_, 3 * n) : Buffer<float>();
    if (n > 0) points_[at].upload(xyz, 3 * n);
    view.points = n > 0 ? points_[at].data() : nullptr;
    view.n_points = static_cast<int32_t>(n);
    views_.upload(&view, 1, i);
  });
}

void Views::check_set() const {
  for (size_t i = 0; i < host_.size(); ++i)
    require(host_[i].camera.width > 0, "views: view " + std::to_string(i) + " is not set");
}

Views::Pictured Views::pictured() {
  device_->run([&](const Kernels&, Exec&) {
    if (n_pictured_ >= 0) return;
    std::vector<View> table;
    for (const View& view : host_)
      if (view.rgba) table.push_back(view);
    n_pictured_ = static_cast<int>(table.size());
    if (n_pictured_ == 0 || n_pictured_ == count()) return;
    if (pictured_.size() == 0) pictured_ = Buffer<View>(device_, count());
    pictured_.upload(table.data(), n_pictured_);
  });
  require(n_pictured_ > 0, "views: no view has a picture to train on");
  return {n_pictured_ == count() ? views_.data() : pictured_.data(), n_pictured_};
}

void Views::rays(int64_t n, const int32_t* view, const float* pixels, float* origins, float* directions) {
  require(n >= 0, "rays: negative number");
  for (int64_t i = 0; i < n; ++i)
    require(view[i] >= 0 && view[i] < count() && host_[static_cast<size_t>(view[i])].camera.width > 0,
            "rays: view " + std::to_string(view[i]) + " of ray " + std::to_string(i) + " is not set");
  if (n == 0) return;
  device_->run([&](const Kernels& kernels, Exec& exec) {
    const Argument<int32_t> index(device_, view, n);
    const Argument<float> at(device_, pixels, 2 * n), from(device_, origins, 3 * n), to(device_, directions, 3 * n);
    kernels.camera_rays(exec, views_.data(), n, index.data(), at.data(), from.data(), to.data());
    from.collect();
    to.collect();
  });
}

}  // namespace eik
