// What NVIDIA's headers leave to the device of __half and __nv_bfloat16: fused operations and functions, here by way of
// float, rounded once; where the device approximates, its error is not emulated.
#pragma once
#include <cuda_bf16.h>
#include <cuda_fp16.h>
#include <immintrin.h>

#include <cmath>

#include "arithmetic.h"

namespace emulator {

// The headers convert bit by bit; the processor's own instructions give the same numbers faster. What NVIDIA's headers
// define in terms of their own (operators, __hadd ...) stays as it is.
inline float half_to_float(__half x) { return _cvtsh_ss(static_cast<__half_raw>(x).x); }
inline __half float_to_half(float x) {
  __half_raw raw;
  raw.x = x == x ? _cvtss_sh(x, _MM_FROUND_TO_NEAREST_INT) : 0x7fff;  // the headers' NaN
  return raw;
}
inline float2 half2_to_float2(__half2 x) { return make_float2(half_to_float(x.x), half_to_float(x.y)); }
inline __half2 floats_to_half2(float x, float y) { return __half2(float_to_half(x), float_to_half(y)); }

// A product of two halves is exact in double, so that the sum is rounded to (nearly) the device's.
inline double fused(double a, double b, double c) { return a * b + c; }
inline __half round_to(double x, __half) { return __double2half(x); }
inline __nv_bfloat16 round_to(double x, __nv_bfloat16) { return __double2bfloat16(x); }
inline float widen(__half x) { return half_to_float(x); }
inline float widen(__nv_bfloat16 x) { return __bfloat162float(x); }
inline float low_float(__half2 pair) { return widen(pair.x); }
inline float low_float(__nv_bfloat162 pair) { return widen(pair.x); }
inline float high_float(__half2 pair) { return widen(pair.y); }
inline float high_float(__nv_bfloat162 pair) { return widen(pair.y); }
inline float saturate(float x) { return __saturatef(x); }
inline float rectify(float x) { return x < 0.0f ? 0.0f : x; }

}  // namespace emulator

#define __half2float(x) emulator::half_to_float(x)
#define __float2half(x) emulator::float_to_half(x)
#define __float2half_rn(x) emulator::float_to_half(x)
#define __half22float2(x) emulator::half2_to_float2(x)
#define __floats2half2_rn(x, y) emulator::floats_to_half2(x, y)
#define __low2float(pair) emulator::low_float(pair)
#define __high2float(pair) emulator::high_float(pair)

#define EIK_HALF_FUSED(T, T2) \
  inline T __hfma(T a, T b, T c) { \
    using namespace emulator; \
    return round_to(fused(widen(a), widen(b), widen(c)), a); \
  } \
  inline T __hfma_sat(T a, T b, T c) { \
    using namespace emulator; \
    return round_to(saturate(widen(__hfma(a, b, c))), a); \
  } \
  inline T __hfma_relu(T a, T b, T c) { \
    using namespace emulator; \
    return round_to(rectify(widen(__hfma(a, b, c))), a); \
  } \
  inline T2 __hfma2(T2 a, T2 b, T2 c) { return T2(__hfma(a.x, b.x, c.x), __hfma(a.y, b.y, c.y)); } \
  inline T2 __hfma2_sat(T2 a, T2 b, T2 c) { return T2(__hfma_sat(a.x, b.x, c.x), __hfma_sat(a.y, b.y, c.y)); } \
  inline T2 __hfma2_relu(T2 a, T2 b, T2 c) { return T2(__hfma_relu(a.x, b.x, c.x), __hfma_relu(a.y, b.y, c.y)); }
EIK_HALF_FUSED(__half, __half2)
EIK_HALF_FUSED(__nv_bfloat16, __nv_bfloat162)
#undef EIK_HALF_FUSED

