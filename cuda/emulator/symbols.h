// Names of kernels, from the symbol table of the file that they are in: they have internal linkage, which dladdr misses.
#pragma once

namespace emulator {

// The mangled name of the function at this address; NULL if the file was stripped. Valid for ever.
const char* symbol_name(const void* function);

}  // namespace emulator
