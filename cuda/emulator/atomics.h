// Atomic operations. Under the thread sanitizer they are the host's own, relaxed, so that it tells them from plain accesses.
// Elsewhere a plain read and write are as atomic: threads take turns only where the scheduler is called.
#pragma once
#include <cuda_bf16.h>
#include <cuda_fp16.h>

#include <cstdint>
#include <cstring>

#include "execution.h"

namespace emulator {

template <size_t bytes>
struct WordOf;
template <>
struct WordOf<2> {
  typedef uint16_t __attribute__((may_alias)) type;
};
template <>
struct WordOf<4> {
  typedef uint32_t __attribute__((may_alias)) type;
};
template <>
struct WordOf<8> {
  typedef uint64_t __attribute__((may_alias)) type;
};

// *address = change(*address); answers what was there.
template <class T, class Change>
T exchange(T* address, Change change) {
  using Word = typename WordOf<sizeof(T)>::type;
  check_aligned(address, sizeof(T), "misaligned atomic");
  atomic_access(address);
  Word* const word = reinterpret_cast<Word*>(address);
#if defined(__SANITIZE_THREAD__)
  Word old = __atomic_load_n(word, __ATOMIC_RELAXED), next;
  T before;
  do {
    memcpy(static_cast<void*>(&before), &old, sizeof before);
    const T after = change(before);
    memcpy(&next, &after, sizeof after);
  } while (!__atomic_compare_exchange_n(word, &old, next, false, __ATOMIC_RELAXED, __ATOMIC_RELAXED));
#else
  Word old = *word, next;
  T before;
  memcpy(static_cast<void*>(&before), &old, sizeof before);
  const T after = change(before);
  memcpy(&next, &after, sizeof after);
  *word = next;
#endif
  return before;
}

}  // namespace emulator

#define EIK_ATOMIC(name, T, after) \
  inline T name(T* address, T value) { \
    return emulator::exchange(address, [value](T old) -> T { return after; }); \
  }
EIK_ATOMIC(atomicAdd, int, static_cast<int>(static_cast<unsigned>(old) + static_cast<unsigned>(value)))
EIK_ATOMIC(atomicAdd, unsigned, old + value)
EIK_ATOMIC(atomicAdd, unsigned long long, old + value)
EIK_ATOMIC(atomicAdd, float, old + value)
EIK_ATOMIC(atomicAdd, double, old + value)
EIK_ATOMIC(atomicAdd, __half, __hadd(old, value))
EIK_ATOMIC(atomicAdd, __half2, __hadd2(old, value))
EIK_ATOMIC(atomicAdd, __nv_bfloat16, __hadd(old, value))
EIK_ATOMIC(atomicAdd, __nv_bfloat162, __hadd2(old, value))
EIK_ATOMIC(atomicSub, int, static_cast<int>(static_cast<unsigned>(old) - static_cast<unsigned>(value)))
EIK_ATOMIC(atomicSub, unsigned, old - value)
EIK_ATOMIC(atomicExch, float, ((void)old, value))
EIK_ATOMIC(atomicInc, unsigned, old >= value ? 0 : old + 1)
EIK_ATOMIC(atomicDec, unsigned, old == 0 || old > value ? value : old - 1)
#define EIK_ATOMICS(T) \
  EIK_ATOMIC(atomicExch, T, ((void)old, value)) \
  EIK_ATOMIC(atomicMin, T, old < value ? old : value) \
  EIK_ATOMIC(atomicMax, T, old > value ? old : value) \
  EIK_ATOMIC(atomicAnd, T, old & value) \
  EIK_ATOMIC(atomicOr, T, old | value) \
  EIK_ATOMIC(atomicXor, T, old ^ value)
EIK_ATOMICS(int)
EIK_ATOMICS(unsigned)
EIK_ATOMICS(unsigned long long)
#undef EIK_ATOMICS
#undef EIK_ATOMIC
// The elements of a vector are atomic each, not together.
inline float2 atomicAdd(float2* address, float2 value) {
  emulator::check_aligned(address, sizeof(float2), "misaligned atomic");
  return {atomicAdd(&address->x, value.x), atomicAdd(&address->y, value.y)};
}
inline float4 atomicAdd(float4* address, float4 value) {
  emulator::check_aligned(address, sizeof(float4), "misaligned atomic");
  return {atomicAdd(&address->x, value.x), atomicAdd(&address->y, value.y), atomicAdd(&address->z, value.z),
          atomicAdd(&address->w, value.w)};
}
#define EIK_ATOMIC_CAS(T) \
  inline T atomicCAS(T* address, T expected, T value) { \
    return emulator::exchange(address, [=](T old) -> T { return old == expected ? value : old; }); \
  }
EIK_ATOMIC_CAS(unsigned short)
EIK_ATOMIC_CAS(int)
EIK_ATOMIC_CAS(unsigned)
EIK_ATOMIC_CAS(unsigned long long)
#undef EIK_ATOMIC_CAS
