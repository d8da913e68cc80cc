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

// The whole file, mapped once and kept. Kernels are in the same one.
struct Itself {
  const char* file = nullptr;
  uintptr_t base = 0;  // to be added to the file's addresses
  const Elf64_Ehdr* header() const { return reinterpret_cast<const Elf64_Ehdr*>(file); }
  const Elf64_Shdr* section(unsigned i) const { return reinterpret_cast<const Elf64_Shdr*>(file + header()->e_shoff) + i; }

  Itself() {
    Dl_info info;
    if (!dladdr(reinterpret_cast<const void*>(&map_file), &info)) return;
    file = map_file(info.dli_fname);
    if (!file) file = map_file("/proc/self/exe");  // a program found by PATH
    // Addresses in an executable that is not position independent are absolute.
    if (file && header()->e_type != ET_EXEC) base = reinterpret_cast<uintptr_t>(info.dli_fbase);
  }
};
const Itself& itself() {
  static const Itself it;
  return it;
}

}  // namespace

const char* symbol_name(const void* function) {
  const Itself& it = itself();
  if (!it.file) return nullptr;
  const uintptr_t address = reinterpret_cast<uintptr_t>(function) - it.base;
  for (unsigned s = 0; s < it.header()->e_shnum; ++s) {
    const Elf64_Shdr& section = *it.section(s);
    if (section.sh_type != SHT_SYMTAB) continue;
    const char* names = it.file + it.section(section.sh_link)->sh_offset;
    const auto* symbols = reinterpret_cast<const Elf64_Sym*>(it.file + section.sh_offset);
    for (size_t i = 0; i < section.sh_size / sizeof(Elf64_Sym); ++i) {
      if (ELF64_ST_TYPE(symbols[i].st_info) == STT_FUNC && symbols[i].st_value == address) return names + symbols[i].st_name;
    }
  }
  return nullptr;
}

bool for_each_section(void (*visit)(void*, const char*, void*, size_t), void* data) {
  const Itself& it = itself();
  if (!it.file) return false;
  const char* names = it.file + it.section(it.header()->e_shstrndx)->sh_offset;
  for (unsigned s = 0; s < it.header()->e_shnum; ++s) {
    const Elf64_Shdr& section = *it.section(s);
    if (!(section.sh_flags & SHF_ALLOC) || !section.sh_size) continue;
    visit(data, names + section.sh_name, reinterpret_cast<void*>(it.base + section.sh_addr), section.sh_size);
  }
  return true;
}

}  // namespace emulator
