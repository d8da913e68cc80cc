// The functions of the C ABI as recordings know them, each once: its parameters as in eikonal.h, and how long its arrays
// are. The rest follows from the types: see Tape, below. A function of the header that is missing here is an undefined
// symbol of the recording library.
#pragma once
#include <algorithm>
#include <tuple>
#include <type_traits>
#include <vector>

#include "eikonal/eikonal.h"

// What a function is called by here; the recorder, which takes the functions' own names, has another.
#ifndef EIK_REAL
#define EIK_REAL(function) function
#endif

// X(function, (parameters), lengths of its arrays in their order, known once it has been called...). Two lengths of an
// array {all, of that set} where a call sets less than there is room for.
#define EIK_CALLS(X)                                                                                                    \
  X(eik_abi_version, ())                                                                                                \
  X(eik_system, ())                                                                                                     \
  X(eik_device_open, (const char* config, eik_device** device))                                                         \
  X(eik_device_close, (eik_device * device))                                                                            \
  X(eik_device_describe, (const eik_device* device))                                                                    \
  X(eik_module_create, (eik_device * device, const char* config, int32_t n_inputs, int32_t n_outputs, uint64_t seed,    \
                        eik_module** module))                                                                           \
  X(eik_module_measure, (const char* config, int32_t n_inputs, int32_t n_outputs, int64_t* parameters), 1)              \
  X(eik_module_destroy, (eik_module * module))                                                                          \
  X(eik_module_inputs, (const eik_module* module))                                                                      \
  X(eik_module_outputs, (const eik_module* module))                                                                     \
  X(eik_module_parameters, (const eik_module* module))                                                                  \
  X(eik_module_layout, (const eik_module* module))                                                                      \
  X(eik_module_get_parameters, (const eik_module* module, float* values, int64_t count), count)                         \
  X(eik_module_set_parameters, (eik_module * module, const float* values, int64_t count), count)                        \
  X(eik_module_get_gradients, (const eik_module* module, float* values, int64_t count), count)                          \
  X(eik_module_zero_gradients, (eik_module * module))                                                                   \
  X(eik_module_forward, (eik_module * module, int64_t n, const float* inputs, float* outputs),                          \
    n * inputs_of(module), n * outputs_of(module))                                                                      \
  X(eik_module_backward, (eik_module * module, int64_t n, const float* inputs, const float* d_outputs,                  \
                          float* d_inputs, int32_t parameters),                                                         \
    n * inputs_of(module), n * outputs_of(module), n * inputs_of(module))                                               \
  X(eik_optimizer_create, (eik_module * module, const char* config, eik_optimizer** optimizer))                         \
  X(eik_optimizer_destroy, (eik_optimizer * optimizer))                                                                 \
  X(eik_optimizer_step, (eik_optimizer * optimizer, double progress))                                                   \
  X(eik_optimizer_rate, (const eik_optimizer* optimizer, double progress))                                              \
  X(eik_optimizer_state_size, (const eik_optimizer* optimizer))                                                         \
  X(eik_optimizer_get_state, (const eik_optimizer* optimizer, int64_t* step, float* values, int64_t count), 1, count)   \
  X(eik_optimizer_set_state, (eik_optimizer * optimizer, int64_t step, const float* values, int64_t count), count)      \
  X(eik_loss, (eik_device * device, const char* config, int64_t n, int32_t channels, const float* prediction,           \
               const float* target, double* value, float* gradient),                                                    \
    n * channels, n * channels, 1, n * channels)                                                                        \
  X(eik_composite_forward, (eik_device * device, const char* config, int64_t n_rays, const int32_t* ray_start,          \
                            const int32_t* ray_count, int64_t n_samples, int32_t channels, const float* raw_density,    \
                            const float* dt, const float* t, const float* values, const float* background,              \
                            float* color, float* opacity, float* depth, int32_t* live, float* weights),                 \
    n_rays, n_rays, n_samples, n_samples, n_samples, n_samples * channels, n_rays * channels, n_rays * channels,        \
    n_rays, n_rays, n_rays, n_samples)                                                                                  \
  X(eik_composite_backward, (eik_device * device, const char* config, int64_t n_rays, const int32_t* ray_start,         \
                             const int32_t* ray_count, int64_t n_samples, int32_t channels, const float* raw_density,   \
                             const float* dt, const float* t, const float* values, const float* background,             \
                             const float* d_color, const float* d_opacity, const float* d_depth,                        \
                             float* d_raw_density, float* d_values, float* d_background),                               \
    n_rays, n_rays, n_samples, n_samples, n_samples, n_samples * channels, n_rays * channels, n_rays * channels,        \
    n_rays, n_rays, n_samples, n_samples * channels, n_rays * channels)                                                 \
  X(eik_resample, (eik_device * device, int64_t n_rays, int32_t n_bins, const float* edges, const float* weights,       \
                   int32_t n_samples, const float* jitter, float* t),                                                   \
    n_rays * (n_bins + 1), n_rays * n_bins, n_rays * n_samples, n_rays * n_samples)                                     \
  X(eik_dilate, (eik_device * device, int64_t n_rays, int32_t n_bins, const float* edges, const float* weights,         \
                 float dilation, float low, float high, float exponent, float* wide_edges, float* wide_weights),        \
    n_rays * (n_bins + 1), n_rays * n_bins, n_rays * (3 * n_bins + 1), n_rays * 3 * n_bins)                             \
  X(eik_frustums, (eik_device * device, int64_t n_rays, int32_t n_bins, const float* origins, const float* directions,  \
                   const float* radii, const float* edges, float* gaussians),                                           \
    3 * n_rays, 3 * n_rays, n_rays, n_rays * (n_bins + 1), n_rays * n_bins * 9)                                         \
  X(eik_distortion_loss, (eik_device * device, int64_t n_rays, const int32_t* ray_start, const int32_t* ray_count,      \
                          int64_t n_samples, const float* t, const float* dt, const float* weights, float* loss,        \
                          float* d_weights),                                                                            \
    n_rays, n_rays, n_samples, n_samples, n_samples, n_rays, n_samples)                                                 \
  X(eik_proposal_loss, (eik_device * device, int64_t n_rays, int32_t n_bins, const float* edges, const float* weights,  \
                        int32_t n_proposal_bins, const float* proposal_edges, const float* proposal_weights,            \
                        float half_width, float* loss, float* d_proposal_weights),                                      \
    n_rays * (n_bins + 1), n_rays * n_bins, n_rays * (n_proposal_bins + 1), n_rays * n_proposal_bins, n_rays,           \
    n_rays * n_proposal_bins)                                                                                           \
  X(eik_views_create, (eik_device * device, int32_t count, eik_views** views))                                          \
  X(eik_views_destroy, (eik_views * views))                                                                             \
  X(eik_views_set, (eik_views * views, int32_t i, int32_t width, int32_t height, int32_t lens, const float* camera,     \
                    const uint8_t* rgba, const uint8_t* mask),                                                          \
    24, int64_t{4} * width * height, int64_t{1} * width * height)                                                       \
  X(eik_views_set_points, (eik_views * views, int32_t i, int64_t n, const float* xyz), 3 * n)                           \
  X(eik_views_rays, (eik_views * views, int64_t n, const int32_t* view, const float* pixels, float* origins,            \
                     float* directions),                                                                                \
    n, 2 * n, 3 * n, 3 * n)                                                                                             \
  X(eik_occupancy_create, (eik_device * device, const char* config, eik_occupancy** occupancy))                         \
  X(eik_occupancy_destroy, (eik_occupancy * occupancy))                                                                 \
  X(eik_occupancy_cells, (const eik_occupancy* occupancy))                                                              \
  X(eik_occupancy_get, (const eik_occupancy* occupancy, float* values, int64_t count), count)                           \
  X(eik_occupancy_set, (eik_occupancy * occupancy, const float* values, int64_t count), count)                          \
  X(eik_occupancy_get_bits, (const eik_occupancy* occupancy, uint8_t* bits, int64_t count), count)                      \
  X(eik_occupancy_fraction, (const eik_occupancy* occupancy))                                                           \
  X(eik_occupancy_update, (eik_occupancy * occupancy, eik_module * field, uint64_t seed, int64_t step))                 \
  X(eik_occupancy_march, (eik_occupancy * occupancy, const char* config, int64_t n, const float* origins,               \
                          const float* directions, const float* jitter, int64_t capacity, int32_t* counts,              \
                          float* positions, float* dt, float* t, int64_t* n_samples),                                   \
    3 * n, 3 * n, n, n, {3 * capacity, 3 * value_of(n_samples)}, {capacity, value_of(n_samples)},                 \
    {capacity, value_of(n_samples)}, 1)                                                                                 \
  X(eik_trainer_create, (eik_module * field, eik_optimizer * optimizer, eik_occupancy * occupancy, eik_views * views,   \
                         const char* config, eik_trainer** trainer))                                                    \
  X(eik_trainer_destroy, (eik_trainer * trainer))                                                                       \
  X(eik_trainer_step, (eik_trainer * trainer, int64_t step, double progress, double* stats), 8)                         \
  X(eik_render, (eik_module * field, eik_occupancy * occupancy, const char* config, int32_t width, int32_t height,      \
                 int32_t lens, const float* camera, int32_t row_begin, int32_t row_end, float* color, float* depth,     \
                 float* opacity),                                                                                       \
    24, 3 * pixels(width, row_begin, row_end), pixels(width, row_begin, row_end), pixels(width, row_begin, row_end))

