// Runs the threads of one block, one at a time, on fibers; decides whose turn it is; holds them at barriers and warp
// collectives and checks that those who wait for each other wait for the same.
#pragma once
#include <cstdint>

#include "asynchronous_copy.h"
#include "context.h"
#include "execution.h"
#include "random.h"
#include "sanitizers.h"

namespace emulator {

constexpr unsigned kWarp = 32, kMaxThreads = 1024, kMaxWarps = kMaxThreads / kWarp;

struct Fiber {
  Context context;
  Fiber* next_free;
};

// Copies that a thread started and has not waited for; a group is what it had started when it committed.
struct Copies {
  Copy* copy;
  unsigned capacity, first, end;
  unsigned group;  // the one that copies join now
};

// What the lanes of a warp do together. run gets the argument of each lane that takes part, NULL for others.
struct Collective {
  const char* name;
  void (*run)(void* const* arguments);
  bool needs_all_lanes, orders_memory;
};

// What a thread's fences order: its atomic accesses since the last one.
struct Fences {
  static constexpr unsigned kKept = 16;
  bool any;
  unsigned accesses;
  void* address[kKept];
};

struct Thread {
  uint3 index;
  unsigned number;  // in its block
  Fiber* fiber;     // NULL before it starts
  const Collective* waits_in;  // NULL: in a barrier
  void* argument;
  unsigned mask;
  Place place;
  Copies copies;
  Fences fences;
  unsigned lane() const { return number % kWarp; }
  unsigned warp() const { return number / kWarp; }
};

extern Thread* current;  // the thread that runs, NULL outside of launches

struct Schedule {
  enum Kind { kAscending, kDescending, kRandom, kGreedy } kind;
  Random random;
};

// Runs all threads of a block; answers when all have ended.
void run_block(unsigned threads, dim3 extent, Body body, const void* call, const Schedule& schedule);

// Waits until all lanes of the mask that have not ended are in the same collective, which one of them runs.
void meet(const Collective& collective, unsigned mask, void* argument, Place place);

// Now and then lets another thread have its turn: called before every atomic access, on which a thread may spin.
void let_others_run();

// Orders a whole launch against its caller. Begin and end are separate objects: with one, a thread that starts late
// would be ordered after those that have ended already, which would hide races between them.
extern Order launch_begin, launch_end;

}  // namespace emulator
