// What kernels may use beyond arithmetic, against formulas of the test's own.
#include <algorithm>
#include <random>

#include "test/device_array.h"
#include "test/expect.h"

using namespace eik::cuda;

namespace {

// ---- shuffles ------------------------------------------------------------------------------------------------------------

template <class T>
T value_of(int lane) {
  return static_cast<T>(3 * lane + 1);
}

template <class T>
__global__ void shuffles(T* out, int width, int by) {
  const int lane = static_cast<int>(threadIdx.x);
  const T x = out[lane];
  out[lane] = __shfl_sync(~0u, x, by, width);
  out[32 + lane] = __shfl_up_sync(~0u, x, by, width);
  out[64 + lane] = __shfl_down_sync(~0u, x, by, width);
  out[96 + lane] = __shfl_xor_sync(~0u, x, by, width);
}

template <class T>
void test_shuffles() {
  for (int width : {4, 16, 32}) {
    for (int by : {0, 1, 3, 8, 17}) {
      std::vector<T> values(128);
      for (int lane = 0; lane < 32; ++lane) values[lane] = value_of<T>(lane);
      const DeviceArray<T> x(values);
      launch(shuffles<T>, 1, 32, 0, nullptr, x.data(), width, by);
      const std::vector<T> got = x.get();
      for (int lane = 0; lane < 32; ++lane) {
        const int segment = lane / width * width, i = lane % width;
        EXPECT(got[lane] == value_of<T>(segment + by % width));
        EXPECT(got[32 + lane] == value_of<T>(i >= by ? lane - by : lane));
        EXPECT(got[64 + lane] == value_of<T>(i + by < width ? lane + by : lane));
        // An xor may reach into an earlier segment, never into a later one.
        EXPECT(got[96 + lane] == value_of<T>((lane ^ by) < segment + width ? lane ^ by : lane));
      }
    }
  }
}

// ---- votes, matches, reductions --------------------------------------------------------------------------------------------

__global__ void votes(unsigned* out) {
  const unsigned lane = threadIdx.x;
  const unsigned half = lane < 16 ? 0xffffu : 0xffff0000u;
  out[lane] = __ballot_sync(~0u, lane % 3 == 0);
  out[32 + lane] = __ballot_sync(half, lane % 2);
  out[64 + lane] = __any_sync(half, lane == 20) + 2u * __all_sync(half, lane < 20);
  out[96 + lane] = __match_any_sync(~0u, lane % 5);
  out[128 + lane] = __match_any_sync(half, lane / 4 * 1000000000000ull);
#if !defined(__CUDA_ARCH__) || __CUDA_ARCH__ >= 800
  out[160 + lane] = __reduce_add_sync(~0u, lane);
  out[192 + lane] = static_cast<unsigned>(__reduce_min_sync(half, 5 - static_cast<int>(lane)));
  out[224 + lane] = __reduce_max_sync(half, 5u - lane);
  out[256 + lane] = __reduce_or_sync(half, 1u << lane) ^ __reduce_and_sync(~0u, 64 | lane) ^ __reduce_xor_sync(~0u, lane << 8);
#endif
  out[288 + lane] = __activemask() >> lane & 1;
}

void test_votes() {
  const DeviceArray<unsigned> y(320);
  launch(votes, 1, 32, 0, nullptr, y.data());
  const std::vector<unsigned> got = y.get();
  for (unsigned lane = 0; lane < 32; ++lane) {
    const bool low = lane < 16;
    const unsigned half = low ? 0xffffu : 0xffff0000u;
    unsigned same5 = 0;
    for (unsigned o = 0; o < 32; ++o) same5 |= (o % 5 == lane % 5) << o;
    EXPECT(got[lane] == 0x49249249u);
    EXPECT(got[32 + lane] == (0xaaaaaaaau & half));
    EXPECT(got[64 + lane] == (low ? 2u : 1u));
    EXPECT(got[96 + lane] == same5);
    EXPECT(got[128 + lane] == 15u << lane / 4 * 4);
    EXPECT(got[160 + lane] == 496);
    EXPECT(static_cast<int>(got[192 + lane]) == (low ? -10 : -26));
    EXPECT(got[224 + lane] == (low ? 0xffffffffu : 5u - 16u));
    EXPECT(got[256 + lane] == (half ^ 64u ^ 0u));
    EXPECT(got[288 + lane] == 1);
  }
}

// ---- barriers that count; threads that have ended --------------------------------------------------------------------------

__global__ void counting(int* out, int ended) {
  const int i = static_cast<int>(threadIdx.x);
  if (i < ended) return;
  out[i] = __syncthreads_count(i % 2);
  out[100 + i] = __syncthreads_and(i < 99);
  out[200 + i] = __syncthreads_or(i == 98);
  out[300 + i] = static_cast<int>(__ballot_sync(~0u, 1));
}

void test_counting() {
  const DeviceArray<int> y(400);
  launch(counting, 1, 100, 0, nullptr, y.data(), 10);
  const std::vector<int> got = y.get();
  for (int i = 10; i < 100; ++i) {
    EXPECT(got[i] == 45 && got[100 + i] == 0 && got[200 + i] == 1);
    EXPECT(static_cast<unsigned>(got[300 + i]) == (i < 32 ? ~0x3ffu : i < 96 ? ~0u : 15u));  // a last warp of 4
  }
}

// ---- who is where ----------------------------------------------------------------------------------------------------------

__constant__ int factor[2];

__global__ void __launch_bounds__(60) indices(int* out) {
  const unsigned thread = threadIdx.x + blockDim.x * (threadIdx.y + blockDim.y * threadIdx.z);
  const unsigned block = blockIdx.x + gridDim.x * (blockIdx.y + gridDim.y * blockIdx.z);
  atomicAdd(out + block * blockDim.x * blockDim.y * blockDim.z + thread, factor[0] * static_cast<int>(thread) + factor[1]);
}

void test_indices() {
  const int factors[2] = {7, 2};
  EIK_CUDA(cudaMemcpyToSymbol(factor, factors, sizeof factors));
  DeviceArray<int> y(60 * 24);
  y.clear();
  launch(indices, dim3(2, 3, 4), dim3(5, 4, 3), 0, nullptr, y.data());
  const std::vector<int> got = y.get();
  for (size_t i = 0; i < got.size(); ++i) EXPECT(got[i] == 7 * static_cast<int>(i % 60) + 2);
}

// ---- atomics ---------------------------------------------------------------------------------------------------------------

template <class T>
__global__ void add(T* sum) {
  atomicAdd(sum, static_cast<T>(static_cast<float>(threadIdx.x % 4)));
}

template <class T>
float sum_of() {
  DeviceArray<T> y(1);
  y.clear();
  launch(add<T>, 2, 64, 0, nullptr, y.data());  // 32 times 0 + 1 + 2 + 3: exact in bfloat16
  return static_cast<float>(y.get()[0]);
}

template <class T2>
__global__ void add_pairs(T2* sum) {
  T2 pair;
  pair.x = 1.0f;
  pair.y = 2.0f;
  atomicAdd(sum, pair);
}

#if !defined(__CUDA_ARCH__) || __CUDA_ARCH__ >= 900
__global__ void add_vectors(float2* two, float4* four) {
  atomicAdd(two, make_float2(1.0f, 2.0f));
  atomicAdd(four, make_float4(1.0f, 2.0f, 3.0f, 4.0f));
}
#else
__global__ void add_vectors(float2*, float4*) {}
#endif

void test_vectors() {
  DeviceArray<float2> two(1);
  DeviceArray<float4> four(1);
  two.clear();
  four.clear();
  launch(add_vectors, 2, 32, 0, nullptr, two.data(), four.data());
  EXPECT(two.get()[0].x == 64.0f && two.get()[0].y == 128.0f);
  EXPECT(four.get()[0].x == 64.0f && four.get()[0].y == 128.0f && four.get()[0].z == 192.0f && four.get()[0].w == 256.0f);
}

template <class T>
__global__ void bits(T* v) {
  const T i = static_cast<T>(threadIdx.x);
  atomicMin(v + 0, i + 5);
  atomicMax(v + 1, i);
  atomicAnd(v + 2, ~(T{1} << i % 8));
  atomicOr(v + 3, T{1} << i % 8);
  atomicXor(v + 4, i);
  T seen = 0, expected;
  do {  // the sum, by comparing and swapping
    expected = seen;
    seen = atomicCAS(v + 5, expected, expected + i);
  } while (seen != expected);
  if (i == 9) atomicExch(v + 6, T{77});
}

template <class T>
void test_bits() {
  const DeviceArray<T> y(std::vector<T>{100, 3, 0xff, 0, 0, 0, 0});
  launch(bits<T>, 1, 32, 0, nullptr, y.data());
  EXPECT((y.get() == std::vector<T>{5, 31, 0, 0xff, 0, 496, 77}));
}

template <class T2>
void test_pairs() {
  DeviceArray<T2> y(1);
  y.clear();
  launch(add_pairs<T2>, 2, 32, 0, nullptr, y.data());
  EXPECT(static_cast<float>(y.get()[0].x) == 64.0f && static_cast<float>(y.get()[0].y) == 128.0f);
}

void test_atomics() {
  EXPECT(sum_of<float>() == 192 && sum_of<double>() == 192 && sum_of<int>() == 192 && sum_of<unsigned>() == 192);
  EXPECT(sum_of<unsigned long long>() == 192 && sum_of<__half>() == 192 && sum_of<__nv_bfloat16>() == 192);
  test_pairs<__half2>();
  test_pairs<__nv_bfloat162>();
  test_vectors();
  test_bits<unsigned>();
  test_bits<int>();
  test_bits<unsigned long long>();
}

// ---- tensor cores ----------------------------------------------------------------------------------------------------------

// Fragments made element by element, as the PTX ISA numbers them (9.7.14.5, "Matrix Fragments for mma.m16n8k8/16").
template <class T, int K>
__global__ void products(const T* a, const T* b, float* d) {
  const int lane = static_cast<int>(threadIdx.x), group = lane >> 2, in_group = lane & 3;
  T fa[K / 2], fb[K / 4];
  for (int i = 0; i < K / 2; ++i) {
    const bool low = K == 8 ? i < 2 : (i < 2 || (i >= 4 && i < 6));
    const int row = low ? group : group + 8, column = in_group * 2 + (i & 1) + (i >= 4 ? 8 : 0);
    fa[i] = a[row * K + column];
  }
  for (int i = 0; i < K / 4; ++i) fb[i] = b[(in_group * 2 + (i & 1) + (i >= 2 ? 8 : 0)) * 8 + group];
  uint32_t ra[K / 4], rb[K / 8];
  memcpy(ra, fa, sizeof ra);
  memcpy(rb, fb, sizeof rb);
  float c[4];
  for (int i = 0; i < 4; ++i) c[i] = d[(i < 2 ? group : group + 8) * 8 + in_group * 2 + (i & 1)];
  if constexpr (K == 8) {
    mma_m16n8k8<T>(c, ra, rb[0]);
  } else {
    mma_m16n8k16<T>(c, ra, rb);
  }
  for (int i = 0; i < 4; ++i) d[(i < 2 ? group : group + 8) * 8 + in_group * 2 + (i & 1)] = c[i];
}

template <class T, int K>
void test_products() {
  std::mt19937 random(K);
  std::uniform_real_distribution<float> uniform(-2.0f, 2.0f);
  std::vector<T> a(16 * K), b(K * 8);
  std::vector<float> d(16 * 8);
  for (T& x : a) x = uniform(random);
  for (T& x : b) x = uniform(random);
  for (float& x : d) x = uniform(random);
  const DeviceArray<T> x(a), y(b);
  const DeviceArray<float> z(d);
  launch(products<T, K>, 1, 32, 0, nullptr, x.data(), y.data(), z.data());
  const std::vector<float> got = z.get();
  for (int m = 0; m < 16; ++m) {
    for (int n = 0; n < 8; ++n) {
      double want = d[m * 8 + n];
      for (int k = 0; k < K; ++k) want += static_cast<double>(static_cast<float>(a[m * K + k])) * static_cast<float>(b[k * 8 + n]);
      EXPECT(std::fabs(got[m * 8 + n] - want) < 1e-5);
    }
  }
}

template <int N>
__global__ void loads(uint32_t* out) {
  uint16_t* s = dynamic_shared<uint16_t>();  // 4 matrices, rows of 8 with a pitch of 16
  const unsigned lane = threadIdx.x;
  for (unsigned k = 0; k < 8; ++k) s[lane * 16 + k] = static_cast<uint16_t>(100 * (lane / 8) + 10 * (lane % 8) + k);
  __syncwarp();
  uint32_t r[N], t[N];
  ldmatrix(r, s + 16 * lane);
  ldmatrix_transposed(t, s + 16 * lane);
  for (int m = 0; m < N; ++m) {
    out[m * 32 + lane] = r[m];
    out[(4 + m) * 32 + lane] = t[m];
  }
}

template <int N>
void test_loads() {
  const DeviceArray<uint32_t> y(8 * 32);
  launch(loads<N>, 1, 32, 32 * 16 * 2, nullptr, y.data());
  const std::vector<uint32_t> got = y.get();
  for (unsigned m = 0; m < N; ++m) {
    for (unsigned lane = 0; lane < 32; ++lane) {
      const unsigned row = lane / 4, column = 2 * (lane % 4);
      EXPECT(got[m * 32 + lane] == 100 * m + 10 * row + column + ((100 * m + 10 * row + column + 1) << 16));
      EXPECT(got[(4 + m) * 32 + lane] == 100 * m + 10 * column + row + ((100 * m + 10 * (column + 1) + row) << 16));
    }
  }
}

// ---- asynchronous copies ---------------------------------------------------------------------------------------------------

template <int Bytes>
__global__ void copies(const unsigned char* in, unsigned char* out, int there) {
  __shared__ __align__(16) unsigned char s[2][32 * 16];
  const unsigned at = threadIdx.x * Bytes;
  copy_async<Bytes>(s[0] + at, in + at);
  copy_async_commit();
  copy_async_or_zero<Bytes>(s[1] + at, in + at, there);
  copy_async_commit();
  copy_async_wait<1>();
  for (int i = 0; i < Bytes; ++i) out[at + i] = s[0][at + i];
  copy_async_wait<0>();
  for (int i = 0; i < Bytes; ++i) out[512 + at + i] = s[1][at + i];
}

template <int Bytes>
void test_copies() {
  std::vector<unsigned char> in(512);
  for (size_t i = 0; i < in.size(); ++i) in[i] = static_cast<unsigned char>(i * 31 + 7);
  for (int there : {0, 3, Bytes}) {
    const DeviceArray<unsigned char> x(in), y(1024);
    launch(copies<Bytes>, 1, 32, 0, nullptr, x.data(), y.data(), there);
    const std::vector<unsigned char> got = y.get();
    for (int i = 0; i < 32 * Bytes; ++i) {
      EXPECT(got[i] == in[i]);
      EXPECT(got[512 + i] == (i % Bytes < there ? in[i] : 0));
    }
  }
}

// ---- a block of many warps, with everything at once --------------------------------------------------------------------------

__global__ void block_sums(const float* in, float* out, int n) {
  __shared__ float parts[32];
  const int i = static_cast<int>(blockIdx.x * blockDim.x + threadIdx.x);
  float x = i < n ? in[i] : 0.0f;
  for (int d = 16; d; d /= 2) x += __shfl_down_sync(~0u, x, d);
  if (threadIdx.x % 32 == 0) parts[threadIdx.x / 32] = x;
  __syncthreads();
  if (threadIdx.x >= 32) return;
  x = threadIdx.x < blockDim.x / 32 ? parts[threadIdx.x] : 0.0f;
  for (int d = 16; d; d /= 2) x += __shfl_xor_sync(~0u, x, d);
  if (threadIdx.x == 0) atomicAdd(out, x);
}

void test_block_sums() {
  const int n = 5000;
  std::vector<float> in(n);
  float want = 0.0f;
  for (int i = 0; i < n; ++i) want += in[i] = static_cast<float>(i % 50);
  const DeviceArray<float> x(in);
  for (unsigned threads : {64u, 256u, 1024u}) {
    DeviceArray<float> y(1);
    y.clear();
    launch(block_sums, (n + threads - 1) / threads, threads, 0, nullptr, x.data(), y.data(), n);
    EXPECT(y.get()[0] == want);  // whole numbers below 2^24
  }
}

}  // namespace

