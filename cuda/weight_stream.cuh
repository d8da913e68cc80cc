// The weights of a fused network as one sequence of steps, each 16 W weights of a network of width W, in the order in which
// the lanes of a warp want them for tensor cores: from inputs to W channels 16 inputs a step, between hidden layers 16 of
// the W, and to outputs 16 outputs a step. Padding is zero, so that nobody looks for ends.
//
// A block keeps all steps in shared memory where they fit, and else passes them through it: slabs of 16 KB, fetched while
// the ones before are in use.
//
// Floors: 32 W bytes a step, read once by a block or, in slabs, once for every tile of points of a block (16 operations a
// byte for every 16 points of the tile).
#pragma once
#include "core/plan.h"
#include "cuda/parallel.cuh"
#include "cuda/planes.cuh"

namespace eik::EIK_ISA {

// ---- which channel is where --------------------------------------------------------------------------------------------

// A lane holds columns 2t and 2t + 1 of tensor-core tiles of 8 (t = lane % 4). Channels are dealt to columns such that what
// a lane holds of Tiles neighbouring tiles are 2 Tiles neighbouring channels, which it can load and store as a vector.
constexpr int kPlaneTiles = 2;
template <int W>
constexpr int kRowTiles = W < 32 ? 2 : 4;

__host__ __device__ constexpr int channel_at(int column, int tiles) {
  const int in = column % (8 * tiles), tile = in / 8, t = in % 8 / 2, odd = in % 2;
  return column - in + 2 * tiles * t + 2 * tile + odd;
}

// ---- packing -----------------------------------------------------------------------------------------------------------

// The matrices of a network in the order in which a pass meets them: planes to rows, rows to rows, rows to planes.
struct Chain {
  int32_t entering, leaving;  // channels of the planes
  int32_t between;            // matrices from rows to rows
  int32_t enter_steps, steps;
  uint4* weights;
};

template <int W>
inline Chain chain_of(Exec& exec, int32_t entering, int32_t between, int32_t leaving) {
  const int32_t enter_steps = (entering + 15) / 16, steps = enter_steps + between * (W / 16) + (leaving + 15) / 16;
  return {entering, leaving, between, enter_steps, steps, take<uint4>(exec, static_cast<int64_t>(steps) * 2 * W)};
}

// Backward, the matrices are met from the last to the first, transposed.
template <class H, int W>
void pack_weights(Exec& exec, const MlpPlan& plan, const float* parameters, bool backward, const Chain& chain) {
  constexpr int kPairs = 8 * W;  // in a step: [block of 16][lane][register of mma's B]
  uint32_t* const words = reinterpret_cast<uint32_t*>(chain.weights);
  for_each(exec, static_cast<int64_t>(chain.steps) * kPairs, [=] __device__(int64_t i) {
    const int step = static_cast<int>(i / kPairs), block = static_cast<int>(i % kPairs) / 128;
    const int lane = static_cast<int>(i / 4 % 32), r = static_cast<int>(i % 4);
    const int rows_end = chain.enter_steps + chain.between * (W / 16);
    const int matrix = step < chain.enter_steps ? 0 : step < rows_end ? 1 + (step - chain.enter_steps) / (W / 16) : chain.between + 1;
    const bool enters = matrix == 0, leaves = step >= rows_end;
    const int n16 = leaves ? step - rows_end : block;
    const int k16 = leaves ? block : enters ? step : (step - chain.enter_steps) % (W / 16);
    const int n = channel_at(n16 * 16 + r / 2 * 8 + lane / 4, leaves ? kPlaneTiles : kRowTiles<W>);
    const int l = backward ? plan.layers - 1 - matrix : matrix;
    const float* const w = parameters + plan.offset + plan.weights[l];
    float pair[2];
    for (int odd = 0; odd < 2; ++odd) {
      const int k = channel_at(k16 * 16 + r % 2 * 8 + lane % 4 * 2 + odd, enters ? kPlaneTiles : kRowTiles<W>);
      const bool there = n < (leaves ? chain.leaving : W) && k < (enters ? chain.entering : W);
      const int64_t inputs = plan.inputs[l];
      pair[odd] = there ? w[backward ? k * inputs + n : n * inputs + k] : 0.0f;
    }
    words[i] = pack<H>(pair[0], pair[1]);
  });
}

// ---- on the way through shared memory ----------------------------------------------------------------------------------

constexpr int kSlabs = 3;
constexpr size_t kSlabBytes = 16 << 10;

// What a block of a chain of width W needs; resident if all weights stay.
struct WeightRoom {
  bool resident;
  size_t bytes;
};
template <int W>
WeightRoom weight_room(const Exec& exec, const Chain& chain) {
  const size_t all = static_cast<size_t>(chain.steps) * 32 * W;
  const bool resident = all <= exec.block_shared;
  return {resident, resident ? all : kSlabs * kSlabBytes};
}

// All threads of a block take the same steps, tile of points after tile of points.
template <int W>
class WeightStream {
 public:
  static constexpr int kStep = 2 * W;                                         // uint4
  static constexpr int kSlabSteps = static_cast<int>(kSlabBytes / (32 * W));  // in a slab

