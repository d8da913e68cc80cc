// Rays gathered into a batch of packed samples. Rays are marched in rounds of a fixed size, a register of rays at once,
// each ray into a slot of its own, and packed in ray order: one pass, and the same batch on any number of threads. Rays
// that meet nothing leave no trace in the batch.
#pragma once
#include "core/backend.h"
#include "cpu/lanes.h"
#include "math/marching.h"

namespace eik::EIK_ISA {

constexpr int64_t kRoundRays = 1024, kFirstRound = 256;
constexpr int64_t kTaskRays = 32;
constexpr int64_t kMarchRays = 128;  // marched together

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
  bool* round_searched;
  float* round_t;  // where steps start
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
  b.round_searched = take<bool>(arena, kRoundRays);
  b.round_t = take<float>(arena, kRoundRays * kMaxSamplesPerRay + kPadding);
  return b;
}

EIK_HD OccupancyBits bits_of(const Occupancy& o) {
  return {o.plan.cascades, o.plan.resolution, o.cells, o.blocks};
}

// A ray of a source: where it runs, where in its first step it starts, and the RGBA pixel that it has to explain, or NULL. One
// that is ignored is not marched and so leaves no trace.
struct SourceRay {
  RayLine line;
  float jitter;
  const uint8_t* pixel;
  bool ignored = false;
};

// A ray whose pixel shows something but which meets only empty cells shows that the grid lost a part of the scene (thin
// parts go first, while little is learnt): it is marched through all cells, in steps so much longer, and brings the part
// back.
constexpr float kSearchStride = 8.0f;

EIK_HD bool must_hit(const SourceRay& ray) { return !ray.ignored && ray.pixel && ray.pixel[3] > 127; }

EIK_HD SamplerPlan search_sampler(SamplerPlan s) {
  s.step *= kSearchStride;
  s.cone_angle *= kSearchStride;
  s.largest *= kSearchStride;
  return s;
}

EIK_HD vi bit_at(const uint8_t* bits, vi i) {
  return (gather(reinterpret_cast<const uint32_t*>(bits), i >> 5) >> (i & 31) & 1) != 0;
}

// Marches rays as march_ray does each, a register of them at once: where their steps start goes to t, kMaxSamplesPerRay a
// ray. Most rays of a scene of objects meet nothing and are done after a few empty blocks: the next rays take their lanes.
static void march_lanes(const OccupancyBits& grid, const SamplerPlan& s, const SourceRay* rays, int64_t n_rays, float* t,
                        int32_t* count) {
  alignas(64) float lines[7][kLanes] = {}, start[kLanes];
  float* slot[kLanes];
  int32_t* counter[kLanes];
  March<vf> m{};
  vi on = {};
  for (int64_t next = 0;;) {
    const uint32_t active = lane_bits(on);
    if (next < n_rays && __builtin_popcount(active) <= kLanes * 3 / 4) {
      vi fresh = {};
      for (int i = 0; i < kLanes; ++i) {
        if ((active >> i & 1) != 0) continue;
        while (next < n_rays && rays[next].ignored) count[next++] = 0;
        if (next == n_rays) break;
        const RayLine& l = rays[next].line;
        const float line[7] = {l.ox, l.oy, l.oz, l.dx, l.dy, l.dz, rays[next].jitter};
        for (int k = 0; k < 7; ++k) lines[k][i] = line[k];
        slot[i] = t + next * kMaxSamplesPerRay;
        counter[i] = count + next;
        count[next++] = 0;
        fresh[i] = -1;
      }
      const vf o[3] = {load(lines[0]), load(lines[1]), load(lines[2])}, d[3] = {load(lines[3]), load(lines[4]), load(lines[5])};
      March<vf> begun = begin_march(grid, s, o, d, load(lines[6]));
      begun.t = fresh ? begun.t : m.t;
      begun.end = fresh ? begun.end : m.end;
      m = begun;  // what else a march has is a function of its line
      on |= fresh & (m.t < m.end);
    }
    if (!any(on)) {
      if (next == n_rays) return;
      continue;
    }
    const MarchCell<vf> c = march_cell(grid, s, m);
    const vi in_block[3] = {c.cell[0] / kBlockSide, c.cell[1] / kBlockSide, c.cell[2] / kBlockSide};
    const vi block = bit_at(grid.blocks, march_index(c.cascade, in_block, grid.resolution / kBlockSide));
    vi sample = on & block;
    if (any(sample)) sample &= bit_at(grid.cells, march_index(c.cascade, c.cell, grid.resolution));
    store(start, m.t);
    vi full = {};
    for (uint32_t bits = lane_bits(sample); bits != 0; bits &= bits - 1) {
      const int i = __builtin_ctz(bits);
      slot[i][(*counter[i])++] = start[i];
      if (*counter[i] == kMaxSamplesPerRay) full[i] = -1;
    }
    vf ahead = m.t + c.dt;
    if (any(on & ~sample)) ahead = sample ? ahead : march_on(grid, s, m, c, block);
    on &= (ahead > m.t) & (ahead < m.end) & ~full;
    m.t = on ? ahead : m.t;
  }
}

