// The C ABI over the core's objects: handles, checks of what only this border can see, errors into status codes.
#include "eikonal/eikonal.h"

#include <cmath>
#include <new>
#include <utility>

#include "core/error.h"
#include "core/trainer.h"

struct eik_device { std::shared_ptr<eik::Device> self; };
struct eik_module { std::shared_ptr<eik::Module> self; };
struct eik_optimizer { std::shared_ptr<eik::Optimizer> self; };
struct eik_views { std::shared_ptr<eik::Views> self; };
struct eik_occupancy { std::shared_ptr<eik::OccupancyGrid> self; };
struct eik_trainer { std::shared_ptr<eik::Trainer> self; };

namespace {

using namespace eik;

thread_local std::string last_error;

template <class Body>
eik_status guarded(const Body& body) noexcept {
  try {
    body();
    return EIK_OK;
  } catch (const Error& e) {
    last_error = e.what();
    return e.status;
  } catch (const std::bad_alloc&) {
    last_error = "out of memory; use a smaller table or batch";
    return EIK_OUT_OF_MEMORY;
  } catch (const std::exception& e) {
    last_error = std::string("internal error: ") + e.what();
    return EIK_INTERNAL;
  }
}

template <class T>
const T& given(const T* pointer, const char* name) {
  if (!pointer) invalid(std::string(name) + " is NULL");
  return *pointer;
}

// Throws where an array of n values is missing.
void array(const void* pointer, int64_t n, const char* name) {
  if (!pointer && n != 0) invalid(std::string(name) + " is NULL");
}

template <class Handle, class Object>
void hand_out(Handle** out, std::shared_ptr<Object> object) {
  *out = new Handle{std::move(object)};
}

void check_rays(const std::string& what, int64_t n_rays, const int32_t* start, const int32_t* count, int64_t n_samples) {
  require(n_rays >= 0 && n_samples >= 0, what + ": negative number of rays or samples");
  array(start, n_rays, "ray_start");
  array(count, n_rays, "ray_count");
  for (int64_t r = 0; r < n_rays; ++r)
    if (start[r] < 0 || count[r] < 0 || static_cast<int64_t>(start[r]) + count[r] > n_samples)
      invalid(what + ": ray " + std::to_string(r) + " owns samples " + std::to_string(start[r]) + " + " +
              std::to_string(count[r]) + " of " + std::to_string(n_samples));
}

constexpr int32_t kMaxBins = 1 << 16;

// Of histograms, n_bins a ray: how many they are, and that their edges are finite and ascend from low on.
void check_histograms(const std::string& what, int64_t n_rays, int32_t n_bins, const float* edges,
                      float low = -INFINITY) {
  require(n_rays >= 0, what + ": negative number of rays");
  require(n_bins >= 1 && n_bins <= kMaxBins,
          what + ": " + std::to_string(n_bins) + " bins, must be in [1, " + std::to_string(kMaxBins) + "]");
  array(edges, n_rays, "edges");
  for (int64_t r = 0; r < n_rays; ++r)
    for (int32_t k = 0; k <= n_bins; ++k) {
      const float* edge = edges + r * (n_bins + 1) + k;
      if (!std::isfinite(*edge) || *edge < (k == 0 ? low : edge[-1]))
        invalid(what + ": edge " + std::to_string(k) + " of ray " + std::to_string(r) + " is " + std::to_string(*edge) +
                (k > 0 ? " after " + std::to_string(edge[-1]) : "") + "; edges must be finite and ascend" +
                (low == 0 ? " from 0 on" : ""));
    }
}

CompositingPlan compositing_plan(const char* config, int32_t channels) {
  given(config, "config");
  const Json json = Json::parse(config);
  Keys keys(json, "compositing");
  const CompositingPlan plan = parse_compositing(keys);
  keys.finish();
  require(channels >= 1 && channels <= kMaxChannels, "compositing: " + std::to_string(channels) +
                                                           " channels, must be in [1, " + std::to_string(kMaxChannels) + "]");
  return plan;
}

}  // namespace

int32_t eik_abi_version(void) { return EIK_ABI_VERSION; }
const char* eik_last_error(void) { return last_error.c_str(); }
const char* eik_system(void) {
  thread_local std::string text;
  text = system_description();
  return text.c_str();
}