namespace eik::replay {

// An array's length, and how much of it a call sets.
struct Extent {
  Extent(int64_t n) : Extent(n, n) {}
  Extent(int64_t size, int64_t set) : size(std::max<int64_t>(size, 0)), set(std::clamp<int64_t>(set, 0, this->size)) {}
  int64_t size, set;
};

#define EIK_DECLARE(function, ...) extern "C" decltype(function) EIK_REAL(function);
EIK_CALLS(EIK_DECLARE)
#undef EIK_DECLARE

inline int64_t inputs_of(const eik_module* module) { return module ? EIK_REAL(eik_module_inputs)(module) : 0; }
inline int64_t outputs_of(const eik_module* module) { return module ? EIK_REAL(eik_module_outputs)(module) : 0; }
inline int64_t value_of(const int64_t* number) { return number ? *number : 0; }
inline int64_t pixels(int64_t width, int64_t row_begin, int64_t row_end) { return width * (row_end - row_begin); }

// Call<&eik_...>: what the list says of a function.
template <auto function>
struct Call;
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wunused-parameter"
#define EIK_DESCRIBE(function, parameters, ...)                                          \
  template <>                                                                            \
  struct Call<&function> {                                                               \
    static constexpr const char* name = #function;                                       \
    static constexpr const char* parameter_names = #parameters;                          \
    static constexpr auto real = &EIK_REAL(function);                                    \
    static std::vector<Extent> extents parameters { return {__VA_ARGS__}; }              \
  };
EIK_CALLS(EIK_DESCRIBE)
#undef EIK_DESCRIBE
#pragma GCC diagnostic pop

template <auto one, auto other>
constexpr bool same = std::is_same_v<Call<one>, Call<other>>;

// Shows a tape one argument as what its type says it is: a number, a text (const char*), an array that a call reads or
// sets, a handle, or where a new handle goes.
template <class Tape, class T>
void show(Tape& tape, T& argument) {
  using Target = std::remove_pointer_t<T>;
  if constexpr (std::is_arithmetic_v<T>)
    tape.number(argument);
  else if constexpr (std::is_same_v<T, const char*>)
    tape.text(argument);
  else if constexpr (std::is_pointer_v<Target>)
    tape.created(argument);
  else if constexpr (!std::is_arithmetic_v<Target>)
    tape.handle(argument);
  else if constexpr (std::is_const_v<Target>)
    tape.read(argument);
  else
    tape.set(argument);
}

// Whether a function returns an eik_status. Those that return another int32_t, a count, are told by taking at most a
// handle; the one status function that also does (eik_module_zero_gradients) loses only the check of its message.
template <class R, class... Arguments>
constexpr bool can_fail = std::is_same_v<R, eik_status> && sizeof...(Arguments) > 1;

}  // namespace eik::replay