// Fills the batch with rays first, first + 1, .. below limit of source(i) until one does not fit; answers that one.
template <class Source>
EIK_HD int64_t collect(Exec& exec, const Occupancy& occupancy, const SamplerPlan& sampler, int64_t first, int64_t limit,
                       SampleBatch& batch, const Source& source) {
  const OccupancyBits bits = bits_of(occupancy), everywhere{bits.cascades, bits.resolution, nullptr, nullptr};
  const SamplerPlan search = search_sampler(sampler);
  const float half = 0.5f * static_cast<float>(1 << (occupancy.plan.cascades - 1));
  const float low = 0.5f - half, inverse = 0.5f / half;
  batch.n_samples = batch.n_rays = 0;
  int64_t next = first;
  for (bool full = false; !full && next < limit;) {
    // As many rays as will fill the batch if they are like those before: what does not fit was marched for nothing.
    const int64_t expected = next == first ? kFirstRound
                                           : (batch.sample_capacity - batch.n_samples) * (next - first) / (batch.n_samples + 1);
    const int64_t round = lesser(clamped<int64_t>(expected, kTaskRays, kRoundRays), limit - next);
    parallel(exec, (round + kMarchRays - 1) / kMarchRays, [&](int64_t task, int) {
      const int64_t begin = task * kMarchRays, rays = lesser(kMarchRays, round - begin);
      SourceRay ray[kMarchRays];
      for (int64_t i = 0; i < rays; ++i) {
        ray[i] = source(next + begin + i);
        if (ray[i].pixel) __builtin_prefetch(ray[i].pixel);
        batch.round_line[begin + i] = ray[i].line;
      }
      float* t = batch.round_t + begin * kMaxSamplesPerRay;
      int32_t* count = batch.round_count + begin;
      march_lanes(bits, sampler, ray, rays, t, count);
      for (int64_t i = 0; i < rays; ++i) {
        batch.round_searched[begin + i] = count[i] == 0 && must_hit(ray[i]);
        if (batch.round_searched[begin + i])
          march_ray(everywhere, search, ray[i].line, ray[i].jitter,
                    [&](float start, float) { t[i * kMaxSamplesPerRay + count[i]++] = start; });
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
        const SamplerPlan& s = batch.round_searched[ray.id - next] ? search : sampler;
        const float* start = batch.round_t + (ray.id - next) * kMaxSamplesPerRay;
        const float o[3] = {ray.line.ox, ray.line.oy, ray.line.oz}, d[3] = {ray.line.dx, ray.line.dy, ray.line.dz};
        float *t = batch.t + ray.start, *dt = batch.dt + ray.start;
        for (int32_t n = 0; n < ray.count; ++n) {
          dt[n] = step_at(s, start[n]);
          t[n] = start[n] + 0.5f * dt[n];
        }
        for (int k = 0; k < 3; ++k) {
          float* out = batch.position[k] + ray.start;
          for (int32_t n = 0; n < ray.count; ++n) out[n] = (o[k] + t[n] * d[k] - low) * inverse;
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

// Drops the rays from the given one of the source on.
EIK_HD void drop_from(SampleBatch& batch, int64_t id) {
  while (batch.n_rays > 0 && batch.rays[batch.n_rays - 1].id >= id) batch.n_samples = batch.rays[--batch.n_rays].start;
}

// Cuts the batch into tiles; answers how many. Rays of the source that belong together, so many one after another, stay in
// one tile.
EIK_HD int64_t cut_tiles(const SampleBatch& batch, int64_t together, int64_t tile_samples, int64_t unit, BatchTile* tiles) {
  int64_t n = 0, slot = 0;
  for (int64_t r = 0; r < batch.n_rays;) {
    BatchTile tile{r, r, batch.rays[r].start, batch.rays[r].start, slot};
    const auto fits = [&](const BatchRay& next) {
      return next.id / together == batch.rays[tile.ray_end - 1].id / together || tile.end + next.count - tile.begin <= tile_samples;
    };
    do tile.end += batch.rays[tile.ray_end++].count;
    while (tile.ray_end < batch.n_rays && fits(batch.rays[tile.ray_end]));
    slot += padded(tile.end - tile.begin, unit);
    r = tile.ray_end;
    tiles[n++] = tile;
  }
  return n;
}

}  // namespace eik::EIK_ISA
