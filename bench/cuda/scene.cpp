#include "scene.h"

#include <algorithm>
#include <cmath>

namespace eik::bench {
namespace {

struct Ball {
  float x, y, z, radius, rgb[3];
};
constexpr Ball kBalls[] = {{0.5f, 0.5f, 0.5f, 0.22f, {0.9f, 0.5f, 0.2f}},
                           {0.72f, 0.42f, 0.62f, 0.12f, {0.2f, 0.7f, 0.4f}},
                           {0.36f, 0.66f, 0.34f, 0.14f, {0.3f, 0.4f, 0.9f}},
                           {0.44f, 0.28f, 0.7f, 0.09f, {0.8f, 0.8f, 0.3f}}};

std::array<float, 3> cross(const std::array<float, 3>& a, const std::array<float, 3>& b) {
  return {a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]};
}

}  // namespace

CameraValues camera(int i, int n, int side) {
  constexpr float kDistance = 1.6f;
  const float turn = 2.39996f * static_cast<float>(i);  // the golden angle: neighbours in number are far apart
  const float height = 1.6f * (static_cast<float>(i) + 0.5f) / static_cast<float>(n) - 0.8f, ring = std::sqrt(1 - height * height);
  const std::array<float, 3> back = {ring * std::cos(turn), height, ring * std::sin(turn)};
  std::array<float, 3> right = cross({0, 1, 0}, back);
  const float length = std::sqrt(right[0] * right[0] + right[1] * right[1] + right[2] * right[2]);
  for (float& x : right) x /= length;
  const std::array<float, 3> up = cross(back, right);
  const auto pixels = static_cast<float>(side);
  CameraValues out{1.4f * pixels, 1.4f * pixels, 0.5f * pixels, 0.5f * pixels};
  for (size_t axis = 0; axis < 3; ++axis) {
    float* const row = out.data() + 12 + 4 * axis;
    row[0] = right[axis];
    row[1] = up[axis];
    row[2] = back[axis];
    row[3] = 0.5f + kDistance * back[axis];
  }
  return out;
}

std::vector<uint8_t> picture(const CameraModel& camera) {
  std::vector<uint8_t> out(static_cast<size_t>(camera.width) * static_cast<size_t>(camera.height) * 4);
  uint8_t* pixel = out.data();
  for (int y = 0; y < camera.height; ++y)
    for (int x = 0; x < camera.width; ++x, pixel += 4) {
      const generic::RayLine ray = generic::camera_ray(camera, static_cast<float>(x) + 0.5f, static_cast<float>(y) + 0.5f);
      float nearest = 1e30f;
      const Ball* hit = nullptr;
      for (const Ball& ball : kBalls) {
        const float ox = ray.ox - ball.x, oy = ray.oy - ball.y, oz = ray.oz - ball.z;
        const float b = ox * ray.dx + oy * ray.dy + oz * ray.dz;
        const float inside = b * b - (ox * ox + oy * oy + oz * oz - ball.radius * ball.radius);
        if (inside <= 0) continue;
        const float t = -b - std::sqrt(inside);
        if (t > 0 && t < nearest) {
          nearest = t;
          hit = &ball;
        }
      }
      if (!hit) continue;
      const float px = ray.ox + nearest * ray.dx, py = ray.oy + nearest * ray.dy, pz = ray.oz + nearest * ray.dz;
      const float light = 0.6f + 0.4f * (0.5f * (px - hit->x) + 0.8f * (py - hit->y) + 0.3f * (pz - hit->z)) / hit->radius;
      const float pattern = 0.75f + 0.25f * std::sin(60 * px) * std::sin(50 * py) * std::sin(70 * pz);
      for (int k = 0; k < 3; ++k)
        pixel[k] = static_cast<uint8_t>(255 * std::clamp(hit->rgb[k] * light * pattern, 0.0f, 1.0f) + 0.5f);
      pixel[3] = 255;
    }
  return out;
}

double psnr(const CameraModel& camera, const std::vector<float>& color) {
  const std::vector<uint8_t> truth = picture(camera);
  double sum = 0;
  for (size_t i = 0; i < truth.size() / 4; ++i)
    for (size_t k = 0; k < 3; ++k) {
      const double right = truth[4 * i + 3] == 0 ? 1.0 : truth[4 * i + k] / 255.0, error = color[3 * i + k] - right;
      sum += error * error;
    }
  return -10 * std::log10(sum / static_cast<double>(color.size()));
}

}  // namespace eik::bench
