// What the backends are told: plain descriptions of components with every default resolved. No arithmetic, no owner, no
// standard container: these structs are read by code of every instruction set and by device code.
#pragma once
#include <cstdint>

#include "math/activation.h"
#include "math/coordinate.h"
#include "math/grid.h"
#include "math/integrated_frequency.h"

namespace eik {

constexpr int kMaxGridLevels = 32;
constexpr int kMaxHiddenLayers = 8;
constexpr int kMaxWidth = 1024;        // of hidden layers
constexpr int kMaxChannels = 1 << 14;  // of inputs and outputs
constexpr int kMaxParts = 8;

struct GridPlan {
  int32_t features;  // a level
  int32_t levels;
  Interpolation interpolation;
  GridLevel level[kMaxGridLevels];
};

enum class EncodingKind { grid, spherical_harmonics, coordinate, integrated_frequency, contraction, composite };
enum class Reduction { concatenation, sum, product };

// An encoding of inputs [first_input, first_input + inputs) of whoever owns it. Its parameters lie at offset.
struct EncodingPlan {
  EncodingKind kind;
  int32_t first_input, inputs, outputs;
  int64_t offset, parameters;
  GridPlan grid;              // kind grid
  int32_t degree;             // kind spherical_harmonics
  CoordinatePlan coordinate;  // kind coordinate: every input by itself, outputs one input after the other
  IntegratedFrequencyPlan integrated;  // kind integrated_frequency
  ContractionPlan contraction;  // kind contraction, of one part
  Reduction reduction;        // kind composite; all parts have as many outputs where they are added or multiplied
  int32_t parts;
  const EncodingPlan* part[kMaxParts];
};

// Layer l maps inputs[l] channels to width[l+1]: the width[l] of the layer before, and, if it skips, in front of them the
// width[0] of the network. Its matrix [outputs][inputs] lies at weights[l]; its bias [outputs], if the network has any,
// right behind.
struct MlpPlan {
  int32_t layers;
  int32_t width[kMaxHiddenLayers + 2];
  int32_t inputs[kMaxHiddenLayers + 1];
  bool skip[kMaxHiddenLayers + 1];
  bool bias;
  int64_t weights[kMaxHiddenLayers + 1];
  Activation hidden, output;
  int64_t offset, parameters;
};

enum class ModuleKind { encoding, network, chain, radiance };

// encoding: inputs -> encoding.               network: inputs -> network.
// chain: inputs -> encoding -> network.
// radiance: position (3) -> encoding -> network, whose first output is the raw density; its outputs, then the encoded
// direction (3), -> head -> the channels. Outputs: channels, then raw density.
struct ModulePlan {
  ModuleKind kind;
  int32_t inputs, outputs;
  int64_t parameters;
  EncodingPlan encoding, direction;
  MlpPlan network, head;
};

}  // namespace eik
