// What the scheduler tells the sanitizers. The scheduler itself is never instrumented: it reads the stacks of threads that
// wait, which would look like races, and it must not order what the kernel does not order. It uses no template of the
// standard library either: the linker would keep one copy for instrumented and other code alike.
#pragma once
#include <cstddef>

extern "C" {
void __sanitizer_start_switch_fiber(void** save, const void* low, size_t bytes);
void __sanitizer_finish_switch_fiber(void* saved, const void** low, size_t* bytes);
void __asan_poison_memory_region(const volatile void* memory, size_t bytes);
void __asan_unpoison_memory_region(const volatile void* memory, size_t bytes);

void* __tsan_get_current_fiber();
void* __tsan_create_fiber(unsigned flags);
void __tsan_switch_to_fiber(void* fiber, unsigned flags);
void __tsan_acquire(void* object);
void __tsan_release(void* object);
void __tsan_java_alloc(unsigned long memory, unsigned long bytes);
void __tsan_java_free(unsigned long memory, unsigned long bytes);
}

namespace emulator {

#if defined(EIK_EMULATOR_ADDRESS)
constexpr bool kAddressSanitizer = true, kThreadSanitizer = false;
#elif defined(EIK_EMULATOR_THREAD)
constexpr bool kAddressSanitizer = false, kThreadSanitizer = true;
#else
constexpr bool kAddressSanitizer = false, kThreadSanitizer = false;
#endif

// What one thread did before release happens before what another does after its acquire of the same object.
struct Order {
  unsigned long object;
  void release() {
    if constexpr (kThreadSanitizer) __tsan_release(&object);
  }
  void acquire() {
    if constexpr (kThreadSanitizer) __tsan_acquire(&object);
  }
};

// Nobody may touch this memory, or everybody again.
inline void forbid(const void* memory, size_t bytes) {
  if constexpr (kAddressSanitizer) __asan_poison_memory_region(memory, bytes);
}
inline void allow(const void* memory, size_t bytes) {
  if constexpr (kAddressSanitizer) __asan_unpoison_memory_region(memory, bytes);
}

// Forgets who accessed this memory: it begins a new life, ordered after everything.
inline void forget(void* memory, size_t bytes) {
  if constexpr (kThreadSanitizer) {
    if (!bytes) return;
    __tsan_java_free(reinterpret_cast<unsigned long>(memory), bytes);
    __tsan_java_alloc(reinterpret_cast<unsigned long>(memory), bytes);
  }
}

}  // namespace emulator
