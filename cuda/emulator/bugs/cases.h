// A case is a small correct kernel, its check, and the bugs that can be planted in it by number. A bug says which builds must
// find it, by what sign, and whether with every seed or with some.
#pragma once
#include <vector>

// How a run with the bug must look in a build. Seeds: in how many of the runner's seeds it must be found.
struct Found {
  const char* sign;  // a part of what the run prints; NULL: nothing is asked of this build
  enum Seeds { kAll, kSome } seeds = kAll;
};

struct Bug {
  const char* name;
  Found plain, address, thread;
};

struct Case {
  const char* name;
  bool (*run)(int bug);  // 0: as it should be; i: with bugs[i - 1]. False: wrong results
  std::vector<Bug> bugs;
};

// Signs.
constexpr const char* kWrong = "wrong results";
constexpr const char* kRace = "ThreadSanitizer: data race";
constexpr const char* kBeyond = "AddressSanitizer: ";
constexpr const char* kPoisoned = "AddressSanitizer: use-after-poison";

std::vector<Case> barrier_cases();
std::vector<Case> memory_cases();
std::vector<Case> atomic_cases();
std::vector<Case> collective_cases();
std::vector<Case> tensor_cases();
std::vector<Case> copy_cases();
