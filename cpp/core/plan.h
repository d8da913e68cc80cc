// What the backends are told: plain descriptions of components with every default resolved. No arithmetic, no owner, no
// standard container: these structs are read by code of every instruction set and by device code.
#pragma once
#include <cstdint>

#include "math/activation.h"
#include "math/grid.h"

namespace eik {

constexpr int kMaxGridLevels = 32;
constexpr int kMaxHiddenLayers = 8;
constexpr int kMaxWidth = 1024;
constexpr int kMaxParts = 8;

struct GridPlan {
  int32_t features;  // a level
  int32_t levels;
  Interpolation interpolation;
  GridLevel level[kMaxGridLevels];
};

enum class EncodingKind { grid, spherical_harmonics, identity, composite };

// An encoding of inputs [first_input, first_input + inputs) of whoever owns it. Its parameters lie at offset.
struct EncodingPlan {
  EncodingKind kind;
  int32_t first_input, inputs, outputs;
  int64_t offset, parameters;
  GridPlan grid;                // kind grid
  int32_t degree;               // kind spherical_harmonics
  float scale, bias;            // kind identity: scale x + bias
  int32_t parts;                // kind composite: outputs one after the other
  const EncodingPlan* part[kMaxParts];
};

// Layer l maps width[l] to width[l+1]; its matrix [outputs][inputs] lies at weights[l].
struct MlpPlan {
  int32_t layers;
  int32_t width[kMaxHiddenLayers + 2];
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