#define EIK_HALF_FUNCTION(T, T2, name, name2, of_x) \
  inline T name(T h) { \
    const float x = emulator::widen(h); \
    return emulator::round_to(of_x, h); \
  } \
  inline T2 name2(T2 h) { return T2(name(h.x), name(h.y)); }
#define EIK_HALF_FUNCTIONS(T, T2) \
  EIK_HALF_FUNCTION(T, T2, htrunc, h2trunc, std::trunc(x)) \
  EIK_HALF_FUNCTION(T, T2, hceil, h2ceil, std::ceil(x)) \
  EIK_HALF_FUNCTION(T, T2, hfloor, h2floor, std::floor(x)) \
  EIK_HALF_FUNCTION(T, T2, hrint, h2rint, std::nearbyint(x)) \
  EIK_HALF_FUNCTION(T, T2, hsqrt, h2sqrt, std::sqrt(x)) \
  EIK_HALF_FUNCTION(T, T2, hrsqrt, h2rsqrt, 1.0f / std::sqrt(x)) \
  EIK_HALF_FUNCTION(T, T2, hrcp, h2rcp, 1.0f / x) \
  EIK_HALF_FUNCTION(T, T2, hlog, h2log, std::log(x)) \
  EIK_HALF_FUNCTION(T, T2, hlog2, h2log2, std::log2(x)) \
  EIK_HALF_FUNCTION(T, T2, hlog10, h2log10, std::log10(x)) \
  EIK_HALF_FUNCTION(T, T2, hexp, h2exp, std::exp(x)) \
  EIK_HALF_FUNCTION(T, T2, hexp2, h2exp2, std::exp2(x)) \
  EIK_HALF_FUNCTION(T, T2, hexp10, h2exp10, std::pow(10.0f, x)) \
  EIK_HALF_FUNCTION(T, T2, hcos, h2cos, std::cos(x)) \
  EIK_HALF_FUNCTION(T, T2, hsin, h2sin, std::sin(x)) \
  EIK_HALF_FUNCTION(T, T2, htanh, h2tanh, std::tanh(x)) \
  EIK_HALF_FUNCTION(T, T2, htanh_approx, h2tanh_approx, std::tanh(x))
EIK_HALF_FUNCTIONS(__half, __half2)
EIK_HALF_FUNCTIONS(__nv_bfloat16, __nv_bfloat162)
#undef EIK_HALF_FUNCTIONS
#undef EIK_HALF_FUNCTION

#define EIK_HALF_TO_INTEGER(T, from, to, I) \
  inline I __##from##2##to##_rn(T h) { return emulator::to_integer<I>(std::nearbyint(emulator::widen(h))); } \
  inline I __##from##2##to##_rd(T h) { return emulator::to_integer<I>(std::floor(emulator::widen(h))); } \
  inline I __##from##2##to##_ru(T h) { return emulator::to_integer<I>(std::ceil(emulator::widen(h))); }
EIK_HALF_TO_INTEGER(__half, half, int, int)
EIK_HALF_TO_INTEGER(__half, half, uint, unsigned)
EIK_HALF_TO_INTEGER(__half, half, short, short)
EIK_HALF_TO_INTEGER(__half, half, ushort, unsigned short)
EIK_HALF_TO_INTEGER(__half, half, ll, long long)
EIK_HALF_TO_INTEGER(__half, half, ull, unsigned long long)
EIK_HALF_TO_INTEGER(__nv_bfloat16, bfloat16, int, int)
EIK_HALF_TO_INTEGER(__nv_bfloat16, bfloat16, uint, unsigned)
EIK_HALF_TO_INTEGER(__nv_bfloat16, bfloat16, short, short)
EIK_HALF_TO_INTEGER(__nv_bfloat16, bfloat16, ushort, unsigned short)
EIK_HALF_TO_INTEGER(__nv_bfloat16, bfloat16, ll, long long)
EIK_HALF_TO_INTEGER(__nv_bfloat16, bfloat16, ull, unsigned long long)
#undef EIK_HALF_TO_INTEGER
