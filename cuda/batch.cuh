// Rays gathered into a batch of packed samples, in the order of rays and without a word to the host: in rounds of a fixed
// size, rays are marched to count their samples, a scan says where they go and which rays still fit, and they are marched
// again to be written. Rays that meet nothing leave no trace in the batch. Rounds behind a full batch end at once.
#pragma once
#include "cuda/planes.cuh"
#include "math/marching.h"

namespace eik::EIK_ISA {

// A ray of a source: where it runs, where in its first step it starts, and whether something is known to be there.
struct SourceRay {
  RayLine line;
  float jitter;
  bool must_hit;
};

struct BatchRay {
  int64_t id;  // the ray's number in its source
  int32_t start, count;
};

// What the device knows of a batch while it fills.
struct BatchState {
  int64_t next;  // the first ray of the source that was not taken
  int32_t rays, samples;
  int32_t full;
};

struct SampleBatch {
  int64_t sample_capacity, ray_capacity;
  Plane position;   // [3]: in [0,1] of the outermost cascade
  Plane direction;  // [3][rays]
  float *t, *dt;    // t: the middle of a sample
  int32_t* ray_of;  // of each sample
  BatchRay* rays;
  BatchState* state;
  int32_t *count, *start;  // of a round: samples of each ray, and where they go (or -1)

  Count samples() const { return {sample_capacity, &state->samples}; }
  Count ray_count() const { return {ray_capacity, &state->rays}; }
};

constexpr int64_t kRoundRays = 1 << 14;

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
  b.count = take<int32_t>(exec, kRoundRays);
  b.start = take<int32_t>(exec, kRoundRays);
  return b;
}

// A ray that must hit something but meets only empty cells shows that the grid lost a part of the scene (thin parts go
// first, while little is learnt): it is marched through all cells, in steps so much longer, and brings the part back.
constexpr float kSearchStride = 8.0f;

template <class Visit>
__device__ int32_t march_source(const OccupancyBits& bits, SamplerPlan sampler, const SourceRay& ray, const Visit& visit) {
  int32_t n = 0;
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

// One block: where the samples of a round's rays go, in the order of rays, until one does not fit.
__global__ static void place_kernel(SampleBatch b, int64_t round) {
  __shared__ int32_t last;  // the first ray of the round that does not fit
  __shared__ int32_t samples, rays;
  const BatchState before = *b.state;
  __syncthreads();
  if (before.full) return;
  if (threadIdx.x == 0) {
    last = static_cast<int32_t>(round);
    samples = before.samples;
    rays = before.rays;
  }
  __syncthreads();
  for (int64_t first = 0; first < round; first += kBlock) {
    const int64_t i = first + threadIdx.x;
    const int32_t n = i < round ? b.count[i] : 0;
    const int32_t hit = i < round && n > 0 ? 1 : 0;
    int32_t all_samples, all_rays;
    const int32_t to = samples + block_scan(n, all_samples), ray = rays + block_scan(hit, all_rays) - 1;
    const bool fits = to <= b.sample_capacity && ray < b.ray_capacity;
    if (hit && !fits) atomicMin(&last, static_cast<int32_t>(i));
    __syncthreads();
    const bool taken = hit && i < last;
    if (i < round) b.start[i] = taken ? ray : -1;
    if (taken) b.rays[ray] = {before.next + i, to - n, n};
    __syncthreads();
    if (threadIdx.x == 0 && last == round) {
      samples += all_samples;
      rays += all_rays;
    }
    // The batch ends within these rays: the last that was taken says how far it goes.
    if (last < round) {
      if (taken) {
        atomicMax(&samples, to);
        atomicMax(&rays, ray + 1);
      }
      for (int64_t k = first + kBlock + threadIdx.x; k < round; k += kBlock) b.start[k] = -1;
      break;
    }
    __syncthreads();
  }
  __syncthreads();
  if (threadIdx.x == 0) *b.state = {before.next + last, rays, samples, last < round ? 1 : 0};
}

// Fills the batch with rays first, first + 1, .. below limit of source(i) until one does not fit. source runs on the device.
template <class Source>
void collect(Exec& exec, const Occupancy& occupancy, const SamplerPlan& sampler, BatchState begin, int64_t limit,
             SampleBatch batch, const Source& source) {
  const OccupancyBits bits{occupancy.plan.cascades, occupancy.plan.resolution, occupancy.cells, occupancy.blocks};
  const float half = 0.5f * static_cast<float>(1 << (occupancy.plan.cascades - 1));
  const float low = 0.5f - half, inverse = 0.5f / half;
  for_each(exec, 1, [=] __device__(int64_t) { *batch.state = begin; });
  for (int64_t first = begin.next; first < limit; first += kRoundRays) {
    const int64_t round = lesser(kRoundRays, limit - first);
    for_each(exec, round, [=] __device__(int64_t i) {
      if (!batch.state->full) batch.count[i] = march_source(bits, sampler, source(first + i), [](int32_t, float, float) {});
    });
    // A round begins where the one before ended, or not at all: rounds that do not fit leave the batch full.
    launch(place_kernel, dim3(1), dim3(kBlock), 0, exec.stream, batch, round);
    for_each(exec, round, [=] __device__(int64_t i) {
      const int32_t r = batch.state->next > first && first + i < batch.state->next ? batch.start[i] : -1;
      if (r < 0) return;
      const SourceRay ray = source(first + i);
      const BatchRay own = batch.rays[r];
      const RayLine& line = ray.line;
      march_source(bits, sampler, ray, [&](int32_t s, float t, float dt) {
        const int64_t at = own.start + s;
        batch.t[at] = t;
        batch.dt[at] = dt;
        batch.ray_of[at] = r;
        batch.position[0][at] = (line.ox + t * line.dx - low) * inverse;
        batch.position[1][at] = (line.oy + t * line.dy - low) * inverse;
        batch.position[2][at] = (line.oz + t * line.dz - low) * inverse;
      });
      batch.direction[0][r] = line.dx;
      batch.direction[1][r] = line.dy;
      batch.direction[2][r] = line.dz;
    });
  }
}

}  // namespace eik::EIK_ISA
