// Bandwidth by working set, which all threads share in equal parts: from the second-level cache to memory.
#include <immintrin.h>

#include "measure.h"

// One source for all instruction sets, the widest chosen when the program is loaded.
#define LIMITS_CLONES __attribute__((target_clones("avx512f", "avx2", "default"), noinline))

namespace limits {
namespace {

typedef float Line __attribute__((vector_size(64)));

LIMITS_CLONES void read(Line* a, int64_t lines, int64_t) {
  Line s0{}, s1{}, s2{}, s3{};
  for (int64_t i = 0; i < lines; i += 4) {
    s0 += a[i];
    s1 += a[i + 1];
    s2 += a[i + 2];
    s3 += a[i + 3];
  }
  s0 += s1 + s2 + s3;
  keep(s0);
}

LIMITS_CLONES void triad(Line* a, int64_t lines, int64_t stride) {
  const Line *b = a + stride, *c = b + stride;
  for (int64_t i = 0; i < lines; ++i) a[i] = b[i] * 3.0f + c[i];
}

// Past the caches: lines that are written are not read first.
void triad_streamed(Line* lines_a, int64_t lines, int64_t stride) {
  float *a = reinterpret_cast<float*>(lines_a), *b = a + 16 * stride, *c = b + 16 * stride;
  for (int64_t i = 0; i < 16 * lines; i += 4)
    _mm_stream_ps(a + i, _mm_add_ps(_mm_mul_ps(_mm_load_ps(b + i), _mm_set1_ps(3.0f)), _mm_load_ps(c + i)));
  _mm_sfence();
}

LIMITS_CLONES void update(Line* a, int64_t lines, int64_t) {
  for (int64_t i = 0; i < lines; ++i) a[i] += 3.0f;
}

const struct {
  const char *what, *variant;
  void (*run)(Line*, int64_t lines, int64_t stride);
  int arrays;  // in the working set
  int moved;   // lines that go one way or the other for each line of an array
} kStreams[] = {
    {"read", "4 sums", read, 1, 1},
    {"triad", "stored", triad, 3, 3},
    {"triad", "streamed", triad_streamed, 3, 3},
    {"update", "in place", update, 1, 2},
};

}  // namespace

void measure_streams(Results& results, int threads, bool quick) {
  const int largest = quick ? 20 : 28;
  const int64_t work = int64_t{1} << (quick ? 20 : 27);  // bytes a time
  const Memory memory(size_t{1} << largest);
  for (int log2 = 16; log2 <= largest; log2 += 2) {
    for (const auto& stream : kStreams) {
      const int64_t stride = (int64_t{1} << log2) / 64 / stream.arrays;
      const int64_t lines = stride / threads / 4 * 4;
      const int64_t passes = std::max<int64_t>(1, work >> log2);
      const double seconds = best_seconds(threads, quick ? 1 : 5, [&](int thread) {
        for (int64_t i = 0; i < passes; ++i) stream.run(memory.as<Line>() + thread * lines, lines, stride);
      });
      const double bytes = 64.0 * static_cast<double>(lines * threads * passes) * stream.moved;
      results.push_back({stream.what, stream.variant, "portable", threads, log2, bytes / seconds * 1e-9, "GB/s"});
    }
  }
}

}  // namespace limits
