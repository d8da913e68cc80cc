// Arithmetic that the emulator supplies, by one thread. The bounds are the host's: a GPU's fast functions are less accurate.
#include <cfloat>
#include <climits>

#include "test/device_array.h"
#include "test/expect.h"

using eik::cuda::pack;
using eik::cuda::unpack;

namespace {

#define CHECK(condition) \
  do { \
    if (!(condition)) { \
      ++*failed; \
      printf("%s:%d: not so: %s\n", __FILE__, __LINE__, #condition); \
    } \
  } while (0)

__device__ bool close_to(double got, double want, double relative) {
  return fabs(got - want) <= relative * fmax(fabs(want), 1e-6);
}

__device__ void test_bits(int* failed) {
  CHECK(__popc(0xf0f0u) == 8 && __popcll(~0ull) == 64 && __ffs(0) == 0 && __ffs(8) == 4 && __ffsll(1ll << 40) == 41);
  CHECK(__clz(0) == 32 && __clz(1) == 31 && __clz(-1) == 0 && __clzll(0) == 64 && __clzll(1) == 63);
  CHECK(__brev(1u) == 0x80000000u && __brev(0x12345678u) == 0x1e6a2c48u && __brevll(1ull) == 1ull << 63);
  CHECK(__byte_perm(0x33221100u, 0x77665544u, 0x7410u) == 0x77441100u && __byte_perm(0x80u, 0, 0x0008u) == 0x808080ffu);
  CHECK(__funnelshift_l(0x80000000u, 1u, 1) == 3u && __funnelshift_r(1u, 3u, 1) == 0x80000000u);
  CHECK(__umulhi(0xffffffffu, 0xffffffffu) == 0xfffffffeu && __mulhi(-2, INT_MAX) == -1);
  CHECK(__umul64hi(~0ull, 2) == 1);
  CHECK(__float_as_uint(1.0f) == 0x3f800000u && __int_as_float(0x40000000) == 2.0f && __float_as_int(-0.0f) == INT_MIN);
  CHECK(__longlong_as_double(__double_as_longlong(3.5)) == 3.5);
}

__device__ void test_conversions(int* failed) {
  CHECK(__float2int_rn(2.5f) == 2 && __float2int_rn(3.5f) == 4 && __float2int_rz(-2.7f) == -2);
  CHECK(__float2int_rd(-2.1f) == -3 && __float2int_ru(2.1f) == 3);
  CHECK(__float2int_rn(1e20f) == INT_MAX && __float2int_rn(-1e20f) == INT_MIN && __float2int_rn(NAN) == 0);
  CHECK(__float2uint_rn(-1.0f) == 0 && __float2uint_rz(3e9f) == 3000000000u && __float2ll_rn(1e10f) == 10000000000ll);
  CHECK(__saturatef(-1.0f) == 0.0f && __saturatef(2.0f) == 1.0f && __saturatef(NAN) == 0.0f && __saturatef(0.25f) == 0.25f);
  CHECK(min(3, 2u) == 2u && max(1.5f, 2.5) == 2.5 && min(NAN, 1.0f) == 1.0f && max(2.0f, NAN) == 2.0f);
}

__device__ void test_fast_functions(int* failed) {
  for (float x = 0.05f; x < 8.0f; x += 0.37f) {
    const double d = x;
    CHECK(close_to(__expf(x), exp(d), 1e-6) && close_to(__exp10f(x), pow(10.0, d), 1e-6));
    CHECK(close_to(__logf(x), log(d), 1e-5) && close_to(__log2f(x), log2(d), 1e-5));
    CHECK(close_to(__sinf(x), sin(d), 1e-5) && close_to(__cosf(x), cos(d), 1e-5));
    CHECK(close_to(sinpif(x), sin(M_PI * d), 1e-5) && close_to(cospif(x), cos(M_PI * d), 1e-5));
    CHECK(close_to(__powf(x, 1.5f), pow(d, 1.5), 1e-6) && close_to(rsqrtf(x), 1.0 / sqrt(d), 1e-6));
    CHECK(close_to(__fdividef(1.0f, x), 1.0 / d, 1e-6) && close_to(__frcp_rn(x), 1.0 / d, 1e-6));
    float sine, cosine;
    __sincosf(x, &sine, &cosine);
    CHECK(sine == __sinf(x) && cosine == __cosf(x));
  }
  CHECK(__fmul_rn(1.0f + FLT_EPSILON, 1.0f + FLT_EPSILON) == 1.0f + 2.0f * FLT_EPSILON);
}

// Every half there is, through the processor's conversion and NVIDIA's.
__device__ void test_half_conversions(int* failed) {
  for (unsigned bits = 0; bits < 65536; ++bits) {
    __half_raw raw;
    raw.x = static_cast<unsigned short>(bits);
    const __half h = raw;
    const float mine = __half2float(h), theirs = static_cast<float>(h);
    CHECK(mine == theirs || (mine != mine && theirs != theirs));
    if (mine != mine) continue;
    CHECK(static_cast<__half_raw>(__float2half(mine)).x == bits);
    const float between = mine * 1.00037f;  // not a half: both must round alike
    CHECK(static_cast<__half_raw>(__float2half(between)).x == static_cast<__half_raw>(__half(between)).x);
  }
}

template <class T, class T2>
__device__ void test_halves(double precision, int* failed) {
  for (float x = 0.1f; x < 4.0f; x += 0.29f) {
    const T h = x;
    const double d = static_cast<float>(h);
    const auto of = [](T v) { return static_cast<double>(static_cast<float>(v)); };
    CHECK(close_to(of(__hfma(h, h, h)), d * d + d, precision) && close_to(of(hexp(h)), exp(d), precision));
    CHECK(close_to(of(hsqrt(h)), sqrt(d), precision) && close_to(of(hrsqrt(h)), 1.0 / sqrt(d), precision));
    CHECK(close_to(of(hlog2(h)), log2(d), precision) && close_to(of(hsin(h)), sin(d), precision));
    CHECK(close_to(of(htanh(h)), tanh(d), precision) && close_to(of(hrcp(h)), 1.0 / d, precision));
    CHECK(of(hfloor(h)) == floor(d) && of(__hfma_relu(h, h, T(-100.0f))) == 0.0 && of(__hfma_sat(h, h, T(2.0f))) == 1.0);
    T2 pair;
    pair.x = h;
    pair.y = T(2.0f);
    const T2 fused = __hfma2(pair, pair, pair);
    CHECK(of(fused.x) == of(__hfma(h, h, h)) && of(fused.y) == 6.0);
    CHECK(__low2float(fused) == of(fused.x) && __high2float(fused) == 6.0f);
    const float2 both = unpack<T>(pack<T>(x, -x));
    CHECK(both.x == of(h) && both.y == -of(h));
  }
  // Rounded once: 1 + e + e^2/4 (e: half the last place of 1) lies just above the middle, which two roundings would miss.
  const float e = static_cast<float>(precision);
  CHECK(static_cast<float>(__hfma(T(e), T(0.25f * e), T(1.0f))) == 1.0f);
}

__global__ void all(int* failed) {
  test_bits(failed);
  test_conversions(failed);
  test_fast_functions(failed);
  test_half_conversions(failed);
  test_halves<__half, __half2>(0x1p-10, failed);
#if !defined(__CUDA_ARCH__) || __CUDA_ARCH__ >= 800
  test_halves<__nv_bfloat16, __nv_bfloat162>(0x1p-7, failed);
#endif
}

}  // namespace

void test_intrinsics() {
  DeviceArray<int> failed(1);
  failed.clear();
  eik::cuda::launch(all, 1, 1, 0, nullptr, failed.data());
  failures += failed.get()[0];
}