  __device__ WeightStream(const Chain& chain, bool resident, int64_t tiles)
      : weights_(chain.weights), steps_(chain.steps), resident_(resident) {
    if (resident) {
      copy(dynamic_shared<uint4>(), 0, steps_);
      copy_async_commit();
      copy_async_wait<0>();
      __syncthreads();
    } else {
      to_fetch_ = tiles * ((steps_ + kSlabSteps - 1) / kSlabSteps);
      for (int i = 0; i < kSlabs - 1; ++i) fetch();
    }
  }

  // This lane's part of the next step: 16 bytes, those of the next block of 16 are 32 lanes further.
  __device__ __forceinline__ const uint4* next() {
    if (left_ == 0) turn();
    --left_;
    const uint4* const at = at_;
    at_ += kStep;
    return at;
  }

 private:
  __device__ void copy(uint4* to, int first, int steps) {
    const uint4* const from = weights_ + static_cast<int64_t>(first) * kStep;
    for (int i = threadIdx.x; i < steps * kStep; i += blockDim.x) copy_async<16>(to + i, from + i);
  }
  __device__ static uint4* slab(int i) { return dynamic_shared<uint4>() + i * (kSlabSteps * kStep); }

  __device__ void fetch() {
    if (to_fetch_ > 0) {
      const int n = lesser(kSlabSteps, steps_ - fetch_);
      copy(slab(fetch_slab_), fetch_, n);
      fetch_ = fetch_ + n == steps_ ? 0 : fetch_ + n;
      fetch_slab_ = (fetch_slab_ + 1) % kSlabs;
      --to_fetch_;
    }
    copy_async_commit();
  }

  __device__ void turn() {
    const int lane = threadIdx.x % 32;
    if (resident_) {
      at_ = dynamic_shared<uint4>() + lane;
      left_ = steps_;
      return;
    }
    copy_async_wait<kSlabs - 2>();
    __syncthreads();  // this slab is here, and everyone has left the one before
    fetch();          // into that one
    at_ = slab(slab_) + lane;
    slab_ = (slab_ + 1) % kSlabs;
    left_ = lesser(kSlabSteps, steps_ - step_);
    step_ = step_ + left_ == steps_ ? 0 : step_ + left_;
  }

  const uint4* const weights_;
  const int steps_;
  const bool resident_;
  const uint4* at_ = nullptr;
  int left_ = 0;                   // steps of what at_ is in
  int step_ = 0, slab_ = 0;        // to turn to next
  int fetch_ = 0, fetch_slab_ = 0;
  int64_t to_fetch_ = 0;           // slabs
};

}  // namespace eik::EIK_ISA
