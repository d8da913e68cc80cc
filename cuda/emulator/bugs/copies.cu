// Asynchronous copies.
#include "bugs/cases.h"
#include "test/device_array.h"

using namespace eik::cuda;

namespace {

enum {
  kEarlyRead = 1,
  kNoWait,
  kTooFewGroups,
  kSourceChanges,
  kDestinationChanges,
  kMisaligned,
  kNoBarrier,
  kToGlobal,
  kSourceChangesElsewhere
};

constexpr int kTile = 128;  // floats: 32 threads copy 4 each

// Doubles tiles, backwards within each; while one is worked on, the next is on its way.
__global__ void pipeline(float* in, float* out, int tiles, int bug) {
  __shared__ __align__(16) float s[2][kTile + 4];
  const int i = static_cast<int>(threadIdx.x);
  const int shift = bug == kMisaligned ? 1 : 0;
  copy_async<16>(s[0] + 4 * i + shift, in + 4 * i);
  copy_async_commit();
  for (int t = 0; t < tiles; ++t) {
    float* tile = s[t % 2];
    if (t + 1 < tiles) {
      float* to = bug == kToGlobal ? out + (t + 1) * kTile : s[(t + 1) % 2];
      copy_async<16>(to + 4 * i, in + (t + 1) * kTile + 4 * i);
    }
    copy_async_commit();
    if (bug == kSourceChanges && t + 1 < tiles) in[(t + 1) * kTile + 4 * i] += 1.0f;
    if (bug == kSourceChangesElsewhere && t + 1 < tiles) in[(t + 1) * kTile + 4 * ((i + 1) % 32)] = 1.0f;
    if (bug == kDestinationChanges && t + 1 < tiles) s[(t + 1) % 2][4 * i] = 0.0f;
    const float early = bug == kEarlyRead ? tile[4 * i] : 0.0f;
    if (bug == kTooFewGroups) {
      copy_async_wait<2>();
    } else if (bug != kNoWait) {
      copy_async_wait<1>();
    }
    if (bug != kNoBarrier) __syncthreads();
    for (int k = 0; k < 4; ++k) out[t * kTile + 32 * k + i] = 2.0f * tile[kTile - 1 - 32 * k - i];
    if (bug == kEarlyRead) out[t * kTile + kTile - 1 - 4 * i] = 2.0f * early;
    __syncthreads();
  }
}

bool run_pipeline(int bug) {
  const int tiles = 5;
  std::vector<float> in(tiles * kTile), want(tiles * kTile);
  for (size_t i = 0; i < in.size(); ++i) want[i / kTile * kTile + kTile - 1 - i % kTile] = 2.0f * (in[i] = static_cast<float>(i % 37));
  const DeviceArray<float> x(in), y(in.size());
  launch(pipeline, 1, 32, 0, nullptr, x.data(), y.data(), tiles, bug);
  return y.get() == want;
}

}  // namespace

std::vector<Case> copy_cases() {
  const Found wrong{kWrong}, sometimes{kWrong, Found::kSome}, race{kRace}, nothing{nullptr};
  const Found unwaited{"its thread ended without waiting for it"}, source{"its source changed before it arrived"};
  const Found destination{"its destination was written before it arrived"};
  const Found misaligned{"asynchronous copy: misaligned destination"};
  const Found global{"asynchronous copy: the destination is not in shared memory"};
  return {{"pipeline",
           run_pipeline,
           {{"read before the wait", wrong, wrong, wrong},
            {"missing wait", unwaited, unwaited, unwaited},
            {"wait that leaves a group too many", destination, destination, destination},
            {"source changes under way", source, source, source},
            {"destination changes under way", destination, destination, destination},
            {"misaligned copy", misaligned, misaligned, misaligned},
            {"missing barrier after the wait", sometimes, sometimes, race},
            {"copy to global memory", global, global, global},
            {"another thread changes the source", nothing, nothing, race}}}};
}
