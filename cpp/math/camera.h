// From a pixel to a ray: OpenCV's lens models undone, then the camera's pose.
// Perspective: x' = x (1 + k1 r^2 + k2 r^4 + k3 r^6) / (1 + k4 r^2 + k5 r^4 + k6 r^6) + 2 p1 x y + p2 (r^2 + 2 x^2), y'
// likewise, inverted by Newton's method with the analytic Jacobian. Fisheye:
// theta' = theta (1 + k1 theta^2 + .. + k4 theta^8), inverted likewise.
#pragma once
#include "math/scalar.h"

namespace eik {

enum class Lens { perspective, fisheye };

struct CameraModel {
  int32_t width, height;
  Lens lens;
  float fx, fy, cx, cy;                  // pixels
  float k1, k2, k3, k4, k5, k6, p1, p2;  // OpenCV's coefficients
  float pose[12];                        // camera to world, 3x4 row-major; OpenGL axes
};

}  // namespace eik

namespace eik::EIK_ISA {

struct RayLine {
  float ox, oy, oz;
  float dx, dy, dz;  // unit length
};

EIK_HD void undistort_perspective(const CameraModel& c, float xd, float yd, float& x, float& y) {
  x = xd;
  y = yd;
  if (c.k1 == 0 && c.k2 == 0 && c.k3 == 0 && c.k4 == 0 && c.k5 == 0 && c.k6 == 0 && c.p1 == 0 && c.p2 == 0) return;
  // A ratio of polynomials has a pole, beyond which the first guess may lie: it takes longer.
  const int steps = c.k4 == 0 && c.k5 == 0 && c.k6 == 0 ? 8 : 12;
  for (int i = 0; i < steps; ++i) {
    const float r2 = x * x + y * y;
    const float above = 1.0f + r2 * (c.k1 + r2 * (c.k2 + r2 * c.k3));
    const float below = 1.0f + r2 * (c.k4 + r2 * (c.k5 + r2 * c.k6));
    if (!(below > 1e-6f)) {
      x *= 0.5f;
      y *= 0.5f;
      continue;
    }
    const float inverse = 1.0f / below, radial = above * inverse;
    const float d_above = c.k1 + r2 * (2.0f * c.k2 + r2 * 3.0f * c.k3);
    const float d_below = c.k4 + r2 * (2.0f * c.k5 + r2 * 3.0f * c.k6);
    const float slope = 2.0f * (d_above - radial * d_below) * inverse;  // d radial / d r2, times 2
    const float ex = x * radial + 2.0f * c.p1 * x * y + c.p2 * (r2 + 2.0f * x * x) - xd;
    const float ey = y * radial + 2.0f * c.p2 * x * y + c.p1 * (r2 + 2.0f * y * y) - yd;
    const float xx = radial + x * x * slope + 2.0f * c.p1 * y + 6.0f * c.p2 * x;
    const float xy = x * y * slope + 2.0f * c.p1 * x + 2.0f * c.p2 * y;
    const float yy = radial + y * y * slope + 2.0f * c.p2 * x + 6.0f * c.p1 * y;
    const float det = xx * yy - xy * xy;
    if (!(det > 1e-6f || det < -1e-6f)) return;  // beyond where the lens model can be inverted: keep the last guess
    const float sx = (ex * yy - ey * xy) / det, sy = (ey * xx - ex * xy) / det;
    x -= sx;
    y -= sy;
    if (sx * sx + sy * sy < 1e-14f) return;
  }
}

EIK_HD float undistort_angle(const CameraModel& c, float distorted) {
  float theta = distorted;
  for (int i = 0; i < 8; ++i) {
    const float t2 = theta * theta;
    const float f = theta * (1.0f + t2 * (c.k1 + t2 * (c.k2 + t2 * (c.k3 + t2 * c.k4)))) - distorted;
    const float slope = 1.0f + t2 * (3.0f * c.k1 + t2 * (5.0f * c.k2 + t2 * (7.0f * c.k3 + t2 * 9.0f * c.k4)));
    if (!(slope > 1e-6f)) break;
    theta -= f / slope;
  }
  return theta;
}

// The ray through image point (px, py), in pixels; the centre of the first pixel is (0.5, 0.5).
EIK_HD RayLine camera_ray(const CameraModel& c, float px, float py) {
  float x = (px - c.cx) / c.fx, y = (py - c.cy) / c.fy, z = 1.0f;
  if (c.lens == Lens::perspective) {
    undistort_perspective(c, x, y, x, y);
  } else {
    const float r = root(x * x + y * y);
    const float theta = undistort_angle(c, r);
    const float s = r > 1e-8f ? sinf(theta) / r : 1.0f;
    x *= s;
    y *= s;
    z = cosf(theta);
  }
  const float* m = c.pose;  // y down and z forward in the image, y up and z backward in the pose
  float dx = m[0] * x - m[1] * y - m[2] * z;
  float dy = m[4] * x - m[5] * y - m[6] * z;
  float dz = m[8] * x - m[9] * y - m[10] * z;
  const float inverse = 1.0f / root(dx * dx + dy * dy + dz * dz);
  return {m[3], m[7], m[11], dx * inverse, dy * inverse, dz * inverse};
}

// Where a camera shows the point xyz[3]: in pixels, the centre of the first one being (0.5, 0.5). False if it lies behind the
// camera or outside of the picture.
EIK_HD bool camera_pixel(const CameraModel& c, const float* xyz, float& px, float& py) {
  const float* m = c.pose;
  const float ox = xyz[0] - m[3], oy = xyz[1] - m[7], oz = xyz[2] - m[11];
  float x = ox * m[0] + oy * m[4] + oz * m[8], y = -(ox * m[1] + oy * m[5] + oz * m[9]);
  const float z = -(ox * m[2] + oy * m[6] + oz * m[10]);
  if (c.lens == Lens::perspective) {
    if (!(z > 0.0f)) return false;
    x /= z;
    y /= z;
    const float r2 = x * x + y * y;
    const float radial = (1.0f + r2 * (c.k1 + r2 * (c.k2 + r2 * c.k3))) / (1.0f + r2 * (c.k4 + r2 * (c.k5 + r2 * c.k6)));
    const float xd = x * radial + 2.0f * c.p1 * x * y + c.p2 * (r2 + 2.0f * x * x);
    y = y * radial + 2.0f * c.p2 * x * y + c.p1 * (r2 + 2.0f * y * y);
    x = xd;
  } else {
    const float r = root(x * x + y * y), theta = atan2f(r, z), t2 = theta * theta;
    const float scale = r > 1e-8f ? theta * (1.0f + t2 * (c.k1 + t2 * (c.k2 + t2 * (c.k3 + t2 * c.k4)))) / r : 0.0f;
    x *= scale;
    y *= scale;
  }
  px = x * c.fx + c.cx;
  py = y * c.fy + c.cy;
  return px >= 0.0f && py >= 0.0f && px < static_cast<float>(c.width) && py < static_cast<float>(c.height);
}

// The same view with n times as many pixels each way.
EIK_HD CameraModel magnified(CameraModel c, int32_t n) {
  c.width *= n;
  c.height *= n;
  const float factor = static_cast<float>(n);
  c.fx *= factor;
  c.fy *= factor;
  c.cx *= factor;
  c.cy *= factor;
  return c;
}

// Whether a picture shows the points within radius of (x, y, z), roughly: the lens is taken as perspective without
// distortion and everything in front of a fisheye as seen. A register of points at once.
template <class F>
EIK_HD auto camera_sees(const CameraModel& c, F x, F y, F z, float radius, float near_plane) {
  const float* m = c.pose;
  const F px = x - m[3], py = y - m[7], pz = z - m[11];
  const F right = px * m[0] + py * m[4] + pz * m[8], up = px * m[1] + py * m[5] + pz * m[9];
  const F depth = -(px * m[2] + py * m[6] + pz * m[10]);
  const auto ahead = depth + radius > F{} + near_plane;
  if (c.lens == Lens::fisheye) return ahead & ahead;  // of one type with the answer below
  const F u = right * c.fx, v = -up * c.fy;  // pixels times depth
  const float w = static_cast<float>(c.width), h = static_cast<float>(c.height);
  // A side of the frame is the plane u = depth * edge; the sphere reaches it within radius |(f, edge)|.
  const auto reach = [&](float f, float edge) { return radius * root(f * f + edge * edge); };
  return ahead & (u + reach(c.fx, c.cx) > depth * -c.cx) & (u - reach(c.fx, w - c.cx) < depth * (w - c.cx)) &
         (v + reach(c.fy, c.cy) > depth * -c.cy) & (v - reach(c.fy, h - c.cy) < depth * (h - c.cy));
}

}  // namespace eik::EIK_ISA
