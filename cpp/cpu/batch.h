// Rays gathered into a batch of packed samples. Rays are marched in rounds of a fixed size, each ray into a slot of its
// own, and packed in ray order: one pass, and the same batch on any number of threads. Rays that meet nothing leave no
// trace in the batch.
#pragma once
#include "core/backend.h"
#include "cpu/lanes.h"
#include "math/marching.h"

namespace eik::EIK_ISA {

constexpr int64_t kRoundRays = 1024;
constexpr int64_t kTaskRays = 32;

struct BatchRay {
  int64_t id;  // the ray's number in its source
  RayLine line;
  int32_t start, count;  // samples
};

struct SampleBatch {
  int64_t sample_capacity, ray_capacity;
  int64_t n_samples, n_rays;
  Plane position;  // [3]: in [0,1] of the outermost cascade
  Plane direction; // [3][rays]
  float *t, *dt;   // t: the middle of a sample
  BatchRay* rays;
  // One round's slots.
  RayLine* round_line;
  int32_t* round_count;
  float *round_t, *round_dt;
};

EIK_HD SampleBatch take_samples(Arena& arena, int64_t sample_capacity, int64_t ray_capacity) {
  SampleBatch b{};
  b.sample_capacity = sample_capacity;
  b.ray_capacity = ray_capacity;
  b.position = take_plane(arena, 3, sample_capacity + kPadding);
  b.direction = take_plane(arena, 3, ray_capacity + kPadding);
  b.t = take<float>(arena, sample_capacity + kPadding);
  b.dt = take<float>(arena, sample_capacity + kPadding);
  b.rays = take<BatchRay>(arena, ray_capacity);
  b.round_line = take<RayLine>(arena, kRoundRays);
  b.round_count = take<int32_t>(arena, kRoundRays);
  b.round_t = take<float>(arena, kRoundRays * kMaxSamplesPerRay);
  b.round_dt = take<float>(arena, kRoundRays * kMaxSamplesPerRay);
  return b;
}

EIK_HD OccupancyBits bits_of(const Occupancy& o) {
  return {o.plan.cascades, o.plan.resolution, o.cells, o.blocks};
}

// A ray of a source: where it runs, where in its first step it starts, and whether something is known to be there.
struct SourceRay {
  RayLine line;
  float jitter;
  bool must_hit;
};

// A ray that must hit something but meets only empty cells shows that the grid lost a part of the scene (thin parts go
// first, while little is learnt): it is marched through all cells, in steps so much longer, and brings the part back.
constexpr float kSearchStride = 8.0f;

EIK_HD SamplerPlan search_sampler(SamplerPlan s) {
  s.step *= kSearchStride;
  s.cone_angle *= kSearchStride;
  s.largest *= kSearchStride;
  return s;
}

// Fills the batch with rays first, first + 1, .. below limit of source(i) until one does not fit; answers that one.
template <class Source>
EIK_HD int64_t collect(Exec& exec, const Occupancy& occupancy, const SamplerPlan& sampler, int64_t first, int64_t limit,
                       SampleBatch& batch, const Source& source) {
  const OccupancyBits bits = bits_of(occupancy), everywhere{bits.cascades, bits.resolution, nullptr, nullptr};
  const float half = 0.5f * static_cast<float>(1 << (occupancy.plan.cascades - 1));
  const float low = 0.5f - half, inverse = 0.5f / half;
  batch.n_samples = batch.n_rays = 0;
  int64_t next = first;
  for (bool full = false; !full && next < limit;) {
    const int64_t round = lesser(kRoundRays, limit - next);
    parallel(exec, (round + kTaskRays - 1) / kTaskRays, [&](int64_t task, int) {
      for (int64_t i = task * kTaskRays; i < lesser((task + 1) * kTaskRays, round); ++i) {
        const SourceRay ray = source(next + i);
        float *t = batch.round_t + i * kMaxSamplesPerRay, *dt = batch.round_dt + i * kMaxSamplesPerRay;
        int32_t n = 0;
        const auto add = [&](float at, float step) __attribute__((always_inline)) {
          t[n] = at + 0.5f * step;
          dt[n++] = step;
        };
        march_ray(bits, sampler, ray.line, ray.jitter, add);
        if (n == 0 && ray.must_hit) march_ray(everywhere, search_sampler(sampler), ray.line, ray.jitter, add);
        batch.round_line[i] = ray.line;
        batch.round_count[i] = n;
      }
    });
    const int64_t before = batch.n_rays;
    int64_t accepted = 0;
    for (; accepted < round; ++accepted) {
      const int32_t n = batch.round_count[accepted];
      if (n == 0) continue;
      if (batch.n_samples + n > batch.sample_capacity || batch.n_rays == batch.ray_capacity) {
        full = true;
        break;
      }
      batch.rays[batch.n_rays++] = {next + accepted, batch.round_line[accepted], static_cast<int32_t>(batch.n_samples), n};
      batch.n_samples += n;
    }
    const int64_t added = batch.n_rays - before;
    parallel(exec, (added + kTaskRays - 1) / kTaskRays, [&](int64_t task, int) {
      for (int64_t i = before + task * kTaskRays; i < lesser(before + (task + 1) * kTaskRays, batch.n_rays); ++i) {
        const BatchRay& ray = batch.rays[i];
        const float* t = batch.round_t + (ray.id - next) * kMaxSamplesPerRay;
        const float* dt = batch.round_dt + (ray.id - next) * kMaxSamplesPerRay;
        const float o[3] = {ray.line.ox, ray.line.oy, ray.line.oz}, d[3] = {ray.line.dx, ray.line.dy, ray.line.dz};
        __builtin_memcpy(batch.t + ray.start, t, static_cast<size_t>(ray.count) * sizeof(float));
        __builtin_memcpy(batch.dt + ray.start, dt, static_cast<size_t>(ray.count) * sizeof(float));
        for (int k = 0; k < 3; ++k) {
          float* out = batch.position[k] + ray.start;
          for (int32_t s = 0; s < ray.count; ++s) out[s] = (o[k] + t[s] * d[k] - low) * inverse;
          batch.direction[k][i] = d[k];
        }
      }
    });
    next += accepted;
  }
  for (int k = 0; k < 3; ++k) {  // what a whole register reads past the end
    for (int64_t i = 0; i < kPadding; ++i) batch.position[k][batch.n_samples + i] = 0.0f;
    for (int64_t i = 0; i < kPadding; ++i) batch.direction[k][batch.n_rays + i] = 0.0f;
  }
  return next;
}

// A run of whole rays whose samples are worked on together.
struct BatchTile {
  int64_t ray_begin, ray_end;
  int64_t begin, end;  // samples
  int64_t slot;        // where results of this tile go, a multiple of the tile unit
};

// Cuts the batch into tiles; answers how many.
EIK_HD int64_t cut_tiles(const SampleBatch& batch, int64_t tile_samples, int64_t unit, BatchTile* tiles) {
  int64_t n = 0, slot = 0;
  for (int64_t r = 0; r < batch.n_rays;) {
    BatchTile tile{r, r, batch.rays[r].start, batch.rays[r].start, slot};
    do tile.end += batch.rays[tile.ray_end++].count;
    while (tile.ray_end < batch.n_rays && tile.end + batch.rays[tile.ray_end].count - tile.begin <= tile_samples);
    slot += padded(tile.end - tile.begin, unit);
    r = tile.ray_end;
    tiles[n++] = tile;
  }
  return n;
}

}  // namespace eik::EIK_ISA
