// What a backend is: memory, and one table of kernels. This list is the only place where kernel signatures stand; the
// CPU fills it once per instruction set, CUDA fills it with launches. What a table entry does inside (level by level,
// tile by tile, fused or not) is the backend's own schedule. Pointers in plans and kernels are device memory.
#pragma once
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>

#include "core/plan.h"
#include "math/adam.h"
#include "math/compositing.h"
#include "math/dilation.h"
#include "math/loss.h"
#include "math/marching.h"
#include "math/pixel.h"
#include "math/ray_loss.h"

namespace eik {

struct Exec;  // the backend's own: threads and scratch memory, or a stream

// A module's parameters: fp32 master values, their gradients, and the backend's half-precision copy (or NULL).
struct Parameters {
  float* values;
  float* gradients;
  void* half;
};

// Optimiser state of a module.
struct Moments {
  float* first;
  float* second;
};

struct OccupancyPlan {
  int32_t cascades, resolution;
  float decay, threshold;
  float smallest_step;  // cells hold density * smallest_step
};
struct Occupancy {
  OccupancyPlan plan;
  float* values;
  uint8_t* cells;
  uint8_t* blocks;
};

// How a radiance field is seen along rays.
struct RoadPlan {
  const ModulePlan* field;
  Parameters parameters;
  Occupancy occupancy;
  SamplerPlan sampler;
  CompositingPlan compositing;
};

struct TrainPlan {
  RoadPlan road;
  PixelSource pixels;
  int32_t samples;  // a step's target
  LossPlan loss;
  RayLossPlan ray_loss;
  Moments moments;
};

struct StepStats {
  double loss;
  int64_t rays, rays_hit, samples_marched, samples_live, samples_visible;
};

struct RenderPlan {
  RoadPlan road;
  CameraModel camera;
  float background[3];
  int32_t row_begin, row_end;
  int32_t supersampling;  // a pixel is the mean of so many rays squared
};

struct PackedRays {
  int64_t n_rays, n_samples;
  const int32_t* start;
  const int32_t* count;
};

// X(name, (parameters)). All are void; sizes are checked before they are called.
#define EIK_KERNELS(X)                                                                                                  \
  /* Renews the half-precision copy of all parameters. */                                                              \
  X(refresh, (Exec&, const ModulePlan&, Parameters))                                                                    \
  X(forward, (Exec&, const ModulePlan&, Parameters, int64_t n, const float* inputs, float* outputs))                    \
  /* d_inputs may be NULL; parameter gradients are added where wanted. */                                              \
  X(backward, (Exec&, const ModulePlan&, Parameters, int64_t n, const float* inputs, const float* d_outputs,            \
               float* d_inputs, bool parameters))                                                                       \
  /* One Adam step over all parameters; gradients become zero; grid entries without gradient stay untouched. */        \
  X(optimize, (Exec&, const ModulePlan&, Parameters, Moments, const AdamStep&))                                         \
  X(average, (Exec&, int64_t n, float decay, const float* values, float* average))                                      \
  X(loss, (Exec&, const LossPlan&, int64_t n, const float* prediction, const float* target, double* value,              \
           float* gradient))                                                                                            \
  /* Inverse-CDF sampling of a histogram per ray, as eik_resample describes. */                                         \
  X(resample, (Exec&, int64_t n, int32_t bins, const float* edges, const float* weights, int32_t samples,               \
               const float* jitter, float* t))                                                                          \
  X(dilate, (Exec&, const DilationPlan&, int64_t n, int32_t bins, const float* edges, const float* weights,             \
             float* wide_edges, float* wide_weights))                                                                   \
  /* The Gaussian of each bin of a ray's cone, as eik_frustums describes. */                                            \
  X(frustums, (Exec&, int64_t n, int32_t bins, const float* origins, const float* directions, const float* radii,       \
               const float* edges, float* gaussians))                                                                   \
  X(distortion_loss, (Exec&, const PackedRays&, const float* t, const float* dt, const float* weights, float* loss,     \
                      float* d_weights))                                                                                \
  /* As eik_proposal_loss describes. */                                                                                 \
  X(proposal_loss, (Exec&, int64_t n, int32_t bins, const float* edges, const float* weights, int32_t proposal_bins,    \
                    const float* proposal_edges, const float* proposal, float half_width, float* loss,                  \
                    float* d_proposal))                                                                                 \
  X(composite_forward, (Exec&, const CompositingPlan&, const PackedRays&, int32_t channels, const float* raw_density,   \
                        const float* dt, const float* t, const float* values, const float* background, float* color,    \
                        float* opacity, float* depth, int32_t* live, float* weights))                                   \
  X(composite_backward, (Exec&, const CompositingPlan&, const PackedRays&, int32_t channels, const float* raw_density,  \
                         const float* dt, const float* t, const float* values, const float* background,                 \
                         const float* d_color, const float* d_opacity, const float* d_depth, float* d_raw_density,      \
                         float* d_values, float* d_background))                                                         \
  X(camera_rays, (Exec&, const View* views, int64_t n, const int32_t* view, const float* pixels, float* origins,        \
                  float* directions))                                                                                   \
  X(march, (Exec&, const Occupancy&, const SamplerPlan&, int64_t n, const float* origins, const float* directions,      \
            const float* jitter, int64_t capacity, int32_t* counts, float* positions, float* dt, float* t,              \
            int64_t* n_samples))                                                                                        \
  /* Samples the density in cells; portion: one cell in so many, and as many again of the occupied ones if asked. */    \
  X(occupancy_update, (Exec&, const RoadPlan&, uint64_t seed, int64_t step, int32_t portion, bool revisit_occupied))    \
  /* Closes cells that fewer than min_views pictures show: their value is -1 from then on. */                            \
  X(occupancy_close, (Exec&, const Occupancy&, const View* views, int32_t n_views, int32_t min_views, float near_plane))  \
  /* Makes the bits from the values; answers how many are set. */                                                      \
  X(occupancy_bits, (Exec&, const Occupancy&, int64_t* occupied))                                                       \
  /* The road of one training step, optimiser included. */                                                             \
  X(train_step, (Exec&, const TrainPlan&, const AdamStep&, int64_t step, StepStats&))                                   \
  X(render, (Exec&, const RenderPlan&, float* color, float* depth, float* opacity))

struct Kernels {
#define EIK_DECLARE(name, parameters) void(*name) parameters;
  EIK_KERNELS(EIK_DECLARE)
#undef EIK_DECLARE
};

class Backend {
 public:
  virtual ~Backend() = default;
  virtual const Kernels& kernels() const = 0;
  virtual Exec& exec() = 0;
  virtual bool half_precision() const = 0;
  virtual std::string describe() const = 0;  // JSON members after "type"
  virtual void* allocate(size_t bytes) = 0;  // zeroed, 64-byte aligned; throws Error
  virtual void release(void* memory, size_t bytes) = 0;
  // The other side is the host's memory, or any that reaches() is true of.
  virtual void upload(void* device, const void* host, size_t bytes) = 0;
  virtual void download(void* host, const void* device, size_t bytes) = 0;
  virtual void clear(void* device, size_t bytes) = 0;
  // Whether kernels can use a caller's array as it is.
  virtual bool reaches(const void* memory) const = 0;
};

}  // namespace eik
