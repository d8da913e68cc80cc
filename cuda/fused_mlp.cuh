// Networks of the usual form (hidden layers of one width 16, 32, 64, 128 or 256, no bias, no skip) with all layers in one
// kernel: a warp takes 32 points (16 with width 256) from planes through all layers to planes, in registers. Forward and
// backward are the same chain of matrices with different work at the layers.
//
// Floors, a point, with w wide hidden layers, m matrices between them, i inputs and o outputs:
//   operations      forward 2 (i w + m w^2 + w o), backward to points the same
//   bytes           forward 4 (i + o), and on a tape 2 w a hidden layer; backward 4 (i + o) + 4 w a hidden layer (its
//                   answers in, its gradients out); pre-activations, where the derivative needs them, another 4 w each
#pragma once
#include "cuda/chain.cuh"
#include "cuda/layers.cuh"

namespace eik::EIK_ISA {

inline bool is_fused(const MlpPlan& plan) {
  if (plan.layers < 2 || plan.bias) return false;
  const int32_t w = plan.width[1];
  for (int l = 1; l < plan.layers; ++l) {
    if (plan.width[l] != w || plan.skip[l] || skipped(plan, l) != 0) return false;
  }
  return w == 16 || w == 32 || w == 64 || w == 128 || w == 256;
}

// ---- forward -------------------------------------------------------------------------------------------------------------

template <class H, int W>
struct ForwardJob {
  Plane entering, out, out_before;
  H* entered;
  H* hidden[kMaxHiddenLayers];
  float* before[kMaxHiddenLayers];
  Activation activation, output;

  __device__ float factor() const { return 1.0f; }
  __device__ H* rows(int m) const { return hidden[m]; }

  __device__ void at_layer(int m, WarpTile<W>& tile, int64_t point, int64_t end) const {
    if (activation == Activation::none) return;
    if (slope_from_sign(activation)) {
      const bool relu = activation == Activation::relu;
#pragma unroll
      for (auto& group : tile.sum)
#pragma unroll
        for (auto& d : group)
#pragma unroll
          for (float& v : d) v = v > 0.0f ? v : relu ? 0.0f : v * kLeakySlope;
      return;
    }
    float* const to = before[m];
    for_groups_in_turn(tile, [&](int band, int group, float(&v)[WarpTile<W>::T][4]) {
      if (to) {
#pragma unroll
        for (int h = 0; h < 2; ++h) {
          const int64_t p = point + 2 * band + h;
          if (p >= end) continue;
          float4* const piece = reinterpret_cast<float4*>(to + piece_at<W>(p, group));
#pragma unroll
          for (int j = 0; j < WarpTile<W>::T; j += 2)
            piece[j / 2] = make_float4(v[j][2 * h], v[j][2 * h + 1], v[j + 1][2 * h], v[j + 1][2 * h + 1]);
        }
      }
      with_activation(activation, [&](auto a) {
#pragma unroll
        for (auto& d : v)
#pragma unroll
          for (float& x : d) x = activate(decltype(a)::value, x);
      });
    });
  }

  template <int N>
  __device__ void leave(int channel, int64_t point, int64_t end, float (&v)[N]) const {
    if (output != Activation::none) {
      if (out_before.data) store_points(out_before, channel, point, end, v);
      with_activation(output, [&](auto a) {
#pragma unroll
        for (float& x : v) x = activate(decltype(a)::value, x);
      });
    }
    store_points(out, channel, point, end, v);
  }
};

template <class H, int W>
void fused_forward_of(Exec& exec, const MlpPlan& plan, const float* parameters, Plane in, Count points, int32_t outputs,
                      Plane out, MlpTape<H>* tape) {
  const int hidden_layers = plan.layers - 1;
  ForwardJob<H, W> job = {in, out, {}, nullptr, {}, {}, plan.hidden, plan.output};
  if (tape) {
    tape->in = in;
    for (int l = 0; l < hidden_layers; ++l) {
      tape->hidden[l] = job.hidden[l] = take<H>(exec, W * points.most);
      if (!slope_from_sign(plan.hidden)) tape->before[l] = job.before[l] = take<float>(exec, W * points.most);
    }
    if (plan.output != Activation::none) tape->out_before = job.out_before = take_plane(exec, outputs, points.most);
  }
  const Chain chain = chain_of<W>(exec, plan.width[0], hidden_layers - 1, outputs);
  pack_weights<H, W>(exec, plan, parameters, false, chain);
  run_chain<H, W>(exec, points, chain, job);
}

// ---- backward ------------------------------------------------------------------------------------------------------------

template <class H, int W>
struct BackwardJob {
  Plane entering, d_in;
  H* entered;
  const H* hidden[kMaxHiddenLayers];  // of all arrays, the last layer's first
  const float* before[kMaxHiddenLayers];
  H* d[kMaxHiddenLayers];
  Activation activation;
  GradientScale scale;

  __device__ float factor() const { return scale.factor(); }
  __device__ H* rows(int m) const { return d[m]; }

