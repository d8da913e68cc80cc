// A chain of matrices over a batch of points in one kernel: planes to rows of W channels, rows to rows, rows to planes. A
// block walks tiles of points, a warp takes its own from end to end in registers; blocks meet only at slabs of weights, and
// not at all where the weights are resident. What happens at the layers is up to a job.
//
// Floors: 2 W operations an entering or leaving channel and point, 2 W^2 a matrix between; of shared memory, 2 bytes a
// weight for every 16 (W = 256) or 32 points.
#pragma once
#include "cuda/warp_tile.cuh"

namespace eik::EIK_ISA {

constexpr int kChainThreads = 256;  // at most

// Job:
//   Plane entering; float factor()         what the chain reads, and what it is multiplied by
//   H* entered                             NULL, or where that goes as rows, padded to 16 channels
//   at_layer(m, tile, point, end)          changes the sums of the m-th hidden layer met
//   H* rows(m)                             NULL, or where they then go
//   leave(channel, point, end, v)          takes the lane's points of a channel
template <class H, int W, class Job>
__global__ static void __launch_bounds__(kChainThreads) chain_kernel(Count points, Chain chain, bool resident, Job job) {
  constexpr int kBands = WarpTile<W>::kBands, kOwn = WarpTile<W>::kLanePoints;
  const int64_t end = points.get(), tile_points = blockDim.x / 32 * WarpTile<W>::kPoints;
  const int64_t begin = blockIdx.x * tile_points, stride = gridDim.x * tile_points;
  if (begin >= end) return;
  WeightStream<W> weights(chain, resident, (end - begin + stride - 1) / stride);
  const int lane = threadIdx.x % 32, t4 = lane % 4 * 4;
  const float factor = job.factor();

  for (int64_t first = begin; first < end; first += stride) {
    const int64_t point = first + threadIdx.x / 32 * WarpTile<W>::kPoints + lane / 4 * kOwn;
    WarpTile<W> tile = {};
    WarpRows<W> rows;

    float ahead[4][kOwn];
    const auto load = [&](int step) {
#pragma unroll
      for (int c = 0; c < 4; ++c) {
        const int channel = step * 16 + t4 + c;
        if (channel < chain.entering) {
          load_points(job.entering, channel, point, end, ahead[c]);
        } else {
#pragma unroll
          for (int i = 0; i < kOwn; ++i) ahead[c][i] = 0.0f;
        }
      }
    };
    load(0);
#pragma unroll 1
    for (int s = 0; s < chain.enter_steps; ++s) {
      uint32_t a[kBands][4];
#pragma unroll
      for (int i = 0; i < kBands; ++i)
#pragma unroll
        for (int r = 0; r < 4; ++r) {
          const int p = 2 * i + r % 2, c = r / 2 * 2;
          a[i][r] = pack<H>(ahead[c][p] * factor, ahead[c + 1][p] * factor);
        }
      if (s + 1 < chain.enter_steps) load(s + 1);
      if (job.entered) {
#pragma unroll
        for (int p = 0; p < kOwn; ++p) {
          if (point + p < end)
            *reinterpret_cast<uint2*>(job.entered + ((point + p) * chain.enter_steps + s) * 16 + t4) =
                make_uint2(a[p / 2][p % 2], a[p / 2][2 + p % 2]);
        }
      }
      multiply_step<H>(tile, a, weights.next());
    }

#pragma unroll 1
    for (int m = 0;; ++m) {
      job.at_layer(m, tile, point, end);
      to_rows<H>(tile, rows);
      if (H* const to = job.rows(m)) store_rows(rows, to, point, end);
      if (m == chain.between) break;
      tile = {};
#pragma unroll
      for (int s = 0; s < W / 16; ++s) {
        uint32_t a[kBands][4];
#pragma unroll
        for (int i = 0; i < kBands; ++i)
#pragma unroll
          for (int r = 0; r < 4; ++r) a[i][r] = rows.a[i][s][r];
        multiply_step<H>(tile, a, weights.next());
      }
    }

#pragma unroll 1
    for (int first_channel = 0; first_channel < chain.leaving; first_channel += 16) {
      float d[kBands][2][4] = {};
      const uint4* const step = weights.next();
#pragma unroll
      for (int q = 0; q < W / 16; ++q) {
        const uint4 b = step[q * 32];
#pragma unroll
        for (int i = 0; i < kBands; ++i) {
          mma_m16n8k16<H>(d[i][0], rows.a[i][q], {b.x, b.y});
          mma_m16n8k16<H>(d[i][1], rows.a[i][q], {b.z, b.w});
        }
      }
#pragma unroll
      for (int c = 0; c < 4; ++c) {
        float v[kOwn];
#pragma unroll
        for (int p = 0; p < kOwn; ++p) v[p] = d[p / 2][c / 2][p % 2 * 2 + c % 2];
        if (first_channel + t4 + c < chain.leaving) job.leave(first_channel + t4 + c, point, end, v);
      }
    }
  }
}

template <class H, int W, class Job>
void run_chain(Exec& exec, Count points, const Chain& chain, const Job& job) {
  if (points.most == 0) return;
  const WeightRoom room = weight_room<W>(exec, chain);
  // Smaller blocks where there are few points, so that every multiprocessor has some.
  const int64_t warps = (points.most + WarpTile<W>::kPoints - 1) / WarpTile<W>::kPoints;
  const int threads = warps >= exec.multiprocessors * (2 * kChainThreads / 32) ? kChainThreads : kChainThreads / 2;
  const int64_t tiles = (warps + threads / 32 - 1) / (threads / 32);
  const int64_t at_once = clamped(static_cast<int64_t>(exec.block_shared / room.bytes), int64_t{1}, int64_t{512 / threads});
  const auto blocks = static_cast<unsigned>(lesser(tiles, exec.multiprocessors * at_once));
  launch(chain_kernel<H, W, Job>, dim3(blocks), dim3(static_cast<unsigned>(threads)), room.bytes, exec.stream, points, chain,
         room.resident, job);
}

}  // namespace eik::EIK_ISA
