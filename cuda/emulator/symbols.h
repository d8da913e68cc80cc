// What the file that the emulator is linked into says of itself: names of kernels (they have internal linkage, which dladdr
// misses), and sections.
#pragma once
#include <cstddef>

namespace emulator {

// The mangled name of the function at this address; NULL if the file was stripped. Valid for ever.
const char* symbol_name(const void* function);

// Calls visit(data, ...) for every section in memory, in the order of the file; false if the file cannot be read.
bool for_each_section(void (*visit)(void* data, const char* name, void* begin, size_t bytes), void* data);

}  // namespace emulator
