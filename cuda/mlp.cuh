// The multilayer perceptron on a batch of points: all layers at once where a network has the usual form, layer by layer
// otherwise.
#pragma once
#include "cuda/fused_mlp.cuh"
#include "cuda/layered_mlp.cuh"

namespace eik::EIK_ISA {

// outputs: of the last layer, all of them or the first few. tape: what backward needs (then all of the outputs are asked
// for); NULL: nothing is kept.
template <class H>
void mlp_forward(Exec& exec, const MlpPlan& plan, const float* parameters, Plane in, Count points, int32_t outputs, Plane out,
                 MlpTape<H>* tape) {
  if constexpr (!std::is_same_v<H, float>) {
    if (is_fused(plan)) return fused_forward<H>(exec, plan, parameters, in, points, outputs, out, tape);
  }
  MlpTape<H> own;
  layered_forward<H>(exec, plan, parameters, in, points, outputs, out, tape != nullptr, tape ? *tape : own);
}

// d_in may have no data. The network's weight gradients go to parts from first on, unless there are none.
template <class H>
void mlp_backward(Exec& exec, const MlpPlan& plan, const float* parameters, const MlpTape<H>& tape, Count points, Plane d_out,
                  Plane d_in, const GradientParts* parts, int64_t first) {
  if constexpr (!std::is_same_v<H, float>) {
    if (is_fused(plan)) return fused_backward<H>(exec, plan, parameters, tape, points, d_out, d_in, parts, first);
  }
  layered_backward<H>(exec, plan, parameters, tape, points, d_out, d_in, parts, first);
}

}  // namespace eik::EIK_ISA
