// mma and ldmatrix.
#include "bugs/cases.h"
#include "test/device_array.h"

using namespace eik::cuda;

namespace {

enum { kSwappedRegisters = 1, kNotTransposed, kMisaligned, kFromGlobal, kNoSyncwarp, kHalfWarp };

constexpr int kPitch = 24;  // halves a row: rows of 16, and of 8 for B, aligned to 16 bytes

// D (16 x 8) = A (16 x 16) B (16 x 8), all row-major, through shared memory. One warp.
__global__ void product(const __half* a, const __half* b, float* d, int bug) {
  __shared__ __align__(16) __half sa[17 * kPitch];
  __shared__ __align__(16) __half sb[17 * kPitch];
  const int lane = static_cast<int>(threadIdx.x);
  if (bug == kHalfWarp && lane >= 16) return;
  for (int i = lane; i < 16 * 16; i += static_cast<int>(blockDim.x)) sa[i / 16 * kPitch + i % 16] = a[i];
  for (int i = lane; i < 16 * 8; i += static_cast<int>(blockDim.x)) sb[i / 8 * kPitch + i % 8] = b[i];
  if (bug != kNoSyncwarp) __syncwarp();

  // Matrices of A: rows 0-7 and 8-15 of columns 0-7, then of columns 8-15: the order of the registers.
  uint32_t x[4], y[2];
  const __half* row = sa + (lane % 16) * kPitch + lane / 16 * 8;
  if (bug == kMisaligned) row += 4;
  if (bug == kFromGlobal) row = a + (lane % 16) * 16 + lane / 16 * 8;
  ldmatrix(x, row);
  const __half* column = sb + (lane % 16) * kPitch;
  if (bug == kNotTransposed) {
    ldmatrix(y, column);
  } else {
    ldmatrix_transposed(y, column);
  }
  if (bug == kSwappedRegisters) {
    const uint32_t other = x[1];
    x[1] = x[2];
    x[2] = other;
  }
  float sum[4] = {};
  mma_m16n8k16<__half>(sum, x, y);
  const int g = lane / 4, t = lane % 4;
  for (int i = 0; i < 4; ++i) d[(g + 8 * (i / 2)) * 8 + 2 * t + i % 2] = sum[i];
}

bool run_product(int bug) {
  std::vector<__half> a(16 * 16), b(16 * 8);
  std::vector<float> want(16 * 8);
  for (size_t i = 0; i < a.size(); ++i) a[i] = __float2half(static_cast<float>(static_cast<int>(i * 7 % 23) - 11) / 8.0f);
  for (size_t i = 0; i < b.size(); ++i) b[i] = __float2half(static_cast<float>(static_cast<int>(i * 5 % 19) - 9) / 4.0f);
  for (size_t m = 0; m < 16; ++m) {
    for (size_t n = 0; n < 8; ++n) {
      for (size_t k = 0; k < 16; ++k) want[m * 8 + n] += __half2float(a[m * 16 + k]) * __half2float(b[k * 8 + n]);
    }
  }
  const DeviceArray<__half> x(a), y(b);
  const DeviceArray<float> d(16 * 8);
  launch(product, 1, 32, 0, nullptr, x.data(), y.data(), d.data(), bug);
  return d.get() == want;  // all sums are exact
}

}  // namespace

std::vector<Case> tensor_cases() {
  const Found wrong{kWrong}, sometimes{kWrong, Found::kSome}, race{kRace};
  const Found misaligned{"ldmatrix: the row's address is not a multiple of 16"}, global{"ldmatrix: the row is not in shared memory"};
  const Found lanes{"a collective of all 32 lanes after some have ended"};
  return {{"product",
           run_product,
           {{"fragment registers swapped", wrong, wrong, wrong},
            {"B not transposed", wrong, wrong, wrong},
            {"misaligned ldmatrix", misaligned, misaligned, misaligned},
            {"ldmatrix from global memory", global, global, global},
            {"missing __syncwarp before ldmatrix", sometimes, sometimes, race},
            {"mma of half a warp", lanes, lanes, lanes}}}};
}
