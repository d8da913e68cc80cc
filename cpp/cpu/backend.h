// The CPU as a backend: the best instruction set that the machine has and the configuration allows.
#pragma once
#include <memory>
#include <string>
#include <vector>

#include "core/backend.h"

namespace eik {

struct CpuConfig {
  int threads;            // 0: all that this process may use
  std::string isa;        // "auto" or the best one allowed
  std::string precision;  // "auto", "fp32", "bf16"
};

std::unique_ptr<Backend> open_cpu(const CpuConfig& config);

// Instruction sets this library has kernels for, best first, and those of them that this machine runs.
std::vector<std::string> cpu_instruction_sets();
std::vector<std::string> cpu_instruction_sets_here();
int cpu_threads_here();

}  // namespace eik
