#include "memory_spaces.h"

#include <sys/mman.h>

#include <cstring>

#include "execution.h"
#include "sanitizers.h"
#include "symbols.h"

namespace emulator {
namespace {

struct Range {
  char* begin;
  size_t bytes;
  bool has(const char* address) const { return address >= begin && address < begin + bytes; }
};

// ---- static --------------------------------------------------------------------------------------------------------------

// ".noinit", and one section each for variables of templates and inline functions with external linkage.
struct StaticShared {
  static constexpr int kMost = 1024;
  Range section[kMost];
  int sections = 0;

  StaticShared() {
    const bool read = for_each_section(
        [](void* self, const char* name, void* begin, size_t bytes) {
          auto& s = *static_cast<StaticShared*>(self);
          if (strncmp(name, ".noinit", 7)) return;
          if (s.sections == kMost) fail("more sections of static shared memory than the emulator keeps");
          Range* last = s.sections ? &s.section[s.sections - 1] : nullptr;
          auto* const b = static_cast<char*>(begin);
          if (last && b >= last->begin + last->bytes && b < last->begin + last->bytes + 64) {  // no more than padding between
            last->bytes = static_cast<size_t>(b + bytes - last->begin);
          } else {
            s.section[s.sections++] = {b, bytes};
          }
        },
        this);
    if (!read) fail("the file that the emulator is in cannot be read");
  }
};

const StaticShared& static_shared() {
  static const StaticShared s;
  return s;
}

// ---- dynamic -------------------------------------------------------------------------------------------------------------

// It ends exactly where a launch says; it is aligned to 128 bytes and to no more.
constexpr size_t kDynamic = 256 << 10, kMargin = 4096;
Range dynamic = {nullptr, 0};

// Not memset, which the sanitizers intercept: between static variables lie red zones.
void renew(const Range& range) {
  void* memory = range.begin;
  size_t bytes = range.bytes;
  __asm__ volatile("rep stosb" : "+D"(memory), "+c"(bytes) : "a"(kPoison) : "memory");
  forget(range.begin, range.bytes);
}

}  // namespace

void size_dynamic(size_t bytes) {
  if (!dynamic.begin) {
    void* memory = mmap(nullptr, kDynamic + 2 * kMargin, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (memory == MAP_FAILED) fail("no memory for dynamic shared memory");
    dynamic.begin = static_cast<char*>(memory) + kMargin + 128;
    forbid(dynamic.begin - kMargin, kDynamic + kMargin);
  }
  forbid(dynamic.begin, dynamic.bytes);
  allow(dynamic.begin, bytes);
  dynamic.bytes = bytes;
}

void renew_shared() {
  const StaticShared& s = static_shared();
  for (int i = 0; i < s.sections; ++i) renew(s.section[i]);
  renew(dynamic);
}

void* dynamic_shared() { return dynamic.begin; }

bool is_shared(const void* address) {
  const char* a = static_cast<const char*>(address);
  if (dynamic.has(a)) return true;
  const StaticShared& s = static_shared();
  for (int i = 0; i < s.sections; ++i) {
    if (s.section[i].has(a)) return true;
  }
  return false;
}

}  // namespace emulator
