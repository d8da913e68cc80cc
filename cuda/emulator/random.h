// The scheduler's random numbers (Steele, Lea and Flood's SplitMix64): its own, so that no template of the standard library
// is shared with instrumented code.
#pragma once
#include <cstdint>

namespace emulator {

class Random {
 public:
  explicit Random(uint64_t seed = 0) : state_(seed) {}
  uint32_t operator()() {
    uint64_t z = state_ += 0x9e3779b97f4a7c15u;
    z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9u;
    z = (z ^ z >> 27) * 0x94d049bb133111ebu;
    return static_cast<uint32_t>((z ^ z >> 31) >> 16);
  }
  uint32_t below(uint32_t n) { return static_cast<uint32_t>(static_cast<uint64_t>((*this)()) * n >> 32); }

 private:
  uint64_t state_;
};

}  // namespace emulator
