// Checks of the emulator's own tests: count and tell, go on.
#pragma once
#include <cmath>
#include <cstdio>

inline int failures = 0;

#define EXPECT(condition) \
  do { \
    if (!(condition)) { \
      ++failures; \
      printf("%s:%d: not so: %s\n", __FILE__, __LINE__, #condition); \
    } \
  } while (0)

inline bool near(double got, double want, double relative) {
  return std::fabs(got - want) <= relative * std::fmax(std::fabs(want), 1e-6);
}
