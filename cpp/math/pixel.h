// Drawing pixels of resident pictures to train on, and their colours.
#pragma once
#include "math/camera.h"
#include "math/random.h"

namespace eik {

struct View {
  CameraModel camera;
  const uint8_t* rgba;  // NULL: no picture
};

// Where a step's pixels come from.
struct PixelSource {
  const View* views;
  int32_t n_views;
  bool random_background;
  float background[3];
  uint64_t seed;
};

}  // namespace eik

namespace eik::EIK_ISA {

// Which pixel ray i of a step looks through, and against which background: a function of seed, step and i alone.
struct PixelDraw {
  const View* view;
  int32_t x, y;
  float jitter;
  float background[3];
};

EIK_HD PixelDraw draw_pixel(const PixelSource& source, int64_t step, int64_t i) {
  const Random4 a = random_bits(source.seed, static_cast<uint64_t>(step), static_cast<uint32_t>(i), 0);
  PixelDraw d;
  d.view = source.views + below(a.x, static_cast<uint32_t>(source.n_views));
  const CameraModel& camera = d.view->camera;
  const uint32_t pixel = below(a.y, static_cast<uint32_t>(camera.width) * static_cast<uint32_t>(camera.height));
  d.x = static_cast<int32_t>(pixel % static_cast<uint32_t>(camera.width));
  d.y = static_cast<int32_t>(pixel / static_cast<uint32_t>(camera.width));
  d.jitter = unit_float(a.z);
  const Random4 b = random_bits(source.seed, static_cast<uint64_t>(step), static_cast<uint32_t>(i), 1);
  d.background[0] = source.random_background ? unit_float(b.x) : source.background[0];
  d.background[1] = source.random_background ? unit_float(b.y) : source.background[1];
  d.background[2] = source.random_background ? unit_float(b.z) : source.background[2];
  return d;
}

// The ray through the drawn pixel's centre.
EIK_HD RayLine pixel_ray(const PixelDraw& d) {
  return camera_ray(d.view->camera, static_cast<float>(d.x) + 0.5f, static_cast<float>(d.y) + 0.5f);
}

EIK_HD const uint8_t* picture_pixel(const PixelDraw& d) {
  return d.view->rgba + 4 * (static_cast<int64_t>(d.y) * d.view->camera.width + d.x);
}
EIK_HD int picture_alpha(const PixelDraw& d) { return picture_pixel(d)[3]; }

// The picture's colour over the ray's background, in stored sRGB: what the papers compare in.
EIK_HD void pixel_color(const PixelDraw& d, float* rgb) {
  const uint8_t* c = picture_pixel(d);
  const float alpha = static_cast<float>(c[3]) * (1.0f / 255.0f);
  for (int k = 0; k < 3; ++k) rgb[k] = static_cast<float>(c[k]) * (1.0f / 255.0f) * alpha + d.background[k] * (1.0f - alpha);
}

}  // namespace eik::EIK_ISA