eik_status eik_device_open(const char* config, eik_device** device) {
  return guarded([&] { given(config, "config"), hand_out(device, Device::open(config)); });
}
void eik_device_close(eik_device* device) { delete device; }
const char* eik_device_describe(const eik_device* device) { return device->self->description().c_str(); }

eik_status eik_module_create(eik_device* device, const char* config, int32_t n_inputs, int32_t n_outputs, uint64_t seed,
                             eik_module** module) {
  return guarded([&] {
    given(config, "config");
    hand_out(module, std::make_shared<Module>(given(device, "device").self, config, n_inputs, n_outputs, seed));
  });
}
eik_status eik_module_measure(const char* config, int32_t n_inputs, int32_t n_outputs, int64_t* parameters) {
  return guarded([&] {
    given(config, "config"), given(parameters, "parameters");
    *parameters = parse_module(Json::parse(config), n_inputs, n_outputs)->plan.parameters;
  });
}
void eik_module_destroy(eik_module* module) { delete module; }
int32_t eik_module_inputs(const eik_module* module) { return module->self->plan().inputs; }
int32_t eik_module_outputs(const eik_module* module) { return module->self->plan().outputs; }
int64_t eik_module_parameters(const eik_module* module) { return module->self->plan().parameters; }
const char* eik_module_layout(const eik_module* module) { return module->self->layout().c_str(); }
eik_status eik_module_get_parameters(const eik_module* module, float* values, int64_t count) {
  return guarded([&] { array(values, count, "values"), given(module, "module").self->get_parameters(values, count); });
}
eik_status eik_module_set_parameters(eik_module* module, const float* values, int64_t count) {
  return guarded([&] { array(values, count, "values"), given(module, "module").self->set_parameters(values, count); });
}
eik_status eik_module_get_gradients(const eik_module* module, float* values, int64_t count) {
  return guarded([&] { array(values, count, "values"), given(module, "module").self->get_gradients(values, count); });
}
eik_status eik_module_zero_gradients(eik_module* module) {
  return guarded([&] { given(module, "module").self->zero_gradients(); });
}
eik_status eik_module_forward(eik_module* module, int64_t n, const float* inputs, float* outputs) {
  return guarded([&] {
    array(inputs, n, "inputs");
    array(outputs, n, "outputs");
    given(module, "module").self->forward(n, inputs, outputs);
  });
}
eik_status eik_module_backward(eik_module* module, int64_t n, const float* inputs, const float* d_outputs, float* d_inputs,
                               int32_t parameters) {
  return guarded([&] {
    array(inputs, n, "inputs");
    array(d_outputs, n, "d_outputs");
    given(module, "module").self->backward(n, inputs, d_outputs, d_inputs, parameters != 0);
  });
}

eik_status eik_optimizer_create(eik_module* module, const char* config, eik_optimizer** optimizer) {
  return guarded([&] {
    given(config, "config");
    hand_out(optimizer, std::make_shared<Optimizer>(given(module, "module").self, config));
  });
}
void eik_optimizer_destroy(eik_optimizer* optimizer) { delete optimizer; }
eik_status eik_optimizer_step(eik_optimizer* optimizer, double progress) {
  return guarded([&] { given(optimizer, "optimizer").self->step(progress); });
}
double eik_optimizer_rate(const eik_optimizer* optimizer, double progress) { return optimizer->self->rate(progress); }
int64_t eik_optimizer_state_size(const eik_optimizer* optimizer) { return optimizer->self->state_size(); }
eik_status eik_optimizer_get_state(const eik_optimizer* optimizer, int64_t* step, float* values, int64_t count) {
  return guarded([&] {
    array(values, count, "values");
    *step = given(optimizer, "optimizer").self->get_state(values, count);
  });
}
eik_status eik_optimizer_set_state(eik_optimizer* optimizer, int64_t step, const float* values, int64_t count) {
  return guarded([&] { array(values, count, "values"), given(optimizer, "optimizer").self->set_state(step, values, count); });
}

