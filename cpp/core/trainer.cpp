#include "core/trainer.h"

#include <algorithm>

#include "core/error.h"

namespace eik {
namespace {

constexpr int kRadianceOutputs = 4;

RoadPlan road_of(const Module& field, const OccupancyGrid& occupancy, Keys& keys) {
  require(field.plan().kind == ModuleKind::radiance && field.plan().outputs == kRadianceOutputs,
          keys.what() + ": needs a radiance field with 4 outputs (colour and density)");
  require(field.device() == occupancy.device(), keys.what() + ": field and occupancy grid are on different devices");
  RoadPlan road;
  road.field = &field.plan();
  road.parameters = field.parameters();
  road.occupancy = occupancy.view();
  road.sampler = parse_sampler(keys.child("sampler"), occupancy.plan());
  road.compositing = parse_compositing(keys);
  return road;
}

}  // namespace

Trainer::Trainer(std::shared_ptr<Module> field, std::shared_ptr<Optimizer> optimizer,
                 std::shared_ptr<OccupancyGrid> occupancy, std::shared_ptr<Views> views, const std::string& config)
    : field_(std::move(field)), optimizer_(std::move(optimizer)), occupancy_(std::move(occupancy)), views_(std::move(views)) {
  const Json json = Json::parse(config);
  Keys keys(json, "trainer");
  plan_.road = road_of(*field_, *occupancy_, keys);
  require(optimizer_->module() == field_, "trainer: the optimizer belongs to another module");
  require(views_->device() == field_->device(), "trainer: field and views are on different devices");
  views_->check_set();
  views_->pictured();
  plan_.samples = keys.integer("samples_per_step", 32768, 2 * kMaxSamplesPerRay, 1 << 22);
  plan_.pixels.seed = static_cast<uint64_t>(keys.number("seed", 0, 0, 9007199254740992.0));
  rays_per_pixel_ = keys.integer("rays_per_pixel", 1, 1, 64);
  rays_per_pixel_from_ = keys.number("rays_per_pixel_from", 0, 0, 1);
  require(plan_.samples >= rays_per_pixel_ * kMaxSamplesPerRay,
          keys.what() + ": \"samples_per_step\" is " + std::to_string(plan_.samples) + ", must be at least " +
              std::to_string(rays_per_pixel_ * kMaxSamplesPerRay) + " for \"rays_per_pixel\" " + std::to_string(rays_per_pixel_));
  plan_.pixels.prefer_detail = keys.boolean("prefer_detail", false);
  const Json* loss = keys.child("loss");
  plan_.loss = loss ? parse_loss(*loss) : LossPlan{LossKind::huber, 0.1f};
  plan_.ray_loss.distortion = static_cast<float>(keys.number("distortion_loss_mult", 0, 0, 1e3));
  plan_.ray_loss.depth = static_cast<float>(keys.number("depth_loss_mult", 0, 0, 1e3));
  plan_.pixels.points = plan_.ray_loss.depth > 0;
  const int min_views = keys.integer("min_views", 1, 0, 1000000);
  const Json* background = json.find("background");
  plan_.pixels.random_background = background && background->type == Json::Type::string && background->string == "random";
  if (plan_.pixels.random_background)
    keys.ignore({"background"});
  else
    parse_background(keys, plan_.pixels.background);
  keys.finish();
  plan_.moments = optimizer_->moments();
  if (min_views > 0)
    occupancy_->close_unseen(*views_, std::min(min_views, views_->count()), plan_.road.sampler.near_plane);
}

void Trainer::step(int64_t step, double progress, double* stats) {
  require(step >= 0, "trainer: step " + std::to_string(step) + " is negative");
  const AdamStep adam = optimizer_->begin(progress);
  const double rate = optimizer_->rate(progress);
  const Views::Pictured drawn = views_->pictured();
  plan_.pixels.views = drawn.views;
  plan_.pixels.n_views = drawn.count;
  plan_.pixels.rays = progress >= rays_per_pixel_from_ ? rays_per_pixel_ : 1;
  if (occupancy_->due(step)) occupancy_->update(plan_.road, plan_.pixels.seed, step);
  StepStats counts;
  field_->device()->run([&](const Kernels& kernels, Exec& exec) {
    kernels.train_step(exec, plan_, adam, step, counts);
    optimizer_->end(kernels, exec);
  });
  const double all[8] = {counts.loss, static_cast<double>(counts.rays), static_cast<double>(counts.rays_hit),
                         static_cast<double>(counts.samples_marched), static_cast<double>(counts.samples_live), rate,
                         occupancy_->fraction(), static_cast<double>(counts.samples_visible)};
  for (int i = 0; i < 8; ++i) stats[i] = all[i];
}

void render(const Module& field, const OccupancyGrid& occupancy, const std::string& config, const CameraModel& camera,
            int row_begin, int row_end, float* color, float* depth, float* opacity) {
  const Json json = Json::parse(config);
  Keys keys(json, "render");
  RenderPlan plan{};
  plan.road = road_of(field, occupancy, keys);
  parse_background(keys, plan.background);
  parse_crop(keys, plan.road.sampler);
  plan.supersampling = keys.integer("supersampling", 1, 1, 8);
  keys.finish();
  require(row_begin >= 0 && row_begin <= row_end && row_end <= camera.height,
          "render: rows " + std::to_string(row_begin) + " to " + std::to_string(row_end) + " of " + std::to_string(camera.height));
  plan.camera = camera;
  plan.row_begin = row_begin;
  plan.row_end = row_end;
  const int64_t pixels = static_cast<int64_t>(row_end - row_begin) * camera.width;
  if (pixels == 0) return;
  const auto& device = field.device();
  device->run([&](const Kernels& kernels, Exec& exec) {
    const Argument<float> rgb(device, color, 3 * pixels), far(device, depth, pixels), alpha(device, opacity, pixels);
    kernels.render(exec, plan, rgb.data(), far.data(), alpha.data());
    rgb.collect();
    far.collect();
    alpha.collect();
  });
}

}  // namespace eik
