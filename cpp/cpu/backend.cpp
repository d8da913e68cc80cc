#include "cpu/backend.h"

#include <cpuid.h>
#include <sched.h>

#include <algorithm>
#include <cstring>

#include "core/error.h"
#include "core/json.h"
#include "cpu/exec.h"

namespace eik {

namespace avx512bf16 { extern const Kernels table; }
namespace avx512 { extern const Kernels table; }
namespace avx2 { extern const Kernels table; }
namespace portable { extern const Kernels table; }

namespace {

// What the processor has and the operating system saves.
struct Features {
  bool avx2 = false, avx512 = false, bf16 = false;
};

Features detect() {
  Features f;
  unsigned a, b, c, d;
  if (!__get_cpuid(1, &a, &b, &c, &d)) return f;
  const bool osxsave = c & (1u << 27), avx = c & (1u << 28), fma = c & (1u << 12), f16c = c & (1u << 29);
  if (!osxsave || !avx) return f;
  unsigned low, high;
  __asm__("xgetbv" : "=a"(low), "=d"(high) : "c"(0));
  const bool ymm = (low & 0x6) == 0x6, zmm = (low & 0xe6) == 0xe6;
  if (!__get_cpuid_count(7, 0, &a, &b, &c, &d)) return f;
  const bool bmi2 = b & (1u << 8);
  f.avx2 = ymm && fma && f16c && bmi2 && (b & (1u << 5));
  const unsigned needed = (1u << 16) | (1u << 17) | (1u << 28) | (1u << 30) | (1u << 31);  // F DQ CD BW VL
  f.avx512 = f.avx2 && zmm && (b & needed) == needed;
  if (f.avx512 && __get_cpuid_count(7, 1, &a, &b, &c, &d)) f.bf16 = a & (1u << 5);
  return f;
}

struct InstructionSet {
  const char* name;
  const Kernels* table;
  bool bf16;
  bool (*here)(const Features&);
};

const InstructionSet kSets[] = {
    {"avx512bf16", &avx512bf16::table, true, [](const Features& f) { return f.bf16; }},
    {"avx512", &avx512::table, false, [](const Features& f) { return f.avx512; }},
    {"avx2", &avx2::table, false, [](const Features& f) { return f.avx2; }},
    {"portable", &portable::table, false, [](const Features&) { return true; }},
};

const InstructionSet& choose(const std::string& wanted) {
  const Features features = detect();
  bool allowed = wanted == "auto";
  for (const auto& set : kSets) {
    const bool named = wanted == set.name;
    allowed = allowed || named;
    if (named && !set.here(features))
      throw Error(EIK_UNAVAILABLE, "device cpu: this processor has no " + wanted + "; take \"isa\": \"auto\"");
    if (allowed && set.here(features)) return set;
  }
  invalid("device cpu: unknown \"isa\" " + cited(wanted) + "; known are auto, avx512bf16, avx512, avx2, portable");
}

class CpuBackend final : public Backend {
 public:
  CpuBackend(const InstructionSet& set, int threads, bool half) : set_(set), exec_(threads, half) {}
  const Kernels& kernels() const override { return *set_.table; }
  Exec& exec() override { return exec_; }
  bool half_precision() const override { return exec_.half; }
  std::string describe() const override {
    return "\"name\": \"CPU\", \"isa\": " + quoted(set_.name) + ", \"threads\": " + std::to_string(exec_.threads) +
           ", \"deterministic\": true, \"precision\": " + (exec_.half ? "\"bf16\"" : "\"fp32\"");
  }
  void* allocate(size_t bytes) override { return map_memory(bytes); }
  void release(void* memory, size_t bytes) override { unmap_memory(memory, bytes); }
  void upload(void* device, const void* host, size_t bytes) override { copy(device, host, bytes); }
  void download(void* host, const void* device, size_t bytes) override { copy(host, device, bytes); }
  void clear(void* device, size_t bytes) override { std::memset(device, 0, bytes); }
  bool reaches(const void*) const override { return true; }

 private:
  static void copy(void* to, const void* from, size_t bytes) {
    if (bytes > 0) std::memcpy(to, from, bytes);  // neither may be NULL, which an empty array is
  }
  const InstructionSet& set_;
  Exec exec_;
};

}  // namespace

int cpu_threads_here() {
  cpu_set_t set;
  CPU_ZERO(&set);
  if (sched_getaffinity(0, sizeof set, &set) != 0) return 1;
  return std::max(1, CPU_COUNT(&set));
}

std::vector<std::string> cpu_instruction_sets() {
  std::vector<std::string> names;
  for (const auto& set : kSets) names.emplace_back(set.name);
  return names;
}

std::vector<std::string> cpu_instruction_sets_here() {
  const Features features = detect();
  std::vector<std::string> names;
  for (const auto& set : kSets)
    if (set.here(features)) names.emplace_back(set.name);
  return names;
}

std::unique_ptr<Backend> open_cpu(const CpuConfig& config) {
  const InstructionSet& set = choose(config.isa);
  if (config.precision == "fp16")
    throw Error(EIK_UNAVAILABLE, "device cpu: \"precision\": \"fp16\" is CUDA's; take \"bf16\", \"fp32\" or \"auto\"");
  const bool half = config.precision == "auto" ? set.bf16 : config.precision == "bf16";
  if (half && !set.bf16)
    throw Error(EIK_UNAVAILABLE, std::string("device cpu: \"precision\": \"bf16\" needs the instruction set avx512bf16, this is ") +
                                     set.name + "; take \"fp32\" or \"auto\"");
  return std::make_unique<CpuBackend>(set, config.threads == 0 ? cpu_threads_here() : config.threads, half);
}

}  // namespace eik
