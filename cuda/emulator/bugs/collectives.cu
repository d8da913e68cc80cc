// Shuffles and votes.
#include "bugs/cases.h"
#include "test/device_array.h"

using namespace eik::cuda;

namespace {

enum { kDivergent = 1, kMissingLane, kDifferent, kOutside, kEnded };

// Inclusive sums over a warp.
__global__ void scan(const float* in, float* out, int bug) {
  const int lane = static_cast<int>(threadIdx.x);
  float x = in[lane];
  for (int d = 1; d < 32; d *= 2) {
    if (bug == kDivergent) {
      if (lane >= d) x += __shfl_up_sync(~0u, x, d);
      continue;
    }
    const float y = __shfl_up_sync(bug == kMissingLane ? 0x7fffffffu : ~0u, x, d);
    if (lane >= d) x += y;
  }
  if (bug == kDifferent) {
    if (lane == 5) {
      __any_sync(~0u, 1);
    } else {
      __syncwarp();
    }
  }
  if (bug == kOutside) x += __shfl_sync(lane < 16 ? 0xffffu : 0xffff0000u, 0.0f, 20);
  if (bug == kEnded) {
    if (lane == 31) {
      out[lane] = x;
      return;
    }
    x += 0.0f * __shfl_sync(~0u, x, 31);
  }
  out[lane] = x;
}

bool run_scan(int bug) {
  std::vector<float> in(32), want(32);
  float sum = 0.0f;
  for (size_t i = 0; i < 32; ++i) want[i] = sum += in[i] = static_cast<float>(i * i % 13);
  const DeviceArray<float> x(in), y(32);
  launch(scan, 1, 32, 0, nullptr, x.data(), y.data(), bug);
  return y.get() == want;
}

}  // namespace

std::vector<Case> collective_cases() {
  const Found wrong{kWrong}, missing{"a lane is missing from its own mask"};
  const Found different{"lanes of one mask are in different collectives"};
  return {{"scan",
           run_scan,
           {{"shuffle in a divergent branch", wrong, wrong, wrong},
            {"a lane that is not in its mask", missing, missing, missing},
            {"different collectives of one mask", different, different, different},
            {"shuffle from a lane outside of the mask", wrong, wrong, wrong},
            {"shuffle from a lane that has ended", wrong, wrong, wrong}}}};
}
