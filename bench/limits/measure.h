// How ceilings are measured: the same work on some threads at once, of which the slowest counts, by the processor time of
// each (so that other programs on the machine take no part in it), best of several times.
#pragma once
#include <sys/mman.h>
#include <time.h>

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <thread>
#include <vector>

namespace limits {

struct Result {
  std::string what;     // fp32, bf16: products; read, triad, update: streams; read4, read8, update8: random accesses
  std::string variant;  // how; the best of all is the ceiling
  std::string isa;      // what it takes: portable, avx2, avx512, avx512bf16
  int threads;
  int log2_size;  // bytes of a stream, entries of a table; 0: none
  double value;
  std::string unit;  // GFLOP/s, GB/s: more is better; ns: less is
};
using Results = std::vector<Result>;

bool supports(const std::string& isa);

// Adds to results. quick: fewer sizes, a single time each, for a test.
void measure_products(Results& results, int threads, bool quick);
void measure_streams(Results& results, int threads, bool quick);
void measure_accesses(Results& results, int threads, bool quick);

// Keeps what was computed from being optimised away.
template <class T>
void keep(const T& value) {
  asm volatile("" : : "g"(&value) : "memory");
}

inline double thread_seconds() {
  timespec t;
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
  return static_cast<double>(t.tv_sec) + 1e-9 * static_cast<double>(t.tv_nsec);
}

// Seconds that work(thread) takes.
template <class Work>
double best_seconds(int threads, int times, const Work& work) {
  std::atomic<int> arrived{0};
  std::vector<double> seconds(static_cast<size_t>(threads * times));
  const auto run = [&](int thread) {
    work(thread);  // caches, pages, clock
    for (int i = 0; i < times; ++i) {
      for (++arrived; arrived < (i + 1) * threads;) std::this_thread::yield();
      const double begin = thread_seconds();
      work(thread);
      seconds[static_cast<size_t>(i * threads + thread)] = thread_seconds() - begin;
    }
  };
  std::vector<std::thread> others;
  for (int i = 1; i < threads; ++i) others.emplace_back(run, i);
  run(0);
  for (auto& other : others) other.join();
  double best = 1e30;
  for (int i = 0; i < times; ++i) {
    const auto begin = seconds.begin() + i * threads;
    best = std::min(best, *std::max_element(begin, begin + threads));
  }
  return best;
}

// Zeroed memory on huge pages where the system has them.
class Memory {
 public:
  explicit Memory(size_t bytes) : bytes_((bytes + kHuge - 1) / kHuge * kHuge) {
    data_ = std::aligned_alloc(kHuge, bytes_);
    if (!data_) std::abort();
    madvise(data_, bytes_, MADV_HUGEPAGE);
    std::fill_n(static_cast<char*>(data_), bytes_, 0);
  }
  ~Memory() { std::free(data_); }
  Memory(const Memory&) = delete;
  Memory& operator=(const Memory&) = delete;

  template <class T>
  T* as() const {
    return static_cast<T*>(data_);
  }

 private:
  static constexpr size_t kHuge = size_t{2} << 20;
  size_t bytes_;
  void* data_;
};

}  // namespace limits
