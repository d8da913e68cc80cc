#include "asynchronous_copy.h"

#include <cstdint>
#include <cstdio>
#include <cstdlib>

#include "memory_spaces.h"
#include "scheduler.h"

namespace emulator {

void copy_failed(const char* what, const Copy& copy) {
  fprintf(stderr, "emulator: asynchronous copy of %d bytes from %p to %p: %s\n", copy.bytes,
          static_cast<const void*>(copy.source), static_cast<const void*>(copy.destination), what);
  fail("an asynchronous copy went wrong");
}

void check_copy(const void* destination, const void* source, int bytes, int bytes_there) {
  if (bytes_there < 0 || bytes_there > bytes) fail("asynchronous copy: more bytes there than it copies");
  check_aligned(destination, static_cast<size_t>(bytes), "asynchronous copy: misaligned destination");
  check_aligned(source, static_cast<size_t>(bytes), "asynchronous copy: misaligned source");
  if (!is_shared(destination)) fail("asynchronous copy: the destination is not in shared memory");
  if (is_shared(source)) fail("asynchronous copy: the source is in shared memory");
}

void add_copy(const Copy& copy) {
  Copies& c = current->copies;
  if (c.end == c.capacity) {
    c.capacity = c.capacity ? 2 * c.capacity : 16;
    c.copy = static_cast<Copy*>(realloc(c.copy, c.capacity * sizeof(Copy)));
    if (!c.copy) fail("no memory for asynchronous copies");
  }
  c.copy[c.end] = copy;
  c.copy[c.end++].group = c.group;
}

void copy_async_commit() { ++current->copies.group; }

bool next_arrival(unsigned groups_left, Copy& copy) {
  Copies& c = current->copies;
  // Groups 0 .. group-1 are committed; all of them but the newest groups_left must have arrived.
  if (c.first == c.end || c.copy[c.first].group + groups_left >= c.group) {
    if (c.first == c.end) c.first = c.end = 0;
    return false;
  }
  copy = c.copy[c.first++];
  return true;
}

}  // namespace emulator
