// Arithmetic that the emulator supplies. It is the host's, so that it needs no kernel.
#include <cfloat>
#include <climits>

#include "test/device_array.h"
#include "test/expect.h"

using eik::cuda::pack;
using eik::cuda::unpack;

namespace {

void test_bits() {
  EXPECT(__popc(0xf0f0u) == 8 && __popcll(~0ull) == 64 && __ffs(0) == 0 && __ffs(8) == 4 && __ffsll(1ll << 40) == 41);
  EXPECT(__clz(0) == 32 && __clz(1) == 31 && __clz(-1) == 0 && __clzll(0) == 64 && __clzll(1) == 63);
  EXPECT(__brev(1u) == 0x80000000u && __brev(0x12345678u) == 0x1e6a2c48u && __brevll(1ull) == 1ull << 63);
  EXPECT(__byte_perm(0x33221100u, 0x77665544u, 0x7410u) == 0x77441100u && __byte_perm(0x80u, 0, 0x0008u) == 0x808080ffu);
  EXPECT(__funnelshift_l(0x80000000u, 1u, 1) == 3u && __funnelshift_r(1u, 3u, 1) == 0x80000000u);
  EXPECT(__umulhi(0xffffffffu, 0xffffffffu) == 0xfffffffeu && __mulhi(-2, INT_MAX) == -1);
  EXPECT(__umul64hi(~0ull, 2) == 1);
  EXPECT(__float_as_uint(1.0f) == 0x3f800000u && __int_as_float(0x40000000) == 2.0f && __float_as_int(-0.0f) == INT_MIN);
  EXPECT(__longlong_as_double(__double_as_longlong(3.5)) == 3.5);
}

void test_conversions() {
  EXPECT(__float2int_rn(2.5f) == 2 && __float2int_rn(3.5f) == 4 && __float2int_rz(-2.7f) == -2);
  EXPECT(__float2int_rd(-2.1f) == -3 && __float2int_ru(2.1f) == 3);
  EXPECT(__float2int_rn(1e20f) == INT_MAX && __float2int_rn(-1e20f) == INT_MIN && __float2int_rn(NAN) == 0);
  EXPECT(__float2uint_rn(-1.0f) == 0 && __float2uint_rz(3e9f) == 3000000000u && __float2ll_rn(1e10f) == 10000000000ll);
  EXPECT(__saturatef(-1.0f) == 0.0f && __saturatef(2.0f) == 1.0f && __saturatef(NAN) == 0.0f && __saturatef(0.25f) == 0.25f);
  EXPECT(min(3, 2u) == 2u && max(1.5f, 2.5) == 2.5 && min(NAN, 1.0f) == 1.0f && max(2.0f, NAN) == 2.0f);
}

void test_fast_functions() {
  for (float x = 0.05f; x < 8.0f; x += 0.37f) {
    const double d = x;
    EXPECT(near(__expf(x), std::exp(d), 1e-6) && near(__exp10f(x), std::pow(10.0, d), 1e-6));
    EXPECT(near(__logf(x), std::log(d), 1e-5) && near(__log2f(x), std::log2(d), 1e-5));
    EXPECT(near(__sinf(x), std::sin(d), 1e-5) && near(__cosf(x), std::cos(d), 1e-5));
    EXPECT(near(sinpif(x), std::sin(M_PI * d), 1e-5) && near(cospif(x), std::cos(M_PI * d), 1e-5));
    EXPECT(near(__powf(x, 1.5f), std::pow(d, 1.5), 1e-6) && near(rsqrtf(x), 1.0 / std::sqrt(d), 1e-6));
    EXPECT(near(__fdividef(1.0f, x), 1.0 / d, 1e-6) && near(__frcp_rn(x), 1.0 / d, 1e-6));
    float sine, cosine;
    __sincosf(x, &sine, &cosine);
    EXPECT(sine == __sinf(x) && cosine == __cosf(x));
  }
  EXPECT(__fmul_rn(1.0f + FLT_EPSILON, 1.0f + FLT_EPSILON) == 1.0f + 2.0f * FLT_EPSILON);
}

// Every half there is, through the processor's conversion and NVIDIA's.
void test_half_conversions() {
  for (unsigned bits = 0; bits < 65536; ++bits) {
    __half_raw raw;
    raw.x = static_cast<unsigned short>(bits);
    const __half h = raw;
    const float mine = __half2float(h), theirs = static_cast<float>(h);
    EXPECT(mine == theirs || (mine != mine && theirs != theirs));
    if (mine != mine) continue;
    EXPECT(static_cast<__half_raw>(__float2half(mine)).x == bits);
    const float between = mine * 1.00037f;  // not a half: both must round alike
    EXPECT(static_cast<__half_raw>(__float2half(between)).x == static_cast<__half_raw>(__half(between)).x);
  }
}

template <class T, class T2>
void test_halves(double precision) {
  for (float x = 0.1f; x < 4.0f; x += 0.29f) {
    const T h = x;
    const double d = static_cast<float>(h);
    const auto of = [](T v) { return static_cast<double>(static_cast<float>(v)); };
    EXPECT(near(of(__hfma(h, h, h)), d * d + d, precision) && near(of(hexp(h)), std::exp(d), precision));
    EXPECT(near(of(hsqrt(h)), std::sqrt(d), precision) && near(of(hrsqrt(h)), 1.0 / std::sqrt(d), precision));
    EXPECT(near(of(hlog2(h)), std::log2(d), precision) && near(of(hsin(h)), std::sin(d), precision));
    EXPECT(near(of(htanh(h)), std::tanh(d), precision) && near(of(hrcp(h)), 1.0 / d, precision));
    EXPECT(of(hfloor(h)) == std::floor(d) && of(__hfma_relu(h, h, T(-100.0f))) == 0.0 && of(__hfma_sat(h, h, T(2.0f))) == 1.0);
    T2 pair;
    pair.x = h;
    pair.y = T(2.0f);
    const T2 fused = __hfma2(pair, pair, pair);
    EXPECT(of(fused.x) == of(__hfma(h, h, h)) && of(fused.y) == 6.0);
    EXPECT(__low2float(fused) == of(fused.x) && __high2float(fused) == 6.0f);
    const float2 both = unpack<T>(pack<T>(x, -x));
    EXPECT(both.x == of(h) && both.y == -of(h));
  }
  // Rounded once: 1 + e + e^2/4 (e: half the last place of 1) lies just above the middle, which two roundings would miss.
  const float e = static_cast<float>(precision);
  EXPECT(static_cast<float>(__hfma(T(e), T(0.25f * e), T(1.0f))) == 1.0f);
}

}  // namespace

void test_intrinsics() {
  test_bits();
  test_conversions();
  test_fast_functions();
  test_half_conversions();
  test_halves<__half, __half2>(0x1p-10);
  test_halves<__nv_bfloat16, __nv_bfloat162>(0x1p-7);
}
