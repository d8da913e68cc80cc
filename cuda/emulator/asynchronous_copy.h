// cp.async at its latest: a copy arrives when its group is waited for, and until then its destination holds poison. The
// source is read twice, when the copy starts and when it arrives, by code that the sanitizers see: a change in between is
// an error, and a race is a race of either moment.
#pragma once
#include <cstring>

#include "execution.h"

namespace emulator {

struct Copy {
  unsigned char* destination;
  const unsigned char* source;
  int bytes, bytes_there;
  unsigned group;
  unsigned char content[16];  // of the source when the copy started, then zeros
};

void check_copy(const void* destination, const void* source, int bytes, int bytes_there);
void add_copy(const Copy& copy);
// Takes the oldest copy that must have arrived; false: there is none. By value: the list's memory is not the kernel's to see.
bool next_arrival(unsigned groups_left, Copy& copy);
[[noreturn]] void copy_failed(const char* what, const Copy& copy);
void copy_async_commit();

template <int Bytes>
struct alignas(Bytes) CopyWord {
  unsigned char byte[Bytes];
};

template <int Bytes>
void copy_async(void* destination, const void* source, int bytes_there) {
  check_copy(destination, source, Bytes, bytes_there);
  Copy copy{static_cast<unsigned char*>(destination), static_cast<const unsigned char*>(source), Bytes, bytes_there, 0, {}};
  if (bytes_there == Bytes) {
    const CopyWord<Bytes> word = *static_cast<const CopyWord<Bytes>*>(source);
    memcpy(copy.content, &word, Bytes);
  } else {
    for (int i = 0; i < bytes_there; ++i) copy.content[i] = copy.source[i];
  }
  CopyWord<Bytes> poison;
  memset(&poison, kPoison, Bytes);
  *static_cast<CopyWord<Bytes>*>(destination) = poison;
  add_copy(copy);
}

inline void copy_async_wait(unsigned groups_left) {
  Copy copy;
  while (next_arrival(groups_left, copy)) {
    for (int i = 0; i < copy.bytes_there; ++i) {
      if (copy.source[i] != copy.content[i]) copy_failed("its source changed before it arrived", copy);
    }
    for (int i = 0; i < copy.bytes; ++i) {
      if (copy.destination[i] != kPoison) copy_failed("its destination was written before it arrived", copy);
      copy.destination[i] = copy.content[i];
    }
  }
}

}  // namespace emulator