eik_status eik_loss(eik_device* device, const char* config, int64_t n, int32_t channels, const float* prediction,
                    const float* target, double* value, float* gradient) {
  return guarded([&] {
    given(config, "config");
    const auto& self = given(device, "device").self;
    const LossPlan plan = parse_loss(Json::parse(config));
    require(n >= 0 && channels >= 1, "loss: n must not be negative, channels must be positive");
    *value = 0;
    if (n == 0) return;
    array(prediction, n, "prediction");
    array(target, n, "target");
    self->run([&](const Kernels& kernels, Exec& exec) {
      const int64_t all = n * channels;
      const Argument<float> p(self, prediction, all), t(self, target, all), g(self, gradient, all);
      kernels.loss(exec, plan, all, p.data(), t.data(), value, g.data());
      g.collect();
    });
  });
}

eik_status eik_resample(eik_device* device, int64_t n_rays, int32_t n_bins, const float* edges, const float* weights,
                        int32_t n_samples, const float* jitter, float* t) {
  return guarded([&] {
    const auto& self = given(device, "device").self;
    require(n_samples >= 1 && n_samples <= kMaxBins, "resample: " + std::to_string(n_samples) + " samples, must be in [1, " +
                                                         std::to_string(kMaxBins) + "]");
    check_histograms("resample", n_rays, n_bins, edges);
    if (n_rays == 0) return;
    array(weights, n_rays, "weights");
    array(t, n_rays, "t");
    self->run([&](const Kernels& kernels, Exec& exec) {
      const Argument<float> edge(self, edges, n_rays * (n_bins + 1)), weight(self, weights, n_rays * n_bins);
      const Argument<float> shift(self, jitter, n_rays * n_samples), out(self, t, n_rays * n_samples);
      kernels.resample(exec, n_rays, n_bins, edge.data(), weight.data(), n_samples, shift.data(), out.data());
      out.collect();
    });
  });
}

eik_status eik_dilate(eik_device* device, int64_t n_rays, int32_t n_bins, const float* edges, const float* weights,
                      float dilation, float low, float high, float exponent, float* wide_edges, float* wide_weights) {
  return guarded([&] {
    const auto& self = given(device, "device").self;
    for (const auto& [name, value] : {std::pair("dilation", dilation), std::pair("exponent", exponent)})
      require(value >= 0 && std::isfinite(value),
              std::string("dilate: ") + name + " is " + shown(value) + ", must be 0 or positive and finite");
    require(low <= high && std::isfinite(low) && std::isfinite(high),
            "dilate: from " + shown(low) + " to " + shown(high) + " is no range of finite numbers");
    check_histograms("dilate", n_rays, n_bins, edges);
    require(3 * n_bins <= kMaxBins, "dilate: " + std::to_string(n_bins) + " bins, at most " + std::to_string(kMaxBins / 3) +
                                        "; there will be three times as many");
    if (n_rays == 0) return;
    array(weights, n_rays, "weights");
    array(wide_edges, n_rays, "wide_edges");
    array(wide_weights, n_rays, "wide_weights");
    self->run([&](const Kernels& kernels, Exec& exec) {
      const Argument<float> edge(self, edges, n_rays * (n_bins + 1)), weight(self, weights, n_rays * n_bins);
      const Argument<float> wide_edge(self, wide_edges, n_rays * (3 * n_bins + 1));
      const Argument<float> wide_weight(self, wide_weights, n_rays * 3 * n_bins);
      kernels.dilate(exec, {dilation, low, high, exponent}, n_rays, n_bins, edge.data(), weight.data(), wide_edge.data(),
                     wide_weight.data());
      wide_edge.collect();
      wide_weight.collect();
    });
  });
}

