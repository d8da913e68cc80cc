// A launch: its blocks one after the other, in an order and with schedules drawn from the seed.
#include <cxxabi.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <cstring>

#include "memory_spaces.h"
#include "runtime_state.h"
#include "scheduler.h"
#include "symbols.h"

// blockIdx and the rest as launches see them; one each in the process, set while it is a launch's turn.
uint3 block_index __asm__("eik_emulator_blockIdx") __attribute__((visibility("hidden")));
struct Extent {
  unsigned x, y, z;
};
Extent block_extent __asm__("eik_emulator_blockDim") __attribute__((visibility("hidden")));
Extent grid_extent __asm__("eik_emulator_gridDim") __attribute__((visibility("hidden")));

namespace emulator {
namespace {

const void* running_kernel = nullptr;

// ---- the seed ----------------------------------------------------------------------------------------------------------

struct Seed {
  unsigned value;
  unsigned launches = 0;  // since it was set
  Seed() : value(0) {
    if (const char* text = getenv("EIK_EMULATOR_SEED")) value = static_cast<unsigned>(strtoul(text, nullptr, 10));
  }
};
Seed& seed() {
  static Seed s;
  return s;
}

// EIK_EMULATOR_SCHEDULE holds all blocks to one schedule, to look into a failure.
int forced_schedule() {
  const char* text = getenv("EIK_EMULATOR_SCHEDULE");
  const char* names[] = {"ascending", "descending", "random", "greedy"};
  for (int kind = 0; text && kind < 4; ++kind) {
    if (!strcmp(text, names[kind])) return kind;
  }
  return -1;
}

// The order of blocks: i -> first + i step modulo their number, where step has no factor in common with it.
struct BlockOrder {
  uint64_t blocks, first, step;
  BlockOrder(uint64_t blocks, Random& random) : blocks(blocks), first(0), step(1) {
    switch (random.below(4)) {
      case 0: break;  // ascending
      case 1:         // descending
        first = step = blocks - 1;
        break;
      default:
        first = random.below(static_cast<uint32_t>(blocks));
        do {
          step = random.below(static_cast<uint32_t>(blocks));
        } while (common_factor(step, blocks) != 1);
    }
  }
  uint64_t operator()(uint64_t i) const { return (first + i * step) % blocks; }
  static uint64_t common_factor(uint64_t a, uint64_t b) { return b ? common_factor(b, a % b) : a; }
};

cudaError_t check_launch(dim3 grid, dim3 block, size_t threads, size_t shared_bytes, const void* kernel,
                         cudaStream_t stream) {
  if (!grid.x || !grid.y || !grid.z || !threads || threads > kMaxThreads || block.x > 1024 || block.y > 1024 ||
      block.z > 64 || grid.x > 0x7fffffffu || grid.y > 65535 || grid.z > 65535) {
    return cudaErrorInvalidConfiguration;
  }
  if (stream_device(stream) != current_device()) return cudaErrorInvalidResourceHandle;
  if (shared_bytes > shared_limit(kernel)) return cudaErrorInvalidValue;
  return cudaSuccess;
}

}  // namespace

void set_seed(unsigned value) {
  const Turn turn;
  seed().value = value;
  seed().launches = 0;
}

void fail(const char* what, Place place) {
  fprintf(stderr, "emulator: %s", what);
  if (place.file) fprintf(stderr, " at %s:%d", place.file, place.line);
  if (current) {
    const char* mangled = symbol_name(running_kernel);
    char* readable = mangled ? abi::__cxa_demangle(mangled, nullptr, nullptr, nullptr) : nullptr;
    fprintf(stderr, "\n  in %s, block (%u, %u, %u), thread (%u, %u, %u); launch %u of seed %u",
            readable ? readable : mangled ? mangled : "a kernel", block_index.x, block_index.y, block_index.z,
            current->index.x, current->index.y, current->index.z, seed().launches, seed().value);
  }
  fputc('\n', stderr);
  fflush(nullptr);
  _exit(99);
}

cudaError_t run(const void* kernel, dim3 grid, dim3 block, size_t shared_bytes, cudaStream_t stream, Body body,
                const void* call) {
  const Turn turn;
  const size_t threads = static_cast<size_t>(block.x) * block.y * block.z;
  if (const cudaError_t refused = check_launch(grid, block, threads, shared_bytes, kernel, stream)) return answer(refused);

  Seed& s = seed();
  Random random(static_cast<uint64_t>(s.value) << 32 | ++s.launches);
  const int forced = forced_schedule();
  const uint64_t blocks = static_cast<uint64_t>(grid.x) * grid.y * grid.z;
  if (blocks > 0xffffffffu) fail("a launch of more blocks than the emulator counts");
  const BlockOrder order(blocks, random);
  running_kernel = kernel;
  block_extent = {block.x, block.y, block.z};
  grid_extent = {grid.x, grid.y, grid.z};
  size_dynamic(shared_bytes);
  allow_device_memory(current_device());
  launch_begin.release();
  for (uint64_t i = 0; i < blocks; ++i) {
    const uint64_t b = order(i);
    block_index = {static_cast<unsigned>(b % grid.x), static_cast<unsigned>(b / grid.x % grid.y),
                   static_cast<unsigned>(b / grid.x / grid.y)};
    renew_shared();
    const auto kind = static_cast<Schedule::Kind>(forced >= 0 ? static_cast<unsigned>(forced) : random.below(4));
    run_block(static_cast<unsigned>(threads), block, body, call, {kind, Random(random())});
  }
  launch_end.acquire();
  forbid_device_memory(current_device());
  return cudaSuccess;
}

}  // namespace emulator
