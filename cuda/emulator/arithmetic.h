// Arithmetic that NVIDIA's headers leave to the device compiler: bits, conversions, roundings, fast approximations. The
// approximations are the host's accurate functions: the device's errors are not emulated.
#pragma once
#include <cmath>
#include <cstdint>
#include <cstring>
#include <type_traits>

// ---- bits ------------------------------------------------------------------------------------------------------------

namespace emulator {
template <class To, class From>
To bits_as(From from) {
  static_assert(sizeof(To) == sizeof(From));
  To to;
  memcpy(&to, &from, sizeof to);
  return to;
}
}  // namespace emulator

inline float __uint_as_float(unsigned x) { return emulator::bits_as<float>(x); }
inline float __int_as_float(int x) { return emulator::bits_as<float>(x); }
inline unsigned __float_as_uint(float x) { return emulator::bits_as<unsigned>(x); }
inline int __float_as_int(float x) { return emulator::bits_as<int>(x); }
inline long long __double_as_longlong(double x) { return emulator::bits_as<long long>(x); }
inline double __longlong_as_double(long long x) { return emulator::bits_as<double>(x); }

inline int __popc(unsigned x) { return __builtin_popcount(x); }
inline int __popcll(unsigned long long x) { return __builtin_popcountll(x); }
inline int __ffs(int x) { return __builtin_ffs(x); }
inline int __ffsll(long long x) { return __builtin_ffsll(x); }
inline int __clz(int x) { return x ? __builtin_clz(static_cast<unsigned>(x)) : 32; }
inline int __clzll(long long x) { return x ? __builtin_clzll(static_cast<unsigned long long>(x)) : 64; }
inline unsigned __brev(unsigned x) {
  x = (x >> 1 & 0x55555555u) | (x & 0x55555555u) << 1;
  x = (x >> 2 & 0x33333333u) | (x & 0x33333333u) << 2;
  x = (x >> 4 & 0x0f0f0f0fu) | (x & 0x0f0f0f0fu) << 4;
  return __builtin_bswap32(x);
}
inline unsigned long long __brevll(unsigned long long x) {
  return static_cast<unsigned long long>(__brev(static_cast<unsigned>(x))) << 32 | __brev(static_cast<unsigned>(x >> 32));
}
inline unsigned __byte_perm(unsigned x, unsigned y, unsigned selector) {
  const uint64_t bytes = static_cast<uint64_t>(y) << 32 | x;
  unsigned result = 0;
  for (int i = 0; i < 4; ++i) {
    const unsigned s = selector >> 4 * i;
    const unsigned byte = bytes >> 8 * (s & 7) & 0xff;
    result |= (s & 8 ? (byte & 0x80 ? 0xffu : 0u) : byte) << 8 * i;
  }
  return result;
}
inline unsigned __funnelshift_l(unsigned low, unsigned high, unsigned shift) {
  return static_cast<unsigned>((static_cast<uint64_t>(high) << 32 | low) << (shift & 31) >> 32);
}
inline unsigned __funnelshift_r(unsigned low, unsigned high, unsigned shift) {
  return static_cast<unsigned>((static_cast<uint64_t>(high) << 32 | low) >> (shift & 31));
}
inline unsigned __umulhi(unsigned a, unsigned b) { return static_cast<unsigned>(static_cast<uint64_t>(a) * b >> 32); }
inline int __mulhi(int a, int b) { return static_cast<int>(static_cast<int64_t>(a) * b >> 32); }
inline unsigned long long __umul64hi(unsigned long long a, unsigned long long b) {
  return static_cast<unsigned long long>(static_cast<unsigned __int128>(a) * b >> 64);
}

// ---- conversions -----------------------------------------------------------------------------------------------------

namespace emulator {
// The device clamps to the type's range and turns NaN into 0.
template <class I, class F>
I to_integer(F x) {
  constexpr I low = std::is_signed_v<I> ? static_cast<I>(I(1) << (8 * sizeof(I) - 1)) : I(0), high = static_cast<I>(~low);
  if (!(x == x)) return 0;
  if (x <= static_cast<F>(low)) return low;
  if (x >= static_cast<F>(high)) return high;
  return static_cast<I>(x);
}
}  // namespace emulator

#define EIK_TO_INTEGER(name, I, F) \
  inline I name##_rn(F x) { return emulator::to_integer<I>(std::nearbyint(x)); } \
  inline I name##_rz(F x) { return emulator::to_integer<I>(std::trunc(x)); } \
  inline I name##_rd(F x) { return emulator::to_integer<I>(std::floor(x)); } \
  inline I name##_ru(F x) { return emulator::to_integer<I>(std::ceil(x)); }
EIK_TO_INTEGER(__float2int, int, float)
EIK_TO_INTEGER(__float2uint, unsigned, float)
EIK_TO_INTEGER(__float2ll, long long, float)
EIK_TO_INTEGER(__float2ull, unsigned long long, float)
EIK_TO_INTEGER(__double2int, int, double)
EIK_TO_INTEGER(__double2uint, unsigned, double)
EIK_TO_INTEGER(__double2ll, long long, double)
EIK_TO_INTEGER(__double2ull, unsigned long long, double)
#undef EIK_TO_INTEGER
inline float __int2float_rn(int x) { return static_cast<float>(x); }
inline float __uint2float_rn(unsigned x) { return static_cast<float>(x); }
inline float __ll2float_rn(long long x) { return static_cast<float>(x); }
inline float __ull2float_rn(unsigned long long x) { return static_cast<float>(x); }
inline float __double2float_rn(double x) { return static_cast<float>(x); }
inline double __int2double_rn(int x) { return x; }
inline double __uint2double_rn(unsigned x) { return x; }
inline double __ll2double_rn(long long x) { return static_cast<double>(x); }

