// Drawing pixels of resident pictures to train on, and their colours.
#pragma once
#include "math/camera.h"
#include "math/random.h"

namespace eik {

struct View {
  CameraModel camera;
  const uint8_t* rgba;  // NULL: no picture
  const uint8_t* mask;  // a byte a pixel: 0 where it does not count; NULL: all count
  const float* points;  // [n_points][3]: on surfaces that the picture shows
  int32_t n_points;
};

// Where a step's pixels come from. A pixel shows the mean over its area, a ray sees a point: the mean of several rays
// spread over the pixel is what has to be the picture's colour, or edges are learnt as fog that fits one distance only.
struct PixelSource {
  const View* views;  // each with a picture
  int32_t n_views;
  int32_t rays;  // through each pixel; ray i of a step belongs to draw i / rays
  bool prefer_detail;
  bool points;  // a share of the draws looks at a point that the picture is known to show
  bool random_background;
  float background[3];
  uint64_t seed;
};

}  // namespace eik

namespace eik::EIK_ISA {

// Which pixel ray i of a step looks through, where, and against which background: a function of seed, step and i alone.
// x, y: in pixels from the picture's corner.
struct PixelDraw {
  const View* view;
  int32_t column, row;
  float x, y;
  float distance;  // along the ray to what is known to be there; 0: nothing is known
  float jitter;
  float background[3];
  bool counts;  // where not, the ray is not marched: as if it had not been drawn
};

EIK_HD bool pixel_counts(const View& view, int32_t column, int32_t row) {
  return !view.mask || view.mask[static_cast<int64_t>(row) * view.camera.width + column] != 0;
}

// How much a picture changes around a pixel, above 0: differences of its neighbours, as far as they count, in 1/255, of all
// channels. 0 where the pixel does not count.
EIK_HD float pixel_detail(const View& view, int32_t column, int32_t row) {
  constexpr float kSmooth = 64;
  if (!pixel_counts(view, column, row)) return 0;
  const int32_t width = view.camera.width, height = view.camera.height;
  const auto at = [&](int32_t x, int32_t y) {
    const bool counts = pixel_counts(view, x, y);
    return view.rgba + 4 * (static_cast<int64_t>(counts ? y : row) * width + (counts ? x : column));
  };
  const uint8_t *left = at(greater(column - 1, 0), row), *right = at(lesser(column + 1, width - 1), row);
  const uint8_t *above = at(column, greater(row - 1, 0)), *below = at(column, lesser(row + 1, height - 1));
  int32_t sum = 0;
  for (int k = 0; k < 4; ++k) sum += magnitude(right[k] - left[k]) + magnitude(below[k] - above[k]);
  return kSmooth + static_cast<float>(sum);
}

struct PixelPlace {
  const View* view;
  int32_t column, row;
};
EIK_HD PixelPlace place_pixel(const PixelSource& source, uint32_t view, uint32_t pixel) {
  const View* v = source.views + below(view, static_cast<uint32_t>(source.n_views));
  const uint32_t width = static_cast<uint32_t>(v->camera.width);
  const uint32_t at = below(pixel, width * static_cast<uint32_t>(v->camera.height));
  return {v, static_cast<int32_t>(at % width), static_cast<int32_t>(at / width)};
}

constexpr float kPointShare = 0.125f;  // of draws

// Of a share of the draws the pixel becomes that of a point which the picture shows; answers how far that is, or 0.
EIK_HD float look_at_point(PixelPlace& place, Random4 random) {
  const View& view = *place.view;
  if (view.n_points == 0 || unit_float(random.x) >= kPointShare) return 0;
  const float* point = view.points + 3 * static_cast<int64_t>(below(random.y, static_cast<uint32_t>(view.n_points)));
  float x, y;
  if (!camera_pixel(view.camera, point, x, y)) return 0;
  place.column = static_cast<int32_t>(x);
  place.row = static_cast<int32_t>(y);
  const float* m = view.camera.pose;
  const float dx = point[0] - m[3], dy = point[1] - m[7], dz = point[2] - m[11];
  return root(dx * dx + dy * dy + dz * dz);
}

EIK_HD PixelDraw draw_pixel(const PixelSource& source, int64_t step, int64_t i) {
  const uint32_t draw = static_cast<uint32_t>(i / source.rays), own = static_cast<uint32_t>(i % source.rays);
  const Random4 a = random_bits(source.seed, static_cast<uint64_t>(step), draw, 0);
  PixelPlace place = place_pixel(source, a.x, a.y);
  const float distance = source.points ? look_at_point(place, random_bits(source.seed, static_cast<uint64_t>(step), draw, 6)) : 0;
  if (source.prefer_detail && distance == 0) {  // of two, each with the probability that its share of their detail is
    const Random4 c = random_bits(source.seed, static_cast<uint64_t>(step), draw, 5);
    const PixelPlace other = place_pixel(source, c.x, c.y);
    const float first = pixel_detail(*place.view, place.column, place.row);
    const float second = pixel_detail(*other.view, other.column, other.row);
    if (unit_float(c.z) * (first + second) < second) place = other;
  }
  PixelDraw d;
  d.distance = distance;
  d.view = place.view;
  d.column = place.column;
  d.row = place.row;
  d.counts = pixel_counts(*d.view, d.column, d.row);
  const Random4 b = random_bits(source.seed, static_cast<uint64_t>(step), draw, 1);
  d.background[0] = source.random_background ? unit_float(b.x) : source.background[0];
  d.background[1] = source.random_background ? unit_float(b.y) : source.background[1];
  d.background[2] = source.random_background ? unit_float(b.z) : source.background[2];
  if (source.rays == 1) {
    d.x = static_cast<float>(d.column) + 0.5f;
    d.y = static_cast<float>(d.row) + 0.5f;
    d.jitter = unit_float(a.z);
    return d;
  }
  // Roberts' sequence from a random point: any number of rays lies evenly. In fixed point, so that it wraps at 1.
  d.x = static_cast<float>(d.column) + unit_float(a.w + own * 3242174889u);
  d.y = static_cast<float>(d.row) + unit_float(b.w + own * 2447445414u);
  d.jitter = unit_float(a.z + own * 2654435769u);  // by the golden ratio
  return d;
}

EIK_HD RayLine pixel_ray(const PixelDraw& d) { return camera_ray(d.view->camera, d.x, d.y); }

EIK_HD const uint8_t* picture_pixel(const PixelDraw& d) {
  return d.view->rgba + 4 * (static_cast<int64_t>(d.row) * d.view->camera.width + d.column);
}
EIK_HD int picture_alpha(const PixelDraw& d) { return picture_pixel(d)[3]; }

// The picture's colour over the ray's background, in stored sRGB: what the papers compare in.
EIK_HD void pixel_color(const PixelDraw& d, float* rgb) {
  const uint8_t* c = picture_pixel(d);
  const float alpha = static_cast<float>(c[3]) * (1.0f / 255.0f);
  for (int k = 0; k < 3; ++k) rgb[k] = static_cast<float>(c[k]) * (1.0f / 255.0f) * alpha + d.background[k] * (1.0f - alpha);
}

}  // namespace eik::EIK_ISA