void test_features() {
  test_shuffles<float>();
  test_shuffles<double>();
  test_shuffles<int>();
  test_shuffles<unsigned long long>();
  test_shuffles<__nv_bfloat16>();
  test_votes();
  test_counting();
  test_indices();
  test_atomics();
  test_products<__half, 8>();
  test_products<__half, 16>();
  test_products<__nv_bfloat16, 8>();
  test_products<__nv_bfloat16, 16>();
  test_loads<1>();
  test_loads<2>();
  test_loads<4>();
  test_copies<4>();
  test_copies<8>();
  test_copies<16>();
  test_block_sums();
}

// For the test of the runtime.
namespace {
__global__ void touch(float* x) { x[threadIdx.x] = dynamic_shared<float>()[0]; }

__global__ void scale(float* x, int n, float factor) {  // by way of shared memory, so that it has to wait
  __shared__ float s[128];
  const int i = static_cast<int>(blockIdx.x * blockDim.x + threadIdx.x);
  s[127 - threadIdx.x] = i < n ? x[i] : 0.0f;
  __syncthreads();
  if (i < n) x[i] = factor * s[127 - threadIdx.x];
}
}  // namespace
const void* touch_kernel() { return reinterpret_cast<const void*>(&touch); }
void launch_scale(float* x, int n, float factor, cudaStream_t stream) {
  launch(scale, (n + 127) / 128, 128, 0, stream, x, n, factor);
}
void launch_touch(float* x, unsigned grid, unsigned block, size_t shared_bytes, cudaStream_t stream) {
  launch(touch, grid, block, shared_bytes, stream, x);
}
