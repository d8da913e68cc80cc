// What a launch, a thread, a switch and a collective cost.
#include <time.h>

#include <cstdio>

#include "test/device_array.h"

using namespace eik::cuda;

namespace {

__global__ void plain(float* out) { out[blockIdx.x * blockDim.x + threadIdx.x] = 1.0f; }

__global__ void barriers(float* out, int n) {
  for (int i = 0; i < n; ++i) __syncthreads();
  out[blockIdx.x * blockDim.x + threadIdx.x] = 1.0f;
}

__global__ void shuffles(float* out, int n) {
  float x = threadIdx.x;
  for (int i = 0; i < n; ++i) x = __shfl_xor_sync(~0u, x, 1);
  out[blockIdx.x * blockDim.x + threadIdx.x] = x;
}

__global__ void products(float* out, int n) {
  float d[4] = {};
  const uint32_t a[4] = {threadIdx.x, 1, 2, 3}, b[2] = {4, 5};
  for (int i = 0; i < n; ++i) mma_m16n8k16<__half>(d, a, b);
  out[blockIdx.x * blockDim.x + threadIdx.x] = d[0];
}

__global__ void loads(float* out, int n) {
  __shared__ __align__(16) uint32_t tile[32 * 4];
  for (int i = 0; i < 4; ++i) tile[i * 32 + threadIdx.x % 32] = threadIdx.x;
  __syncthreads();
  uint32_t a[4] = {};
  for (int i = 0; i < n; ++i) ldmatrix(a, tile + 4 * (threadIdx.x % 32));
  out[blockIdx.x * blockDim.x + threadIdx.x] = static_cast<float>(a[0]);
}

__global__ void atomics(float* out, int n) {
  for (int i = 0; i < n; ++i) atomicAdd(out + (threadIdx.x * 7 + i) % 64, 1.0f);
}

template <class Run>
double nanoseconds(double operations, Run run) {
  double best = 1e300;
  for (int repeat = 0; repeat < 5; ++repeat) {
    timespec a, b;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &a);
    run();
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &b);
    const double t = (static_cast<double>(b.tv_sec - a.tv_sec) * 1e9 + static_cast<double>(b.tv_nsec - a.tv_nsec)) / operations;
    if (t < best) best = t;
  }
  return best;
}

}  // namespace

void measure_speed() {
  const int n = 100;
  DeviceArray<float> out(1 << 16);
  out.clear();
  printf("ns a launch of 1 thread: %.0f\n", nanoseconds(n, [&] {
           for (int i = 0; i < n; ++i) launch(plain, 1, 1, 0, nullptr, out.data());
         }));
  for (unsigned threads : {32u, 256u, 1024u}) {
    const unsigned blocks = 8192 / threads;
    const double all = 8192.0 * n;
    printf("%4u threads a block, ns a thread: to its end %.1f, barrier %.1f, shuffle %.1f, atomic %.1f; ns a warp: mma %.0f, ldmatrix %.0f\n",
           threads, nanoseconds(8192, [&] { launch(plain, blocks, threads, 0, nullptr, out.data()); }),
           nanoseconds(all, [&] { launch(barriers, blocks, threads, 0, nullptr, out.data(), n); }),
           nanoseconds(all, [&] { launch(shuffles, blocks, threads, 0, nullptr, out.data(), n); }),
           nanoseconds(all, [&] { launch(atomics, blocks, threads, 0, nullptr, out.data(), n); }),
           nanoseconds(all / 32, [&] { launch(products, blocks, threads, 0, nullptr, out.data(), n); }),
           nanoseconds(all / 32, [&] { launch(loads, blocks, threads, 0, nullptr, out.data(), n); }));
  }
}