eik_status eik_frustums(eik_device* device, int64_t n_rays, int32_t n_bins, const float* origins, const float* directions,
                        const float* radii, const float* edges, float* gaussians) {
  return guarded([&] {
    const auto& self = given(device, "device").self;
    check_histograms("frustums", n_rays, n_bins, edges, 0);
    if (n_rays == 0) return;
    array(origins, n_rays, "origins");
    array(directions, n_rays, "directions");
    array(radii, n_rays, "radii");
    array(gaussians, n_rays, "gaussians");
    self->run([&](const Kernels& kernels, Exec& exec) {
      const Argument<float> origin(self, origins, n_rays * 3), direction(self, directions, n_rays * 3);
      const Argument<float> radius(self, radii, n_rays), edge(self, edges, n_rays * (n_bins + 1));
      const Argument<float> out(self, gaussians, n_rays * n_bins * kGaussian);
      kernels.frustums(exec, n_rays, n_bins, origin.data(), direction.data(), radius.data(), edge.data(), out.data());
      out.collect();
    });
  });
}

eik_status eik_distortion_loss(eik_device* device, int64_t n_rays, const int32_t* ray_start, const int32_t* ray_count,
                               int64_t n_samples, const float* t, const float* dt, const float* weights, float* loss,
                               float* d_weights) {
  return guarded([&] {
    const auto& self = given(device, "device").self;
    check_rays("distortion", n_rays, ray_start, ray_count, n_samples);
    array(t, n_samples, "t");
    array(dt, n_samples, "dt");
    array(weights, n_samples, "weights");
    array(loss, n_rays, "loss");
    array(d_weights, n_samples, "d_weights");
    self->run([&](const Kernels& kernels, Exec& exec) {
      const Argument<int32_t> start(self, ray_start, n_rays), count(self, ray_count, n_rays);
      const Argument<float> middle(self, t, n_samples), step(self, dt, n_samples), weight(self, weights, n_samples);
      const Argument<float> out(self, loss, n_rays), d_weight(self, d_weights, n_samples);
      kernels.distortion_loss(exec, {n_rays, n_samples, start.data(), count.data()}, middle.data(), step.data(),
                              weight.data(), out.data(), d_weight.data());
      out.collect();
      d_weight.collect();
    });
  });
}

eik_status eik_proposal_loss(eik_device* device, int64_t n_rays, int32_t n_bins, const float* edges, const float* weights,
                             int32_t n_proposal_bins, const float* proposal_edges, const float* proposal_weights,
                             float half_width, float* loss, float* d_proposal_weights) {
  return guarded([&] {
    const auto& self = given(device, "device").self;
    require(half_width >= 0 && std::isfinite(half_width),
            "proposal loss: half_width is " + shown(half_width) + ", must be 0 (no blur) or positive and finite");
    check_histograms("proposal loss", n_rays, n_bins, edges);
    check_histograms("proposal loss, proposal", n_rays, n_proposal_bins, proposal_edges);
    if (n_rays == 0) return;
    array(weights, n_rays, "weights");
    array(proposal_weights, n_rays, "proposal_weights");
    array(loss, n_rays, "loss");
    array(d_proposal_weights, n_rays, "d_proposal_weights");
    self->run([&](const Kernels& kernels, Exec& exec) {
      const Argument<float> edge(self, edges, n_rays * (n_bins + 1)), weight(self, weights, n_rays * n_bins);
      const Argument<float> proposal_edge(self, proposal_edges, n_rays * (n_proposal_bins + 1));
      const Argument<float> proposal(self, proposal_weights, n_rays * n_proposal_bins);
      const Argument<float> out(self, loss, n_rays), d_proposal(self, d_proposal_weights, n_rays * n_proposal_bins);
      kernels.proposal_loss(exec, n_rays, n_bins, edge.data(), weight.data(), n_proposal_bins, proposal_edge.data(),
                            proposal.data(), half_width, out.data(), d_proposal.data());
      out.collect();
      d_proposal.collect();
    });
  });
}

