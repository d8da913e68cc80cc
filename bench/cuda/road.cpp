// The road of a radiance field: training on pictures, rendering, and what belongs to the occupancy grid.
#include <chrono>

#include "bench.h"
#include "core/config.h"
#include "core/trainer.h"
#include "scene.h"

namespace eik::bench {
namespace {

const char* const kOptimizer = R"({"otype": "Adam", "learning_rate": 1e-2, "beta2": 0.99, "epsilon": 1e-15, "l2_reg": 1e-6})";

std::string field_json(int log2_size) {
  return R"({"encoding": {"otype": "HashGrid", "n_levels": 16, "n_features_per_level": 2, "log2_hashmap_size": )" +
         std::to_string(log2_size) + R"(, "base_resolution": 16, "per_level_scale": 1.3819},
      "network": {"otype": "FullyFusedMLP", "activation": "ReLU", "n_neurons": 64, "n_hidden_layers": 1},
      "dir_encoding": {"otype": "SphericalHarmonics", "degree": 4},
      "rgb_network": {"otype": "FullyFusedMLP", "activation": "ReLU", "n_neurons": 64, "n_hidden_layers": 2}})";
}

CameraModel model(const CameraValues& values, int side) { return read_camera(side, side, 0, values.data()); }

class Road {
 public:
  explicit Road(Bench& bench)
      : bench_(bench), device_(bench.device()), side_(static_cast<int>(bench.size(400, 17))),
        samples_(static_cast<int32_t>(bench.size(1 << 18, 2048))),
        field_(std::make_shared<Module>(device_, field_json(static_cast<int>(bench.size(19, 9))), 6, 4, 1)),
        optimizer_(std::make_shared<Optimizer>(field_, kOptimizer)),
        occupancy_(std::make_shared<OccupancyGrid>(
            device_, R"({"resolution": )" + std::to_string(bench.size(128, 16)) + R"(, "interval": )" +
                         std::to_string(bench.size(16, 2)) + "}")),
        views_(std::make_shared<Views>(device_, static_cast<int>(bench.size(64, 3)))) {
    for (int i = 0; i < views_->count(); ++i) {
      const CameraValues values = camera(i, views_->count(), side_);
      views_->set(i, side_, side_, 0, values.data(), picture(model(values, side_)).data(), nullptr);
    }
  }

  // As a program does it, by the trainer; then the kernel alone, on the field as it is by then.
  void train() {
    Trainer trainer(field_, optimizer_, occupancy_, views_,
                    R"({"samples_per_step": )" + std::to_string(samples_) + R"(, "sampler": )" + sampler_json() + "}");
    const int64_t steps = bench_.size(512, 4);
    double stats[8];
    const auto begin = std::chrono::steady_clock::now();
    for (; step_ < steps; ++step_) trainer.step(step_, 0, stats);
    const std::chrono::duration<double> taken = std::chrono::steady_clock::now() - begin;

    const TrainPlan plan = train_plan();
    StepStats last{};
    const auto one = [&] { bench_.kernels().train_step(bench_.exec(), plan, optimizer_->begin(0), step_++, last); };
    one();
    const Work work = train_work(*plan.road.field, static_cast<double>(last.samples_marched),
                                 static_cast<double>(last.samples_live), bench_.half());
    bench_.row("train_step", "radiance field; by samples marched", last.samples_marched, work, one);
    bench_.figure("samples_live", static_cast<double>(last.samples_live));
    bench_.figure("rays", static_cast<double>(last.rays));
    bench_.figure("rays_hit", static_cast<double>(last.rays_hit));
    bench_.figure("loss", last.loss);
    bench_.figure("steps_before", static_cast<double>(steps));
    bench_.figure("seconds_before", taken.count());
  }

  void render() {
    const int side = static_cast<int>(bench_.size(800, 19));
    RenderPlan plan{};
    plan.road = road_plan();
    plan.camera = model(camera(1, 5, side), side);  // between the views
    for (float& c : plan.background) c = 1;
    plan.row_end = side;
    const int64_t pixels = int64_t{side} * side;
    const Buffer<float> color(device_, 3 * pixels), depth(device_, pixels), opacity(device_, pixels);
    Work work;
    work.bytes = 20.0 * static_cast<double>(pixels);
    bench_.row("render", std::to_string(side) + "x" + std::to_string(side) + "; by pixels", pixels, work,
               [&] { bench_.kernels().render(bench_.exec(), plan, color.data(), depth.data(), opacity.data()); });
    std::vector<float> seen(static_cast<size_t>(3 * pixels));
    color.download(seen.data(), 3 * pixels);
    bench_.figure("psnr", psnr(plan.camera, seen));
  }