// ---- operations that the device compiler must not contract -------------------------------------------------------------

#define EIK_UNCONTRACTED __attribute__((noinline, unused)) static
EIK_UNCONTRACTED float __fadd_rn(float a, float b) { return a + b; }
EIK_UNCONTRACTED float __fsub_rn(float a, float b) { return a - b; }
EIK_UNCONTRACTED float __fmul_rn(float a, float b) { return a * b; }
EIK_UNCONTRACTED double __dadd_rn(double a, double b) { return a + b; }
EIK_UNCONTRACTED double __dsub_rn(double a, double b) { return a - b; }
EIK_UNCONTRACTED double __dmul_rn(double a, double b) { return a * b; }
#undef EIK_UNCONTRACTED
inline float __fdiv_rn(float a, float b) { return a / b; }
inline float __frcp_rn(float x) { return 1.0f / x; }
inline float __fsqrt_rn(float x) { return std::sqrt(x); }
inline float __frsqrt_rn(float x) { return static_cast<float>(1.0 / std::sqrt(static_cast<double>(x))); }
inline float __fmaf_rn(float a, float b, float c) { return std::fma(a, b, c); }
inline double __fma_rn(double a, double b, double c) { return std::fma(a, b, c); }

// ---- functions of the device's own -------------------------------------------------------------------------------------

inline float __saturatef(float x) { return !(x > 0.0f) ? 0.0f : x > 1.0f ? 1.0f : x; }
inline float __fdividef(float a, float b) { return a / b; }
inline float rsqrtf(float x) { return 1.0f / std::sqrt(x); }
inline double rsqrt(double x) { return 1.0 / std::sqrt(x); }
inline float sinpif(float x) { return static_cast<float>(std::sin(std::remainder(static_cast<double>(x), 2.0) * M_PI)); }
inline float cospif(float x) { return static_cast<float>(std::cos(std::remainder(static_cast<double>(x), 2.0) * M_PI)); }
inline void sincospif(float x, float* sine, float* cosine) {
  *sine = sinpif(x);
  *cosine = cospif(x);
}
inline float norm3df(float x, float y, float z) { return std::sqrt(x * x + y * y + z * z); }
inline float rnorm3df(float x, float y, float z) { return 1.0f / norm3df(x, y, z); }

// glibc declares some of these names, with C linkage, for itself; as macros they cannot meet its symbols.
namespace emulator {
inline void fast_sincosf(float x, float* sine, float* cosine) {
  *sine = std::sin(x);
  *cosine = std::cos(x);
}
}  // namespace emulator
#define __expf(x) std::exp(static_cast<float>(x))
#define __exp10f(x) std::pow(10.0f, static_cast<float>(x))
#define __logf(x) std::log(static_cast<float>(x))
#define __log2f(x) std::log2(static_cast<float>(x))
#define __log10f(x) std::log10(static_cast<float>(x))
#define __sinf(x) std::sin(static_cast<float>(x))
#define __cosf(x) std::cos(static_cast<float>(x))
#define __tanf(x) std::tan(static_cast<float>(x))
#define __tanhf(x) std::tanh(static_cast<float>(x))
#define __powf(x, y) std::pow(static_cast<float>(x), static_cast<float>(y))
#define __sincosf(x, sine, cosine) emulator::fast_sincosf(x, sine, cosine)

// CUDA's are global and take mixed types.
template <class A, class B>
constexpr std::enable_if_t<std::is_arithmetic_v<A> && std::is_arithmetic_v<B>, std::common_type_t<A, B>> min(A a, B b) {
  using T = std::common_type_t<A, B>;
  return static_cast<T>(b) < static_cast<T>(a) || a != a ? static_cast<T>(b) : static_cast<T>(a);
}
template <class A, class B>
constexpr std::enable_if_t<std::is_arithmetic_v<A> && std::is_arithmetic_v<B>, std::common_type_t<A, B>> max(A a, B b) {
  using T = std::common_type_t<A, B>;
  return static_cast<T>(a) < static_cast<T>(b) || a != a ? static_cast<T>(b) : static_cast<T>(a);
}

// ---- loads and stores with a cache hint: plain ones --------------------------------------------------------------------

#define EIK_LOAD(name) \
  template <class T> \
  T name(const T* address) { \
    return *address; \
  }
EIK_LOAD(__ldg) EIK_LOAD(__ldcg) EIK_LOAD(__ldca) EIK_LOAD(__ldcs) EIK_LOAD(__ldlu) EIK_LOAD(__ldcv)
#undef EIK_LOAD
#define EIK_STORE(name) \
  template <class T> \
  void name(T* address, std::enable_if_t<true, T> value) { \
    *address = value; \
  }
EIK_STORE(__stwb) EIK_STORE(__stcg) EIK_STORE(__stcs) EIK_STORE(__stwt)
#undef EIK_STORE
