// The execution model as kernels see it: who a thread is, barriers, fences, launches.
#pragma once
#include <cuda_runtime.h>

#include <tuple>
#include <utility>

// One thread of a launch runs at a time and the scheduler sets these before it runs: for the thread itself they are
// constants, which lets the compiler keep them in registers. Plain variables, not thread_local ones: launches take turns.
#define EIK_EMULATED(name) __asm__("eik_emulator_" name) __attribute__((visibility("hidden")))
extern const uint3 threadIdx EIK_EMULATED("threadIdx");
extern const uint3 blockIdx EIK_EMULATED("blockIdx");
extern const dim3 blockDim EIK_EMULATED("blockDim");
extern const dim3 gridDim EIK_EMULATED("gridDim");
constexpr int warpSize = 32;

namespace emulator {

// Where in a kernel's source something was called.
struct Place {
  const char* file;
  int line;
  static constexpr Place here(const char* file = __builtin_FILE(), int line = __builtin_LINE()) { return {file, line}; }
};

// Ends the process with a line that says what is wrong, where, and in which thread of which launch.
[[noreturn]] void fail(const char* what, Place place = {nullptr, 0});

// The next launches' schedules; the same seed gives the same schedules. Before the first call: EIK_EMULATOR_SEED.
void set_seed(unsigned seed);

// Fills fresh memory, and results that mean nothing: NaN as float, double, half and bfloat16.
constexpr unsigned char kPoison = 0xff;

enum Vote { kCount, kAnd, kOr };
int barrier(Vote vote, int predicate, Place place);
void fence();

// Before every atomic access: here, too, another thread may come first.
void atomic_access(void* address);
void check_aligned(const void* address, size_t bytes, const char* what);

using Body = void (*)(const void* call);
cudaError_t run(const void* kernel, dim3 grid, dim3 block, size_t shared_bytes, cudaStream_t stream, Body body,
                const void* call);

// Each thread gets parameters of its own, as copies.
template <class Call, size_t... I>
void invoke(const Call& call, std::index_sequence<I...>) {
  call.kernel(std::get<I>(call.values)...);
}

template <class... P>
cudaError_t launch(void (*kernel)(P...), dim3 grid, dim3 block, size_t shared_bytes, cudaStream_t stream, P... values) {
  struct Call {
    void (*kernel)(P...);
    std::tuple<P...> values;
  };
  const Call call{kernel, std::tuple<P...>(values...)};
  const Body body = [](const void* it) { invoke(*static_cast<const Call*>(it), std::index_sequence_for<P...>()); };
  return run(reinterpret_cast<const void*>(kernel), grid, block, shared_bytes, stream, body, &call);
}

}  // namespace emulator

inline void __syncthreads(emulator::Place place = emulator::Place::here()) {
  emulator::barrier(emulator::kCount, 0, place);
}
inline int __syncthreads_count(int predicate, emulator::Place place = emulator::Place::here()) {
  return emulator::barrier(emulator::kCount, predicate, place);
}
inline int __syncthreads_and(int predicate, emulator::Place place = emulator::Place::here()) {
  return emulator::barrier(emulator::kAnd, predicate, place);
}
inline int __syncthreads_or(int predicate, emulator::Place place = emulator::Place::here()) {
  return emulator::barrier(emulator::kOr, predicate, place);
}
inline void __threadfence_block() { emulator::fence(); }
inline void __threadfence() { emulator::fence(); }
inline void __threadfence_system() { emulator::fence(); }
[[noreturn]] inline void __trap() { emulator::fail("__trap()"); }
