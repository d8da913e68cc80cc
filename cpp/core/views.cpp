#include "core/views.h"

#include <cmath>

#include "core/error.h"
#include "core/json.h"

namespace eik {

CameraModel read_camera(int width, int height, int lens, const float* camera) {
  require(width >= 1 && height >= 1 && width <= 65536 && height <= 65536,
          "camera: size " + std::to_string(width) + " x " + std::to_string(height) + ", each must be in [1, 65536]");
  require(lens == 0 || lens == 1, "camera: lens " + std::to_string(lens) + ", must be 0 (perspective) or 1 (fisheye)");
  for (int i = 0; i < 22; ++i)
    require(std::isfinite(camera[i]), "camera: value " + std::to_string(i) + " of 22 is not finite");
  require(camera[0] > 0 && camera[1] > 0, "camera: focal lengths must be positive");
  for (int axis = 0; axis < 3; ++axis) {
    const double x = camera[10 + axis], y = camera[14 + axis], z = camera[18 + axis], length = std::sqrt(x * x + y * y + z * z);
    require(length >= 1e-6 && length <= 1e6, std::string("camera: the ") + "xyz"[axis] + " axis of the pose has length " +
                                                 shown(length) + ", must be in [1e-6, 1e6]");
  }
  CameraModel out;
  out.width = width;
  out.height = height;
  out.lens = static_cast<Lens>(lens);
  float* const fields[] = {&out.fx, &out.fy, &out.cx, &out.cy, &out.k1, &out.k2, &out.k3, &out.k4, &out.p1, &out.p2};
  for (int i = 0; i < 10; ++i) *fields[i] = camera[i];
  for (int i = 0; i < 12; ++i) out.pose[i] = camera[10 + i];
  return out;
}

Views::Views(std::shared_ptr<Device> device, int count) : device_(std::move(device)) {
  require(count >= 1 && count <= 1000000, "views: " + std::to_string(count) + " views, must be in [1, 1000000]");
  host_.resize(static_cast<size_t>(count));
  pictures_.resize(static_cast<size_t>(count));
  views_ = Buffer<View>(device_, count);
}

void Views::set(int i, int width, int height, int lens, const float* camera, const uint8_t* rgba) {
  require(i >= 0 && i < count(), "views: index " + std::to_string(i) + " of " + std::to_string(count()));
  const auto at = static_cast<size_t>(i);
  View view{read_camera(width, height, lens, camera), nullptr};
  device_->run([&](const Kernels&, Exec&) {
    if (rgba) {
      const int64_t bytes = static_cast<int64_t>(width) * height * 4;
      if (pictures_[at].size() != bytes) pictures_[at] = Buffer<uint8_t>(device_, bytes);
      pictures_[at].upload(rgba, bytes);
      view.rgba = pictures_[at].data();
    }
    host_[at] = view;
    views_.upload(&view, 1, i);
  });
}

void Views::check_pictures() const {
  for (size_t i = 0; i < host_.size(); ++i)
    require(host_[i].rgba != nullptr, "views: view " + std::to_string(i) + " has no picture to train on");
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