  void rays() {
    const int64_t n = bench_.size(1 << 18, 333);
    std::vector<int32_t> view(static_cast<size_t>(n));
    for (size_t i = 0; i < view.size(); ++i) view[i] = static_cast<int32_t>(i % static_cast<size_t>(views_->count()));
    const auto views = uploaded(device_, view);
    const auto pixels = random_floats(device_, 2 * n, 0, static_cast<float>(side_), 1);
    const Buffer<float> origins(device_, 3 * n), directions(device_, 3 * n);
    Work work;
    work.bytes = static_cast<double>(n) * (4 + 8 + 24);
    bench_.row("camera_rays", "by rays", n, work, [&] {
      bench_.kernels().camera_rays(bench_.exec(), views_->data(), n, views.data(), pixels.data(), origins.data(),
                                   directions.data());
    });

    const int64_t capacity = bench_.size(1 << 24, 1 << 14);
    const auto jitter = random_floats(device_, n, 0, 1, 2);
    const Buffer<int32_t> counts(device_, n);
    const Buffer<float> positions(device_, 3 * capacity), dt(device_, capacity), t(device_, capacity);
    const SamplerPlan sampler = road_plan().sampler;
    int64_t samples = 0;
    const auto march = [&] {
      bench_.kernels().march(bench_.exec(), occupancy_->view(), sampler, n, origins.data(), directions.data(), jitter.data(),
                             capacity, counts.data(), positions.data(), dt.data(), t.data(), &samples);
    };
    march();
    work.bytes = static_cast<double>(n) * (24 + 4 + 4) + 20.0 * static_cast<double>(samples) +
                 static_cast<double>(occupancy_->cells()) / 8;
    bench_.row("march", std::to_string(n) + " rays; by samples", samples, work, march);
  }

  void occupancy() {
    const OccupancyPlan& plan = occupancy_->plan();
    const auto cells = static_cast<double>(occupancy_->cells());
    const auto update = [&](const char* what, int32_t portion, bool revisit) {
      const double looked_at = cells / portion * (revisit ? 2 : 1);
      Work work;
      work.bytes = 8 * cells + 4 * looked_at;
      work.gathers = looked_at * corners(field_->plan().encoding);
      const MlpPlan& network = field_->plan().network;
      work.flops = 2 * looked_at * (static_cast<double>(network.inputs[0]) * network.width[1] + network.width[1]);
      bench_.row("occupancy_update", what, static_cast<int64_t>(looked_at), work, [&, portion, revisit] {
        bench_.kernels().occupancy_update(bench_.exec(), road_plan(), 1, step_++, portion, revisit);
      });
    };
    update("one cell in 4; by cells looked at", 4, false);
    update("one cell in 32, and occupied ones", 32, true);

    int64_t occupied = 0;
    Work bits, close;
    bits.bytes = cells * (4 + 1.0 / 8);
    close.bytes = cells * 4;
    bench_.row("occupancy_bits", "one cascade; by cells", occupancy_->cells(), bits,
               [&] { bench_.kernels().occupancy_bits(bench_.exec(), occupancy_->view(), &occupied); });
    bench_.figure("occupied", static_cast<double>(occupied));
    OccupancyGrid other(device_, R"({"cascades": 3, "resolution": )" + std::to_string(plan.resolution) + "}");
    close.bytes *= 3;
    bench_.row("occupancy_close", std::to_string(views_->count()) + " views, 3 cascades; by cells", other.cells(), close, [&] {
      bench_.kernels().occupancy_close(bench_.exec(), other.view(), views_->data(), views_->count(), views_->count() / 2, 0.05f);
    });
  }

 private:
  std::string sampler_json() const { return R"({"steps": )" + std::to_string(bench_.size(1024, 64)) + "}"; }
  RoadPlan road_plan() const {
    RoadPlan plan;
    plan.field = &field_->plan();
    plan.parameters = field_->parameters();
    plan.occupancy = occupancy_->view();
    const Json sampler = Json::parse(sampler_json());
    plan.sampler = parse_sampler(&sampler, occupancy_->plan());
    plan.compositing = {static_cast<int32_t>(Activation::exponential), 1e-4f};
    return plan;
  }
  TrainPlan train_plan() const {
    TrainPlan plan{};
    plan.road = road_plan();
    plan.pixels.views = views_->data();
    plan.pixels.n_views = views_->count();
    for (float& c : plan.pixels.background) c = 1;
    plan.samples = samples_;
    plan.loss = {LossKind::huber, 0.1f};
    plan.moments = optimizer_->moments();
    return plan;
  }

  Bench& bench_;
  std::shared_ptr<Device> device_;
  int side_;
  int32_t samples_;
  int64_t step_ = 0;
  std::shared_ptr<Module> field_;
  std::shared_ptr<Optimizer> optimizer_;
  std::shared_ptr<OccupancyGrid> occupancy_;
  std::shared_ptr<Views> views_;
};

}  // namespace

void measure_road(Bench& bench) {
  Road road(bench);
  road.train();
  road.render();
  road.rays();
  road.occupancy();
}

}  // namespace eik::bench
