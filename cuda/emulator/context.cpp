#include "context.h"

#include <sys/mman.h>

#include <cstdint>
#include <cstdio>
#include <cstdlib>

#include "sanitizers.h"

#if !defined(__x86_64__)
#error "The emulator's context switch is written for x86-64"
#endif

// eik_emulator_switch(void** save, void* load): what the ABI lets a caller rely on goes onto the stack, stacks change,
// the same comes back. The floating-point modes are the process's own and stay.
extern "C" void eik_emulator_switch(void** save, void* load);
__asm__(R"(
.text
.globl eik_emulator_switch
.hidden eik_emulator_switch
.type eik_emulator_switch, @function
.p2align 4
eik_emulator_switch:
  pushq %rbp
  pushq %rbx
  pushq %r12
  pushq %r13
  pushq %r14
  pushq %r15
  movq %rsp, (%rdi)
  movq %rsi, %rsp
  popq %r15
  popq %r14
  popq %r13
  popq %r12
  popq %rbx
  popq %rbp
  retq
.size eik_emulator_switch, .-eik_emulator_switch
)");

#if defined(EIK_EMULATOR_THREAD)
// The sanitizer would let every process that ends sleep for a second, to catch threads that are still at work.
extern "C" __attribute__((weak)) const char* __tsan_default_options() { return "atexit_sleep_ms=0"; }
#endif

namespace emulator {
namespace {

constexpr size_t kPage = 4096;
constexpr size_t kStack = kAddressSanitizer || kThreadSanitizer ? 256 << 10 : 128 << 10;
constexpr int kStacksAtOnce = 64;

Context* left = nullptr;  // the context switched from last

// Stacks are never given back; below each is a page that faults.
char* new_stack() {
  static char* next = nullptr;
  static int remaining = 0;
  if (!remaining) {
    void* memory = mmap(nullptr, kStacksAtOnce * (kPage + kStack), PROT_READ | PROT_WRITE,
                        MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (memory == MAP_FAILED) {
      perror("emulator: no memory for stacks");
      abort();
    }
    next = static_cast<char*>(memory);
    remaining = kStacksAtOnce;
  }
  char* guard = next;
  mprotect(guard, kPage, PROT_NONE);
  next += kPage + kStack;
  --remaining;
  return guard + kPage;
}

}  // namespace

void make_context(Context& context, void (*entry)()) {
  char* low = new_stack();
  context.low = low;
  context.bytes = kStack;
  if constexpr (kThreadSanitizer) context.fiber = __tsan_create_fiber(0);
  // Tops at one offset in their pages would share a few sets of the first-level cache: 1024 threads need all of them.
  static unsigned colour = 0;
  auto* top = reinterpret_cast<void**>(low + kStack - (++colour % 32 * 128 + 64));
  *--top = nullptr;  // the return address of entry, which keeps the ABI's alignment
  *--top = reinterpret_cast<void*>(entry);
  for (int saved = 0; saved < 6; ++saved) *--top = nullptr;
  context.top = top;
}

void adopt_context(Context& context) {
  if constexpr (kThreadSanitizer) context.fiber = __tsan_get_current_fiber();
}

void entered_context() {
  if constexpr (kAddressSanitizer) {
    // Here the sanitizer tells the bounds of a stack that is not ours: the one that launched.
    const void* low;
    size_t bytes;
    __sanitizer_finish_switch_fiber(nullptr, &low, &bytes);
    left->low = low;
    left->bytes = bytes;
  }
}

void switch_context(Context& from, Context& to) {
  left = &from;
  if constexpr (kAddressSanitizer) __sanitizer_start_switch_fiber(&from.fake_stack, to.low, to.bytes);
  constexpr unsigned kUnordered = 1;  // a switch says nothing about the order of the kernel's accesses
  if constexpr (kThreadSanitizer) __tsan_switch_to_fiber(to.fiber, kUnordered);
  eik_emulator_switch(&from.top, to.top);
  if constexpr (kAddressSanitizer) {
    const void* low;
    size_t bytes;
    __sanitizer_finish_switch_fiber(from.fake_stack, &low, &bytes);
    left->low = low;
    left->bytes = bytes;
  }
}

}  // namespace emulator
