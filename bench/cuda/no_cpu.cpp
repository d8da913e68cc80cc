// The bench links the core without its CPU backend, which takes minutes to compile and is not measured here.
#include "core/error.h"
#include "cpu/backend.h"

namespace eik {

std::unique_ptr<Backend> open_cpu(const CpuConfig&) { throw Error(EIK_UNAVAILABLE, "this program has no CPU backend"); }
std::vector<std::string> cpu_instruction_sets() { return {}; }
std::vector<std::string> cpu_instruction_sets_here() { return {}; }
int cpu_threads_here() { return 0; }

}  // namespace eik
