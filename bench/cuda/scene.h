// A scene with known pictures, ray traced: textured balls in the unit cube, seen from around.
#pragma once
#include <array>
#include <vector>

#include "math/camera.h"

namespace eik::bench {

using CameraValues = std::array<float, 24>;  // as the ABI has them

// View i of n on a spiral around the balls, a square of so many pixels.
CameraValues camera(int i, int n, int side);
std::vector<uint8_t> picture(const CameraModel& camera);  // RGBA, alpha 0 beside the balls

// PSNR in dB of a rendered picture (3 floats a pixel) over a white background.
double psnr(const CameraModel& camera, const std::vector<float>& color);

}  // namespace eik::bench