eik_status eik_composite_forward(eik_device* device, const char* config, int64_t n_rays, const int32_t* ray_start,
                                 const int32_t* ray_count, int64_t n_samples, int32_t channels, const float* raw_density,
                                 const float* dt, const float* t, const float* values, const float* background,
                                 float* color, float* opacity, float* depth, int32_t* live, float* weights) {
  return guarded([&] {
    const auto& self = given(device, "device").self;
    const CompositingPlan plan = compositing_plan(config, channels);
    check_rays("compositing", n_rays, ray_start, ray_count, n_samples);
    array(raw_density, n_samples, "raw_density");
    array(dt, n_samples, "dt");
    array(t, n_samples, "t");
    array(values, n_samples, "values");
    array(color, n_rays, "color");
    self->run([&](const Kernels& kernels, Exec& exec) {
      const Argument<int32_t> start(self, ray_start, n_rays), count(self, ray_count, n_rays), alive(self, live, n_rays);
      const Argument<float> raw(self, raw_density, n_samples), step(self, dt, n_samples), middle(self, t, n_samples);
      const Argument<float> value(self, values, n_samples * channels), behind(self, background, n_rays * channels);
      const Argument<float> out(self, color, n_rays * channels), sum(self, opacity, n_rays), far(self, depth, n_rays);
      const Argument<float> weight(self, weights, n_samples);
      kernels.composite_forward(exec, plan, {n_rays, n_samples, start.data(), count.data()}, channels, raw.data(),
                                step.data(), middle.data(), value.data(), behind.data(), out.data(), sum.data(),
                                far.data(), alive.data(), weight.data());
      out.collect();
      sum.collect();
      far.collect();
      alive.collect();
      weight.collect();
    });
  });
}

eik_status eik_composite_backward(eik_device* device, const char* config, int64_t n_rays, const int32_t* ray_start,
                                  const int32_t* ray_count, int64_t n_samples, int32_t channels,
                                  const float* raw_density, const float* dt, const float* t, const float* values,
                                  const float* background, const float* d_color, const float* d_opacity,
                                  const float* d_depth, float* d_raw_density, float* d_values, float* d_background) {
  return guarded([&] {
    const auto& self = given(device, "device").self;
    const CompositingPlan plan = compositing_plan(config, channels);
    check_rays("compositing", n_rays, ray_start, ray_count, n_samples);
    array(raw_density, n_samples, "raw_density");
    array(dt, n_samples, "dt");
    array(t, n_samples, "t");
    array(values, n_samples, "values");
    array(d_color, n_rays, "d_color");
    array(d_raw_density, n_samples, "d_raw_density");
    array(d_values, n_samples, "d_values");
    self->run([&](const Kernels& kernels, Exec& exec) {
      const Argument<int32_t> start(self, ray_start, n_rays), count(self, ray_count, n_rays);
      const Argument<float> raw(self, raw_density, n_samples), step(self, dt, n_samples), middle(self, t, n_samples);
      const Argument<float> value(self, values, n_samples * channels), behind(self, background, n_rays * channels);
      const Argument<float> d_out(self, d_color, n_rays * channels), d_sum(self, d_opacity, n_rays);
      const Argument<float> d_far(self, d_depth, n_rays), d_raw(self, d_raw_density, n_samples);
      const Argument<float> d_value(self, d_values, n_samples * channels), d_behind(self, d_background, n_rays * channels);
      kernels.composite_backward(exec, plan, {n_rays, n_samples, start.data(), count.data()}, channels, raw.data(),
                                 step.data(), middle.data(), value.data(), behind.data(), d_out.data(), d_sum.data(),
                                 d_far.data(), d_raw.data(), d_value.data(), d_behind.data());
      d_raw.collect();
      d_value.collect();
      d_behind.collect();
    });
  });
}

eik_status eik_views_create(eik_device* device, int32_t count, eik_views** views) {
  return guarded([&] { hand_out(views, std::make_shared<Views>(given(device, "device").self, count)); });
}
void eik_views_destroy(eik_views* views) { delete views; }
eik_status eik_views_set(eik_views* views, int32_t i, int32_t width, int32_t height, int32_t lens, const float* camera,
                         const uint8_t* rgba, const uint8_t* mask) {
  return guarded([&] { given(views, "views").self->set(i, width, height, lens, &given(camera, "camera"), rgba, mask); });
}
eik_status eik_views_set_points(eik_views* views, int32_t i, int64_t n, const float* xyz) {
  return guarded([&] {
    array(xyz, n, "xyz");
    given(views, "views").self->set_points(i, n, xyz);
  });
}
eik_status eik_views_rays(eik_views* views, int64_t n, const int32_t* view, const float* pixels, float* origins,
                          float* directions) {
  return guarded([&] {
    array(view, n, "view");
    array(pixels, n, "pixels");
    array(origins, n, "origins");
    array(directions, n, "directions");
    given(views, "views").self->rays(n, view, pixels, origins, directions);
  });
}

