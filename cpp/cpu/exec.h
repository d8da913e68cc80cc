// What CPU kernels run on: a team of threads and scratch memory that only ever grows. Compiled without instruction-set
// flags; kernels of every instruction set call it through this header, which has no inline standard-library code.
#pragma once
#include <cstddef>
#include <cstdint>

namespace eik {

// Scratch memory by bumping a pointer; everything is given back at once by reset. After the first few uses it is one
// block of the right size and taking costs an addition.
class Arena {
 public:
  Arena() = default;
  ~Arena();
  Arena(const Arena&) = delete;
  Arena& operator=(const Arena&) = delete;
  void* take_bytes(size_t bytes);  // 64-byte aligned, not cleared; throws Error when memory is out
  void reset();
  // What was taken since mark() may be given back alone, so that a loop takes the same memory again and again.
  struct Mark {
    int count;
    size_t used, total;
  };
  Mark mark() const { return {count_, used_, total_}; }
  void give_back(const Mark& mark);

 private:
  static constexpr int kMaxBlocks = 48;
  struct Block {
    char* data;
    size_t size;
  };
  Block blocks_[kMaxBlocks] = {};
  int count_ = 0;
  size_t used_ = 0;   // of the last block
  size_t total_ = 0;  // taken since the last reset
  size_t most_ = 0;   // of total_, since then
};

using Task = void (*)(void* context, int64_t index, int thread);

// Runs tasks 0..count-1 on all threads, the caller's included; returns when all are done. Which thread runs a task is
// not determined: a task's result must depend on its index alone. Denormals are flushed while tasks run, and the
// caller's floating-point mode is restored.
struct Exec {
  Exec(int threads, bool half);
  ~Exec();
  Exec(const Exec&) = delete;
  void run(int64_t count, Task task, void* context);
  Arena& local(int thread) { return locals[thread]; }

  const int threads;
  const bool half;  // bf16 storage and products
  Arena shared;     // of the kernel call that is running

 private:
  Arena* locals;
  struct Team;
  Team* team;
};

void* map_memory(size_t bytes);  // zeroed, huge pages where that pays; throws Error
void unmap_memory(void* memory, size_t bytes);

}  // namespace eik
