// Warp collectives: shuffles, votes, matches, reductions. A lane's request waits until all lanes of its mask that have not
// ended are there; collectives.cpp then computes the results of all. Only __syncwarp orders memory.
#pragma once
#include <cuda_bf16.h>
#include <cuda_fp16.h>

#include <cstdint>
#include <cstring>
#include <type_traits>

#include "execution.h"

namespace emulator {

unsigned lane();
unsigned active_mask();
void sync_warp(unsigned mask, Place place);
uint64_t shuffle(unsigned mask, uint64_t value, unsigned source, Place place);
unsigned ballot(unsigned mask, int predicate, Place place);
unsigned match_any(unsigned mask, uint64_t value, Place place);
enum Reduction { kAdd, kMin, kMax, kMinSigned, kMaxSigned, kBitAnd, kBitOr, kBitXor };
unsigned reduce(unsigned mask, unsigned value, Reduction reduction, Place place);

template <class T>
T shuffle_value(unsigned mask, T value, unsigned source, Place place) {
  static_assert(std::is_arithmetic_v<T> || std::is_same_v<T, __half> || std::is_same_v<T, __half2> ||
                    std::is_same_v<T, __nv_bfloat16> || std::is_same_v<T, __nv_bfloat162>,
                "shuffles take numbers of at most 64 bits");
  uint64_t bits = 0;
  memcpy(&bits, &value, sizeof value);
  bits = shuffle(mask, bits, source, place);
  memcpy(static_cast<void*>(&value), &bits, sizeof value);
  return value;
}

// The first and the last lane of this lane's segment.
inline int first_lane(int width) { return static_cast<int>(lane()) & ~(width - 1); }
inline int last_lane(int width) { return static_cast<int>(lane()) | (width - 1); }

}  // namespace emulator

inline void __syncwarp(unsigned mask = ~0u, emulator::Place place = emulator::Place::here()) {
  emulator::sync_warp(mask, place);
}
inline unsigned __activemask() { return emulator::active_mask(); }

template <class T>
T __shfl_sync(unsigned mask, T value, int source, int width = 32, emulator::Place place = emulator::Place::here()) {
  return emulator::shuffle_value(mask, value, emulator::first_lane(width) | (source & (width - 1)), place);
}
template <class T>
T __shfl_up_sync(unsigned mask, T value, unsigned delta, int width = 32, emulator::Place place = emulator::Place::here()) {
  const int source = static_cast<int>(emulator::lane()) - static_cast<int>(delta);
  return emulator::shuffle_value(mask, value, source < emulator::first_lane(width) ? emulator::lane() : source, place);
}
template <class T>
T __shfl_down_sync(unsigned mask, T value, unsigned delta, int width = 32,
                   emulator::Place place = emulator::Place::here()) {
  const int source = static_cast<int>(emulator::lane() + delta);
  return emulator::shuffle_value(mask, value, source > emulator::last_lane(width) ? emulator::lane() : source, place);
}
template <class T>
T __shfl_xor_sync(unsigned mask, T value, int lanes, int width = 32, emulator::Place place = emulator::Place::here()) {
  const int source = static_cast<int>(emulator::lane()) ^ lanes;
  return emulator::shuffle_value(mask, value, source > emulator::last_lane(width) ? emulator::lane() : source, place);
}

inline unsigned __ballot_sync(unsigned mask, int predicate, emulator::Place place = emulator::Place::here()) {
  return emulator::ballot(mask, predicate, place);
}
inline int __any_sync(unsigned mask, int predicate, emulator::Place place = emulator::Place::here()) {
  return emulator::ballot(mask, predicate, place) != 0;
}
inline int __all_sync(unsigned mask, int predicate, emulator::Place place = emulator::Place::here()) {
  return emulator::ballot(mask, !predicate, place) == 0;
}

template <class T>
unsigned __match_any_sync(unsigned mask, T value, emulator::Place place = emulator::Place::here()) {
  static_assert(std::is_arithmetic_v<T> && (sizeof(T) == 4 || sizeof(T) == 8), "matches take 32 or 64 bits");
  uint64_t bits = 0;
  memcpy(&bits, &value, sizeof value);
  return emulator::match_any(mask, bits, place);
}

inline unsigned __reduce_add_sync(unsigned mask, unsigned value, emulator::Place place = emulator::Place::here()) {
  return emulator::reduce(mask, value, emulator::kAdd, place);
}
inline unsigned __reduce_min_sync(unsigned mask, unsigned value, emulator::Place place = emulator::Place::here()) {
  return emulator::reduce(mask, value, emulator::kMin, place);
}
inline unsigned __reduce_max_sync(unsigned mask, unsigned value, emulator::Place place = emulator::Place::here()) {
  return emulator::reduce(mask, value, emulator::kMax, place);
}
inline int __reduce_add_sync(unsigned mask, int value, emulator::Place place = emulator::Place::here()) {
  return static_cast<int>(emulator::reduce(mask, static_cast<unsigned>(value), emulator::kAdd, place));
}
inline int __reduce_min_sync(unsigned mask, int value, emulator::Place place = emulator::Place::here()) {
  return static_cast<int>(emulator::reduce(mask, static_cast<unsigned>(value), emulator::kMinSigned, place));
}
inline int __reduce_max_sync(unsigned mask, int value, emulator::Place place = emulator::Place::here()) {
  return static_cast<int>(emulator::reduce(mask, static_cast<unsigned>(value), emulator::kMaxSigned, place));
}
inline unsigned __reduce_and_sync(unsigned mask, unsigned value, emulator::Place place = emulator::Place::here()) {
  return emulator::reduce(mask, value, emulator::kBitAnd, place);
}
inline unsigned __reduce_or_sync(unsigned mask, unsigned value, emulator::Place place = emulator::Place::here()) {
  return emulator::reduce(mask, value, emulator::kBitOr, place);
}
inline unsigned __reduce_xor_sync(unsigned mask, unsigned value, emulator::Place place = emulator::Place::here()) {
  return emulator::reduce(mask, value, emulator::kBitXor, place);
}
