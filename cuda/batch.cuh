// Rays gathered into a batch of packed samples, in the order of rays, by one kernel and without a word to the host. A block
// marches its rays to count their samples, learns from the blocks before it where they go (a scan in one pass with decoupled
// look-back: Merrill and Garland 2016), and marches them again to write them. Rays that meet nothing leave no trace in the
// batch. Blocks take rays in the order in which they start, so that those before them run; behind a full batch they end at once.
#pragma once
#include "cuda/planes.cuh"
#include "math/marching.h"

namespace eik::EIK_ISA {

// A ray of a source: where it runs, where in its first step it starts, and whether something is known to be there. One that is
// ignored is not marched and so leaves no trace.
struct SourceRay {
  RayLine line;
  float jitter;
  bool must_hit;
  bool ignored = false;
};

struct BatchRay {
  int64_t id;  // the ray's number in its source
  int32_t start, count;
};

// What the device knows of a batch when it is full, or the source at its end.
struct BatchState {
  unsigned long long next;  // the first ray of the source that was not taken
  int32_t rays, samples;
};

struct SampleBatch {
  int64_t sample_capacity, ray_capacity;
  Plane position;   // [3]: in [0,1] of the outermost cascade
  Plane direction;  // [3][rays]
  float *t, *dt;    // t: the middle of a sample
  int32_t* ray_of;  // of each sample
  BatchRay* rays;
  BatchState* state;