  __device__ void at_layer(int m, WarpTile<W>& tile, int64_t point, int64_t end) const {
    constexpr int T = WarpTile<W>::T, kGroups = WarpTile<W>::kGroups;
    if (activation == Activation::none) return;
    if (slope_from_sign(activation)) {
      const H* const answered = hidden[m];
      const bool relu = activation == Activation::relu;
#pragma unroll
      for (int i = 0; i < WarpTile<W>::kBands; ++i)
#pragma unroll
        for (int h = 0; h < 2; ++h) {
          const int64_t p = lesser(point + 2 * i + h, end - 1);
#pragma unroll
          for (int c = 0; c < kGroups; ++c) {
            const Piece<W> piece = *reinterpret_cast<const Piece<W>*>(answered + piece_at<W>(p, c));
#pragma unroll
            for (int j = 0; j < T; ++j) {
              const float2 answer = unpack<H>(piece.pair[j]);
              float &low = tile.sum[i * kGroups + c][j][2 * h], &high = tile.sum[i * kGroups + c][j][2 * h + 1];
              if (!(answer.x > 0.0f)) low = relu ? 0.0f : low * kLeakySlope;
              if (!(answer.y > 0.0f)) high = relu ? 0.0f : high * kLeakySlope;
            }
          }
        }
      return;
    }
    const float* const from = before[m];
    for_groups_in_turn(tile, [&](int band, int group, float(&v)[T][4]) {
      float x[T][4];
#pragma unroll
      for (int h = 0; h < 2; ++h) {
        const int64_t p = lesser(point + 2 * band + h, end - 1);
        const float4* const piece = reinterpret_cast<const float4*>(from + piece_at<W>(p, group));
#pragma unroll
        for (int j = 0; j < T; j += 2) {
          const float4 four = piece[j / 2];
          x[j][2 * h] = four.x;
          x[j][2 * h + 1] = four.y;
          x[j + 1][2 * h] = four.z;
          x[j + 1][2 * h + 1] = four.w;
        }
      }
      with_activation(activation, [&](auto a) {
#pragma unroll
        for (int j = 0; j < T; ++j)
#pragma unroll
          for (int e = 0; e < 4; ++e) v[j][e] *= activation_slope(decltype(a)::value, x[j][e]);
      });
    });
  }

  template <int N>
  __device__ void leave(int channel, int64_t point, int64_t end, float (&v)[N]) const {
#pragma unroll
    for (float& x : v) x *= scale.inverse();
    store_points(d_in, channel, point, end, v);
  }
};

template <class H, int W>
void fused_backward_of(Exec& exec, const MlpPlan& plan, const float* parameters, const MlpTape<H>& tape, Count points,
                       Plane d_out, Plane d_in, const GradientParts* parts, int64_t first) {
  const int hidden_layers = plan.layers - 1;
  const int32_t outputs = plan.width[plan.layers], padded = (outputs + 15) / 16 * 16;
  const Plane d_last = output_gradient(exec, plan, tape.out_before, points, d_out);
  const GradientScale scale = gradient_scale<H>(exec, d_last, outputs, points);
  BackwardJob<H, W> job = {d_last, d_in, nullptr, {}, {}, {}, plan.hidden, scale};
  if (parts) job.entered = take<H>(exec, padded * points.most);
  for (int m = 0; m < hidden_layers; ++m) {
    const int l = hidden_layers - 1 - m;
    job.hidden[m] = tape.hidden[l];
    job.before[m] = tape.before[l];
    if (parts) job.d[m] = take<H>(exec, W * points.most);
  }
  const Chain chain = chain_of<W>(exec, outputs, hidden_layers - 1, d_in.data ? plan.width[0] : 0);
  pack_weights<H, W>(exec, plan, parameters, true, chain);
  run_chain<H, W>(exec, points, chain, job);
  if (!parts) return;
  for (int l = plan.layers - 1; l >= 0; --l) {
    const bool last = l == plan.layers - 1;
    const PointChannels<H> d{{}, 0, last ? job.entered : job.d[hidden_layers - 1 - l], last ? padded : W};
    weight_gradients(exec, plan, tape, l, d, scale, points, *parts, first + plan.weights[l]);
  }
}

// ---- by width --------------------------------------------------------------------------------------------------------------

// body(the width as a constant)
template <class Body>
void with_width(int32_t width, const Body& body) {
  switch (width) {
    case 16: return body(std::integral_constant<int, 16>());
    case 32: return body(std::integral_constant<int, 32>());
    case 64: return body(std::integral_constant<int, 64>());
    case 128: return body(std::integral_constant<int, 128>());
    default: return body(std::integral_constant<int, 256>());
  }
}

template <class H>
void fused_forward(Exec& exec, const MlpPlan& plan, const float* parameters, Plane in, Count points, int32_t outputs, Plane out,
                   MlpTape<H>* tape) {
  with_width(plan.width[1], [&](auto w) {
    fused_forward_of<H, decltype(w)::value>(exec, plan, parameters, in, points, outputs, out, tape);
  });
}

template <class H>
void fused_backward(Exec& exec, const MlpPlan& plan, const float* parameters, const MlpTape<H>& tape, Count points,
                    Plane d_out, Plane d_in, const GradientParts* parts, int64_t first) {
  with_width(plan.width[1], [&](auto w) {
    fused_backward_of<H, decltype(w)::value>(exec, plan, parameters, tape, points, d_out, d_in, parts, first);
  });
}

}  // namespace eik::EIK_ISA
