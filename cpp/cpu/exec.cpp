#include "cpu/exec.h"

#include <pthread.h>
#include <sys/mman.h>
#include <xmmintrin.h>

#include <atomic>
#include <exception>
#include <string>
#include <utility>

#include "core/error.h"

namespace eik {
namespace {

constexpr size_t kHugePage = size_t{1} << 21;

size_t mapped_size(size_t bytes) {
  const size_t page = bytes >= kHugePage ? kHugePage : 4096;
  return (bytes + page - 1) / page * page;
}

// Flush-to-zero and denormals-are-zero, the caller's mode put back at the end.
class FlushDenormals {
 public:
  FlushDenormals() : saved_(_mm_getcsr()) { _mm_setcsr(saved_ | 0x8040u); }
  ~FlushDenormals() { _mm_setcsr(saved_); }

 private:
  const unsigned saved_;
};

}  // namespace

void* map_memory(size_t bytes) {
  const size_t size = mapped_size(bytes == 0 ? 1 : bytes);
  // Reserve one huge page more, then give back what lies outside the aligned part.
  const size_t slack = size >= kHugePage ? kHugePage : 0;
  void* raw = mmap(nullptr, size + slack, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (raw == MAP_FAILED)
    throw Error(EIK_OUT_OF_MEMORY, "cannot get " + std::to_string(bytes >> 20) + " MiB of memory; use a smaller table or batch");
  if (slack == 0) return raw;
  char* begin = static_cast<char*>(raw);
  const size_t front = (kHugePage - reinterpret_cast<uintptr_t>(begin) % kHugePage) % kHugePage;
  if (front > 0) munmap(begin, front);
  if (slack > front) munmap(begin + front + size, slack - front);
  madvise(begin + front, size, MADV_HUGEPAGE);
  return begin + front;
}

void unmap_memory(void* memory, size_t bytes) {
  if (memory) munmap(memory, mapped_size(bytes == 0 ? 1 : bytes));
}

Arena::~Arena() {
  for (int i = 0; i < count_; ++i) unmap_memory(blocks_[i].data, blocks_[i].size);
}

void* Arena::take_bytes(size_t bytes) {
  bytes = (bytes + 63) / 64 * 64;
  total_ += bytes;
  if (most_ < total_) most_ = total_;
  if (count_ == 0 || used_ + bytes > blocks_[count_ - 1].size) {
    if (count_ == kMaxBlocks) throw Error(EIK_INTERNAL, "scratch memory is in too many pieces");
    size_t size = count_ == 0 ? size_t{1} << 16 : 2 * blocks_[count_ - 1].size;
    if (size < bytes) size = bytes;
    size = mapped_size(size);
    blocks_[count_].data = static_cast<char*>(map_memory(size));
    blocks_[count_].size = size;
    ++count_;
    used_ = 0;
  }
  char* memory = blocks_[count_ - 1].data + used_;
  used_ += bytes;
  return memory;
}

void Arena::reset() {
  if (count_ > 1) {  // one block that would have held it all
    for (int i = 0; i < count_; ++i) unmap_memory(blocks_[i].data, blocks_[i].size);
    count_ = 0;
    const size_t size = mapped_size(most_ + most_ / 4);
    blocks_[0].data = static_cast<char*>(map_memory(size));
    blocks_[0].size = size;
    count_ = 1;
  }
  used_ = 0;
  total_ = most_ = 0;
}

void Arena::give_back(const Mark& mark) {
  used_ = mark.count == count_ ? mark.used : 0;  // of a later block all is free, too
  total_ = mark.total;
}

// Plain pthreads: std::condition_variable would ask for a newer libstdc++ than the library promises to run on.
struct Exec::Team {
  pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
  pthread_cond_t work = PTHREAD_COND_INITIALIZER;
  pthread_cond_t done = PTHREAD_COND_INITIALIZER;
  int64_t round = 0;
  int busy = 0;
  bool stop = false;
  Task task = nullptr;
  void* context = nullptr;
  int64_t count = 0;
  std::atomic<int64_t> next{0};
  std::exception_ptr failure;  // the first of a round; guarded by mutex
  pthread_t* threads = nullptr;
  int started = 0;

  struct Start {
    Team* team;
    int thread;
  };

  // Takes tasks until none is left. A failing task (scratch memory may run out) ends the round, not the process.
  void drain(int thread) {
    try {
      for (int64_t i; (i = next.fetch_add(1, std::memory_order_relaxed)) < count;) task(context, i, thread);
    } catch (...) {
      next.store(count, std::memory_order_relaxed);
      pthread_mutex_lock(&mutex);
      if (!failure) failure = std::current_exception();
      pthread_mutex_unlock(&mutex);
    }
  }

  static void* main(void* argument) {
    const Start start = *static_cast<Start*>(argument);
    delete static_cast<Start*>(argument);
    const FlushDenormals flush;
    Team& team = *start.team;
    int64_t seen = 0;
    pthread_mutex_lock(&team.mutex);
    while (true) {
      while (team.round == seen && !team.stop) pthread_cond_wait(&team.work, &team.mutex);
      if (team.stop) break;
      seen = team.round;
      pthread_mutex_unlock(&team.mutex);
      team.drain(start.thread);
      pthread_mutex_lock(&team.mutex);
      if (--team.busy == 0) pthread_cond_signal(&team.done);
    }
    pthread_mutex_unlock(&team.mutex);
    return nullptr;
  }
};

Exec::Exec(int threads, bool half) : threads(threads), half(half), locals(new Arena[threads]), team(new Team) {
  team->threads = new pthread_t[threads];
  for (int i = 1; i < threads; ++i) {
    auto* start = new Team::Start{team, i};
    if (pthread_create(&team->threads[team->started], nullptr, Team::main, start) != 0) {
      delete start;
      break;  // fewer helpers than asked for: slower, not wrong
    }
    ++team->started;
  }
}

Exec::~Exec() {
  pthread_mutex_lock(&team->mutex);
  team->stop = true;
  pthread_cond_broadcast(&team->work);
  pthread_mutex_unlock(&team->mutex);
  for (int i = 0; i < team->started; ++i) pthread_join(team->threads[i], nullptr);
  delete[] team->threads;
  delete team;
  delete[] locals;
}

void Exec::run(int64_t count, Task task, void* context) {
  const FlushDenormals flush;
  if (count <= 1 || team->started == 0) {
    for (int64_t i = 0; i < count; ++i) task(context, i, 0);
    return;
  }
  pthread_mutex_lock(&team->mutex);
  team->task = task;
  team->context = context;
  team->count = count;
  team->next.store(0, std::memory_order_relaxed);
  team->busy = team->started;
  ++team->round;
  pthread_cond_broadcast(&team->work);
  pthread_mutex_unlock(&team->mutex);
  team->drain(0);
  pthread_mutex_lock(&team->mutex);
  while (team->busy > 0) pthread_cond_wait(&team->done, &team->mutex);
  const std::exception_ptr failure = std::exchange(team->failure, nullptr);
  pthread_mutex_unlock(&team->mutex);
  if (failure) std::rethrow_exception(failure);
}

}  // namespace eik