  Count samples() const { return {sample_capacity, &state->samples}; }
  Count ray_count() const { return {ray_capacity, &state->rays}; }
};

inline SampleBatch take_samples(Exec& exec, int64_t sample_capacity, int64_t ray_capacity) {
  SampleBatch b{};
  b.sample_capacity = sample_capacity;
  b.ray_capacity = ray_capacity;
  b.position = take_plane(exec, 3, sample_capacity);
  b.direction = take_plane(exec, 3, ray_capacity);
  b.t = take<float>(exec, sample_capacity);
  b.dt = take<float>(exec, sample_capacity);
  b.ray_of = take<int32_t>(exec, sample_capacity);
  b.rays = take<BatchRay>(exec, ray_capacity);
  b.state = take<BatchState>(exec, 1);
  return b;
}

// A ray that must hit something but meets only empty cells shows that the grid lost a part of the scene (thin parts go
// first, while little is learnt): it is marched through all cells, in steps so much longer, and brings the part back.
constexpr float kSearchStride = 8.0f;

template <class Visit>
__device__ int32_t march_source(const OccupancyBits& bits, SamplerPlan sampler, const SourceRay& ray, const Visit& visit) {
  int32_t n = 0;
  if (ray.ignored) return n;
  const auto add = [&](float t, float dt) { visit(n++, t + 0.5f * dt, dt); };
  march_ray(bits, sampler, ray.line, ray.jitter, add);
  if (n == 0 && ray.must_hit) {
    sampler.step *= kSearchStride;
    sampler.cone_angle *= kSearchStride;
    sampler.largest *= kSearchStride;
    march_ray(OccupancyBits{bits.cascades, bits.resolution, nullptr, nullptr}, sampler, ray.line, ray.jitter, add);
  }
  return n;
}

// How many samples and rays lie before a point of the source. Both stop counting far above any capacity.
struct Packed {
  int32_t samples, rays;
  __device__ Packed operator+(Packed more) const {
    return {lesser(samples + more.samples, kMost), lesser(rays + more.rays, kMost)};
  }
  static constexpr int32_t kMost = 1 << 30;
};

// What blocks tell those behind them: nothing yet, what they have, or what they and all before them have.
enum Progress : unsigned long long { kNothing = 0, kOwn = 1, kAll = 2 };

__device__ inline void publish(unsigned long long* slot, Progress progress, Packed p) {
  atomicExch(slot, static_cast<unsigned long long>(progress) << 62 | static_cast<unsigned long long>(p.samples) << 31 |
                       static_cast<unsigned long long>(p.rays));
}
__device__ inline Progress read(unsigned long long* slot, Packed& p) {
  const unsigned long long bits = atomicAdd(slot, 0ull);
  p = {static_cast<int32_t>(bits >> 31 & 0x7fffffff), static_cast<int32_t>(bits & 0x7fffffff)};
  return static_cast<Progress>(bits >> 62);
}

// What all blocks before this one have, once those say so.
__device__ inline Packed look_back(unsigned long long* slots, int64_t block) {
  Packed before{};
  for (Progress progress = kNothing; block > 0 && progress != kAll;) {
    Packed p;
    progress = read(slots + block - 1, p);
    if (progress == kNothing) continue;
    before = before + p;
    --block;
  }
  return before;
}

template <class Source>
__global__ static void __launch_bounds__(kBlock)
    collect_kernel(OccupancyBits bits, SamplerPlan sampler, int64_t begin, int64_t limit, SampleBatch b, unsigned* started,
                   unsigned long long* slots, Source source) {
  __shared__ int64_t block;
  __shared__ Packed before;
  __shared__ bool full;
  if (threadIdx.x == 0) {
    block = atomicAdd(started, 1u);
    full = atomicAdd(&b.state->next, 0ull) < static_cast<unsigned long long>(limit);
    if (full) publish(slots + block, kAll, {Packed::kMost, Packed::kMost});
  }
  __syncthreads();
  if (full) return;

  const int64_t i = begin + block * kBlock + threadIdx.x;
  int32_t n = 0;
  if (i < limit) n = march_source(bits, sampler, source(i), [](int32_t, float, float) {});
  Packed own, to;
  to.samples = block_scan(n, own.samples);
  to.rays = block_scan(n > 0 ? 1 : 0, own.rays);
  if (threadIdx.x == 0) {
    publish(slots + block, kOwn, own);
    before = look_back(slots, block);
    publish(slots + block, kAll, before + own);
  }
  __syncthreads();
  if (n == 0) return;
  // What does not fit is followed by nothing that does: sums only grow.
  to = before + to;
  if (to.samples > b.sample_capacity || to.rays > b.ray_capacity) {
    atomicMin(&b.state->next, static_cast<unsigned long long>(i));
    return;
  }
  atomicMax(&b.state->samples, to.samples);
  atomicMax(&b.state->rays, to.rays);

  const float half = 0.5f * static_cast<float>(1 << (bits.cascades - 1)), low = 0.5f - half, inverse = 0.5f / half;
  const SourceRay ray = source(i);
  const RayLine& line = ray.line;
  const int32_t r = to.rays - 1, first = to.samples - n;
  b.rays[r] = {i, first, n};
  b.direction[0][r] = line.dx;
  b.direction[1][r] = line.dy;
  b.direction[2][r] = line.dz;
  march_source(bits, sampler, ray, [&](int32_t s, float t, float dt) {
    const int64_t at = first + s;
    b.t[at] = t;
    b.dt[at] = dt;
    b.ray_of[at] = r;
    b.position[0][at] = (line.ox + t * line.dx - low) * inverse;
    b.position[1][at] = (line.oy + t * line.dy - low) * inverse;
    b.position[2][at] = (line.oz + t * line.dz - low) * inverse;
  });
}

// Fills the batch with rays begin, begin + 1, .. below limit of source(i) until one does not fit. source runs on the device.
template <class Source>
void collect(Exec& exec, const Occupancy& occupancy, const SamplerPlan& sampler, int64_t begin, int64_t limit,
             SampleBatch batch, const Source& source) {
  for_each(exec, 1, [=] __device__(int64_t) { *batch.state = {static_cast<unsigned long long>(limit), 0, 0}; });
  if (begin >= limit) return;
  const int64_t blocks = (limit - begin + kBlock - 1) / kBlock;
  unsigned* started = take<unsigned>(exec, 1);
  unsigned long long* slots = take<unsigned long long>(exec, blocks);
  clear(exec, started, sizeof *started);
  clear(exec, slots, static_cast<size_t>(blocks) * sizeof *slots);
  const OccupancyBits bits{occupancy.plan.cascades, occupancy.plan.resolution, occupancy.cells, occupancy.blocks};
  launch(collect_kernel<Source>, dim3(static_cast<unsigned>(blocks)), dim3(kBlock), 0, exec.stream, bits, sampler, begin, limit,
         batch, started, slots, source);
}

}  // namespace eik::EIK_ISA
