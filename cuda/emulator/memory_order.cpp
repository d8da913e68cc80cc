// Fences and atomic accesses: what the thread sanitizer is told of their order, and turns between threads that use them.
#include "scheduler.h"

namespace emulator {
namespace {

// By the memory model, what was done before a fence and an atomic write to X is seen after an atomic read of X and a fence.
// So an atomic access after a fence releases X, and a fence acquires what the thread has accessed since its last one.
// That may order a little more than CUDA promises, never less.
Order all_fenced;  // for threads with more accesses than are kept

}  // namespace

void fence() {
  if constexpr (kThreadSanitizer) {
    Fences& fences = current->fences;
    fences.any = true;
    if (fences.accesses > Fences::kKept) {
      all_fenced.acquire();
    } else {
      for (unsigned i = 0; i < fences.accesses; ++i) __tsan_acquire(fences.address[i]);
    }
    fences.accesses = 0;
  }
}

void atomic_access(void* address) {
  if constexpr (kThreadSanitizer) {
    Fences& fences = current->fences;
    if (fences.any) {
      __tsan_release(address);
      all_fenced.release();
    }
    if (fences.accesses < Fences::kKept) fences.address[fences.accesses] = address;
    if (fences.accesses <= Fences::kKept) ++fences.accesses;
  }
  let_others_run();
}

void check_aligned(const void* address, size_t bytes, const char* what) {
  if (reinterpret_cast<uintptr_t>(address) % bytes) fail(what);
}

}  // namespace emulator
