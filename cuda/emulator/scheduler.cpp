#include "scheduler.h"

#include <cstdio>
#include <cstdlib>
#include <cstring>

// threadIdx as the scheduler sees it.
uint3 thread_index __asm__("eik_emulator_threadIdx") __attribute__((visibility("hidden")));

namespace emulator {

Thread* current = nullptr;
Order launch_begin, launch_end;

namespace {

// __syncwarp's order of memory, per mask: disjoint masks do not order each other. Two objects in turn, so that a lane that
// is one __syncwarp ahead is not ordered before those that still leave the last one.
struct MaskOrder {
  unsigned mask;
  unsigned generation;
  Order order[2];
};
constexpr unsigned kMasks = 16;

struct Warp {
  uint32_t runnable, live, waiting;  // lanes
  unsigned masks;
  MaskOrder order[kMasks];
};

struct Block {
  unsigned threads, ended;
  uint32_t warps;  // those with runnable lanes
  Body body;
  const void* call;
  Schedule schedule;
  unsigned last_warp;
  unsigned atomics_left;  // until one of them lets another thread run

  // The barrier. Two generations in turn: a thread may be in the next one while others still leave the last.
  unsigned arrived, generation;
  Place barrier_place;
  unsigned present[2], votes[2];
  Order order[2];
};

// Atomic accesses between changes of thread, except in random schedules: keeps those alive that spin on a lock.
constexpr unsigned kRarely = 4096;

Thread threads[kMaxThreads];
Warp warps[kMaxWarps];
Block block;
Fiber launching;               // the caller's own stack
Fiber* running = &launching;
Fiber* free_fibers = nullptr;

bool same(Place a, Place b) { return a.line == b.line && (a.file == b.file || !strcmp(a.file, b.file)); }

// ---- whose turn it is --------------------------------------------------------------------------------------------------

void wake(unsigned warp, uint32_t lanes) {
  warps[warp].runnable |= lanes;
  block.warps |= 1u << warp;
}

// The first bit set at or after a random position, cyclically.
unsigned random_bit(uint32_t bits, Random& random) {
  const unsigned r = random() & 31;
  const uint32_t rotated = bits >> r | bits << (-r & 31);
  return (static_cast<unsigned>(__builtin_ctz(rotated)) + r) & 31;
}

[[noreturn]] void deadlock() {
  fprintf(stderr, "emulator: deadlock; %u of %u threads have ended, the others wait:\n", block.ended, block.threads);
  bool told[kMaxThreads] = {};
  int lines = 0;
  for (unsigned i = 0; i < block.threads; ++i) {
    if (told[i] || !(warps[i / kWarp].live >> i % kWarp & 1)) continue;
    unsigned alike = 0;
    const Thread& t = threads[i];
    for (unsigned j = i; j < block.threads; ++j) {
      const Thread& o = threads[j];
      const bool alive = warps[j / kWarp].live >> j % kWarp & 1;
      if (!alive || o.waits_in != t.waits_in || !same(o.place, t.place)) continue;
      if (t.waits_in && (o.mask != t.mask || o.warp() != t.warp())) continue;
      told[j] = true;
      ++alike;
    }
    if (++lines > 16) continue;
    if (t.waits_in) {
      fprintf(stderr, "  %u lanes of warp %u in %s, mask %08x, at %s:%d\n", alike, t.warp(), t.waits_in->name, t.mask,
              t.place.file, t.place.line);
    } else {
      fprintf(stderr, "  %u threads in __syncthreads at %s:%d\n", alike, t.place.file, t.place.line);
    }
  }
  fail("deadlock: threads wait for others that never arrive");
}

// Takes the next thread off the runnable ones; NULL when all have ended.
Thread* pick() {
  if (!block.warps) {
    if (block.ended == block.threads) return nullptr;
    deadlock();
  }
  unsigned w = 0, l = 0;
  switch (block.schedule.kind) {
    case Schedule::kAscending:
      w = static_cast<unsigned>(__builtin_ctz(block.warps));
      l = static_cast<unsigned>(__builtin_ctz(warps[w].runnable));
      break;
    case Schedule::kDescending:
      w = 31 - static_cast<unsigned>(__builtin_clz(block.warps));
      l = 31 - static_cast<unsigned>(__builtin_clz(warps[w].runnable));
      break;
    case Schedule::kRandom:
      w = random_bit(block.warps, block.schedule.random);
      l = random_bit(warps[w].runnable, block.schedule.random);
      break;
    case Schedule::kGreedy:  // one warp runs as far ahead of the others as it can
      w = block.warps >> block.last_warp & 1 ? block.last_warp : random_bit(block.warps, block.schedule.random);
      l = random_bit(warps[w].runnable, block.schedule.random);
      break;
  }
  block.last_warp = w;
  Warp& warp = warps[w];
  warp.runnable &= ~(1u << l);
  if (!warp.runnable) block.warps &= ~(1u << w);
  return &threads[w * kWarp + l];
}

// ---- fibers ------------------------------------------------------------------------------------------------------------

void run_threads();

// A fiber for a thread that starts. Under the thread sanitizer a thread's fiber is its identity: thread n of every other
// block has the same one, so that neighbouring blocks are not ordered by chance. Elsewhere any fiber will do.
constexpr unsigned kSets = 2;
unsigned fiber_set = 0;

Fiber* fiber_for(const Thread& thread) {
  if constexpr (kThreadSanitizer) {
    static Fiber* fibers[kSets][kMaxThreads];
    Fiber*& fiber = fibers[fiber_set][thread.number];
    if (!fiber) {
      fiber = static_cast<Fiber*>(calloc(1, sizeof(Fiber)));
      make_context(fiber->context, run_threads);
    }
    return fiber;
  }
  if (!free_fibers) {
    free_fibers = static_cast<Fiber*>(calloc(1, sizeof(Fiber)));
    make_context(free_fibers->context, run_threads);
  }
  Fiber* fiber = free_fibers;
  free_fibers = fiber->next_free;
  return fiber;
}

void set_current(Thread* thread) {
  current = thread;
  thread_index = thread->index;
}

void switch_to(Thread* thread) {
  Fiber* from = running;
  if (!thread->fiber) thread->fiber = fiber_for(*thread);
  set_current(thread);
  running = thread->fiber;
  switch_context(from->context, running->context);
}

// The current thread waits, or lets others go first: returns when it is its turn again.
void suspend() {
  Thread* next = pick();
  if (next == current) return;
  if (!next) fail("no thread is left, yet one waits");
  switch_to(next);
}

// ---- the barrier -------------------------------------------------------------------------------------------------------

void open_barrier() {
  const unsigned g = block.generation++ & 1;
  block.present[g] = block.arrived;
  block.arrived = 0;
  block.votes[block.generation & 1] = 0;
  for (unsigned w = 0; w * kWarp < block.threads; ++w) {
    if (warps[w].live) wake(w, warps[w].live);
  }
}

// ---- warp collectives --------------------------------------------------------------------------------------------------

MaskOrder& order_of(Warp& warp, unsigned mask) {
  for (unsigned i = 0; i < warp.masks; ++i) {
    if (warp.order[i].mask == mask) return warp.order[i];
  }
  if (warp.masks == kMasks) fail("__syncwarp with more different masks than the emulator keeps");
  MaskOrder& fresh = warp.order[warp.masks++];
  fresh.mask = mask;
  return fresh;
}

// Runs the collective if all lanes that it needs are there.
bool complete(unsigned warp_number, unsigned mask) {
  Warp& warp = warps[warp_number];
  const uint32_t lanes = mask & warp.live;
  if (!lanes || (warp.waiting & lanes) != lanes) return false;
  Thread* const of_warp = threads + warp_number * kWarp;
  const Thread* first = nullptr;
  void* arguments[kWarp] = {};
  for (uint32_t left = lanes; left; left &= left - 1) {
    const unsigned lane = static_cast<unsigned>(__builtin_ctz(left));
    const Thread& t = of_warp[lane];
    if (t.mask != mask) return false;  // it waits for others, and may come here after that
    if (!first) first = &t;
    if (t.waits_in != first->waits_in || !same(t.place, first->place)) {
      fprintf(stderr, "emulator: lane %u is in %s at %s:%d, lane %u in %s at %s:%d\n", first->lane(),
              first->waits_in->name, first->place.file, first->place.line, lane, t.waits_in->name, t.place.file,
              t.place.line);
      fail("lanes of one mask are in different collectives", t.place);
    }
    arguments[lane] = t.argument;
  }
  if (first->waits_in->needs_all_lanes && lanes != ~0u) {
    fprintf(stderr, "emulator: %s with lanes %08x\n", first->waits_in->name, lanes);
    fail("a collective of all 32 lanes after some have ended, or in a block that does not fill its last warp", first->place);
  }
  if (first->waits_in->run) first->waits_in->run(arguments);
  if (kThreadSanitizer && first->waits_in->orders_memory) ++order_of(warp, mask).generation;
  warp.waiting &= ~lanes;
  wake(warp_number, lanes);
  return true;
}

// ---- threads -----------------------------------------------------------------------------------------------------------

void end_thread() {
  Thread& t = *current;
  if (t.copies.first != t.copies.end) {
    copy_failed("its thread ended without waiting for it", t.copies.copy[t.copies.first]);
  }
  ++block.ended;
  Warp& warp = warps[t.warp()];
  warp.live &= ~(1u << t.lane());
  for (uint32_t left = warp.waiting; left; left &= left - 1) {  // who waited for this lane alone may go on
    const unsigned lane = static_cast<unsigned>(__builtin_ctz(left));
    if (warp.waiting >> lane & 1) complete(t.warp(), threads[t.warp() * kWarp + lane].mask);
  }
  if (block.arrived && block.arrived + block.ended == block.threads) open_barrier();
}

// What a fiber does: threads, one after the other, as long as they need no fiber of their own.
void run_threads() {
  entered_context();
  for (;;) {
    Fiber* const own = running;
    launch_begin.acquire();
    block.body(block.call);
    launch_end.release();
    end_thread();
    Thread* next = pick();
    if (!kThreadSanitizer) {
      if (next && !next->fiber) {  // it starts: here
        next->fiber = own;
        set_current(next);
        continue;
      }
      own->next_free = free_fibers;
      free_fibers = own;
    }
    if (next) {
      switch_to(next);
    } else {
      current = nullptr;
      running = &launching;
      switch_context(own->context, launching.context);
    }
  }
}

}  // namespace

void run_block(unsigned count, dim3 extent, Body body, const void* call, const Schedule& schedule) {
  block.threads = count;
  block.ended = block.arrived = 0;
  block.votes[0] = block.votes[1] = 0;
  block.body = body;
  block.call = call;
  block.schedule = schedule;
  block.atomics_left = schedule.kind == Schedule::kRandom ? 1 : kRarely;
  fiber_set = (fiber_set + 1) % kSets;
  forget(block.order, sizeof block.order);  // or this block would be ordered after those before it
  uint3 index = {0, 0, 0};
  for (unsigned i = 0; i < count; ++i) {
    Thread& t = threads[i];
    t.index = index;
    t.number = i;
    t.fiber = nullptr;
    t.copies.first = t.copies.end = t.copies.group = 0;
    if (kThreadSanitizer) t.fences.any = false, t.fences.accesses = 0;
    if (++index.x == extent.x) {
      index.x = 0;
      if (++index.y == extent.y) {
        index.y = 0;
        ++index.z;
      }
    }
  }
  block.warps = 0;
  for (unsigned w = 0; w * kWarp < count; ++w) {
    const unsigned lanes = count - w * kWarp;
    warps[w].live = lanes >= kWarp ? ~0u : (1u << lanes) - 1;
    warps[w].runnable = warps[w].waiting = 0;
    warps[w].masks = 0;
    forget(warps[w].order, sizeof warps[w].order);
    wake(w, warps[w].live);
  }
  adopt_context(launching.context);
  running = &launching;
  if (kThreadSanitizer) {
    // All of them here: to make a fiber orders the maker before it, and a thread of the kernel must not be that.
    for (unsigned i = 0; i < count; ++i) threads[i].fiber = fiber_for(threads[i]);
  }
  block.last_warp = 0;
  switch_to(pick());
}

int barrier(Vote vote, int predicate, Place place) {
  Thread& t = *current;
  t.waits_in = nullptr;
  t.place = place;
  const unsigned g = block.generation & 1;
  if (!block.arrived) {
    block.barrier_place = place;
  } else if (!same(place, block.barrier_place)) {
    fprintf(stderr, "emulator: other threads of the block are in __syncthreads at %s:%d\n", block.barrier_place.file,
            block.barrier_place.line);
    fail("divergent __syncthreads: threads of one block are in different ones", place);
  }
  ++block.arrived;
  block.votes[g] += predicate != 0;
  block.order[g].release();
  if (block.arrived + block.ended == block.threads) open_barrier();
  suspend();
  block.order[g].acquire();
  switch (vote) {
    case kCount: return static_cast<int>(block.votes[g]);
    case kAnd: return block.votes[g] == block.present[g];
    default: return block.votes[g] != 0;
  }
}

void meet(const Collective& collective, unsigned mask, void* argument, Place place) {
  Thread& t = *current;
  const unsigned w = t.warp();
  Warp& warp = warps[w];
  if (!(mask >> t.lane() & 1)) {
    fprintf(stderr, "emulator: lane %u is not in mask %08x of %s\n", t.lane(), mask, collective.name);
    fail("a lane is missing from its own mask", place);
  }
  t.waits_in = &collective;
  t.argument = argument;
  t.mask = mask;
  t.place = place;
  Order* order = nullptr;
  if (kThreadSanitizer && collective.orders_memory) {
    MaskOrder& masked = order_of(warp, mask);
    order = &masked.order[masked.generation & 1];
    order->release();
  }
  warp.waiting |= 1u << t.lane();
  complete(w, mask);
  suspend();
  if (order) order->acquire();
}

void let_others_run() {
  if (--block.atomics_left) return;
  const Schedule::Kind kind = block.schedule.kind;
  block.atomics_left = kind == Schedule::kRandom ? 1 + block.schedule.random.below(16) : kRarely;
  wake(current->warp(), 1u << current->lane());
  block.schedule.kind = Schedule::kRandom;  // any other one: the schedule's own might come back here for ever
  Thread* next = pick();
  block.schedule.kind = kind;
  if (next != current) switch_to(next);
}

}  // namespace emulator