eik_status eik_occupancy_create(eik_device* device, const char* config, eik_occupancy** occupancy) {
  return guarded([&] {
    given(config, "config");
    hand_out(occupancy, std::make_shared<OccupancyGrid>(given(device, "device").self, config));
  });
}
void eik_occupancy_destroy(eik_occupancy* occupancy) { delete occupancy; }
int64_t eik_occupancy_cells(const eik_occupancy* occupancy) { return occupancy->self->cells(); }
eik_status eik_occupancy_get(const eik_occupancy* occupancy, float* values, int64_t count) {
  return guarded([&] { array(values, count, "values"), given(occupancy, "occupancy").self->get(values, count); });
}
eik_status eik_occupancy_set(eik_occupancy* occupancy, const float* values, int64_t count) {
  return guarded([&] { array(values, count, "values"), given(occupancy, "occupancy").self->set(values, count); });
}
eik_status eik_occupancy_get_bits(const eik_occupancy* occupancy, uint8_t* bits, int64_t count) {
  return guarded([&] { array(bits, count, "bits"), given(occupancy, "occupancy").self->get_bits(bits, count); });
}
double eik_occupancy_fraction(const eik_occupancy* occupancy) { return occupancy->self->fraction(); }
eik_status eik_occupancy_update(eik_occupancy* occupancy, eik_module* field, uint64_t seed, int64_t step) {
  return guarded([&] {
    const auto& grid = given(occupancy, "occupancy").self;
    const auto& module = given(field, "field").self;
    require(module->plan().kind == ModuleKind::radiance, "occupancy: needs a radiance field");
    require(module->device() == grid->device(), "occupancy: field and occupancy grid are on different devices");
    RoadPlan road{};
    road.field = &module->plan();
    road.parameters = module->parameters();
    road.occupancy = grid->view();
    road.compositing.density_activation = static_cast<int32_t>(Activation::exponential);
    grid->update(road, seed, step);
  });
}
eik_status eik_occupancy_march(eik_occupancy* occupancy, const char* config, int64_t n, const float* origins,
                               const float* directions, const float* jitter, int64_t capacity, int32_t* counts,
                               float* positions, float* dt, float* t, int64_t* n_samples) {
  return guarded([&] {
    given(config, "config");
    const auto& grid = given(occupancy, "occupancy").self;
    const Json json = Json::parse(config);
    array(origins, n, "origins");
    array(directions, n, "directions");
    array(counts, n, "counts");
    array(positions, capacity, "positions");
    array(dt, capacity, "dt");
    array(t, capacity, "t");
    grid->march(parse_sampler(&json, grid->plan()), n, origins, directions, jitter, capacity, counts, positions, dt, t,
                n_samples);
  });
}

eik_status eik_trainer_create(eik_module* field, eik_optimizer* optimizer, eik_occupancy* occupancy, eik_views* views,
                              const char* config, eik_trainer** trainer) {
  return guarded([&] {
    given(config, "config");
    hand_out(trainer, std::make_shared<Trainer>(given(field, "field").self, given(optimizer, "optimizer").self,
                                                given(occupancy, "occupancy").self, given(views, "views").self, config));
  });
}
void eik_trainer_destroy(eik_trainer* trainer) { delete trainer; }
eik_status eik_trainer_step(eik_trainer* trainer, int64_t step, double progress, double* stats) {
  return guarded([&] { array(stats, 8, "stats"), given(trainer, "trainer").self->step(step, progress, stats); });
}

eik_status eik_render(eik_module* field, eik_occupancy* occupancy, const char* config, int32_t width, int32_t height,
                      int32_t lens, const float* camera, int32_t row_begin, int32_t row_end, float* color, float* depth,
                      float* opacity) {
  return guarded([&] {
    given(config, "config");
    array(color, 1, "color");
    render(*given(field, "field").self, *given(occupancy, "occupancy").self, config,
           read_camera(width, height, lens, &given(camera, "camera")), row_begin, row_end, color, depth, opacity);
  });
}
