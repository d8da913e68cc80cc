// A context: a stack and where on it to go on. Switching is ten instructions, and what the sanitizers want to know.
#pragma once
#include <cstddef>

namespace emulator {

struct Context {
  void* top = nullptr;  // the saved stack pointer
  const void* low = nullptr;
  size_t bytes = 0;
  void* fake_stack = nullptr;  // the address sanitizer's
  void* fiber = nullptr;       // the thread sanitizer's
};

// Makes a context whose stack is new and which begins with entry(), which never returns.
void make_context(Context& context, void (*entry)());
// The context of the caller, to be switched from.
void adopt_context(Context& context);
void switch_context(Context& from, Context& to);
// Must be the first thing that entry does.
void entered_context();

}  // namespace emulator
