#include "symbols.h"

#include <dlfcn.h>
#include <elf.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdint>

namespace emulator {
namespace {

// The whole file, mapped once and kept; all functions asked for are in the file that this one is linked into.
const char* map_file(const char* path) {
  const int file = open(path, O_RDONLY | O_CLOEXEC);
  if (file < 0) return nullptr;
  struct stat status;
  void* map = MAP_FAILED;
  if (!fstat(file, &status) && status.st_size > 0) {
    map = mmap(nullptr, static_cast<size_t>(status.st_size), PROT_READ, MAP_PRIVATE, file, 0);
  }
  close(file);
  return map == MAP_FAILED ? nullptr : static_cast<const char*>(map);
}

}  // namespace

const char* symbol_name(const void* function) {
  Dl_info info;
  if (!dladdr(function, &info)) return nullptr;
  static const char* const file = map_file(info.dli_fname);
  if (!file) return nullptr;
  const auto* header = reinterpret_cast<const Elf64_Ehdr*>(file);
  // An executable that is not position independent has its addresses in the table, others' are relative to where they lie.
  const uintptr_t base = header->e_type == ET_EXEC ? 0 : reinterpret_cast<uintptr_t>(info.dli_fbase);
  const uintptr_t address = reinterpret_cast<uintptr_t>(function) - base;
  const auto* sections = reinterpret_cast<const Elf64_Shdr*>(file + header->e_shoff);
  for (unsigned s = 0; s < header->e_shnum; ++s) {
    if (sections[s].sh_type != SHT_SYMTAB) continue;
    const char* names = file + sections[sections[s].sh_link].sh_offset;
    const auto* symbols = reinterpret_cast<const Elf64_Sym*>(file + sections[s].sh_offset);
    for (size_t i = 0; i < sections[s].sh_size / sizeof(Elf64_Sym); ++i) {
      if (ELF64_ST_TYPE(symbols[i].st_info) == STT_FUNC && symbols[i].st_value == address) return names + symbols[i].st_name;
    }
  }
  return nullptr;
}

}  // namespace emulator
