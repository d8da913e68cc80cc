// The parts of the forward map on their own.
#include "bench.h"

namespace eik::bench {
namespace {

void losses(Bench& bench) {
  const int64_t n = bench.size(3 << 20, 1001);
  const auto prediction = random_floats(bench.device(), n, 0, 1, 1), target = random_floats(bench.device(), n, 0, 1, 2);
  const Buffer<float> gradient(bench.device(), n);
  Work work;
  work.bytes = 12.0 * static_cast<double>(n);
  double value = 0;
  const auto one = [&](const char* name, LossPlan plan) {
    bench.row("loss", name, n, work,
              [&] { bench.kernels().loss(bench.exec(), plan, n, prediction.data(), target.data(), &value, gradient.data()); });
  };
  one("L2", {LossKind::l2, 0});
  one("Huber", {LossKind::huber, 0.1f});
}

void resampling(Bench& bench) {
  const int64_t n = bench.size(1 << 16, 77);
  const int bins = static_cast<int>(bench.size(64, 7)), samples = static_cast<int>(bench.size(128, 13));
  std::vector<float> edges(static_cast<size_t>(n * (bins + 1)));
  for (int64_t r = 0; r < n; ++r)
    for (int k = 0; k <= bins; ++k)
      edges[static_cast<size_t>(r * (bins + 1) + k)] = static_cast<float>(k) / static_cast<float>(bins);
  const auto borders = uploaded(bench.device(), edges);
  const auto weights = random_floats(bench.device(), n * bins, 0, 1, 3);
  const auto jitter = random_floats(bench.device(), n * samples, 0, 1, 4);
  const Buffer<float> t(bench.device(), n * samples);
  Work work;
  work.bytes = 4.0 * static_cast<double>(n) * (2 * bins + 1 + 2 * samples);
  bench.row("resample", std::to_string(bins) + " bins to " + std::to_string(samples) + " samples, by rays", n, work, [&] {
    bench.kernels().resample(bench.exec(), n, bins, borders.data(), weights.data(), samples, jitter.data(), t.data());
  });
}

// What a proposal costs beside its network: 64 bins a ray against 32 of the field.
void histograms(Bench& bench) {
  const auto& device = bench.device();
  const int64_t n = bench.size(1 << 16, 77);
  const int bins = static_cast<int>(bench.size(64, 7)), field = bins / 2;
  std::vector<float> edges, field_edges;
  std::vector<int32_t> start, count(static_cast<size_t>(n), bins);
  for (int64_t r = 0; r < n; ++r) {
    for (int k = 0; k <= bins; ++k) edges.push_back(static_cast<float>(k) / static_cast<float>(bins));
    for (int k = 0; k <= field; ++k) field_edges.push_back(static_cast<float>(k) / static_cast<float>(field));
    start.push_back(static_cast<int32_t>(r * bins));
  }
  const auto borders = uploaded(device, edges), field_borders = uploaded(device, field_edges);
  const auto starts = uploaded(device, start), counts = uploaded(device, count);
  const auto weights = random_floats(device, n * bins, 0, 1, 3), field_weights = random_floats(device, n * field, 0, 1, 4);
  const auto origins = random_floats(device, n * 3, -1, 1, 5), directions = random_floats(device, n * 3, -1, 1, 6);
  const auto radii = random_floats(device, n, 0, 1e-3f, 7);
  const Buffer<float> loss(device, n), d_weights(device, n * bins), gaussians(device, n * bins * kGaussian);
  const Buffer<float> wide_edges(device, n * (3 * bins + 1)), wide_weights(device, n * 3 * bins);
  const std::string what = std::to_string(bins) + " bins, by rays";
  const auto row = [&](const char* name, const std::string& how, double floats, const std::function<void()>& call) {
    Work work;
    work.bytes = 4.0 * static_cast<double>(n) * floats;
    bench.row(name, how, n, work, call);
  };
  const Kernels& kernels = bench.kernels();
  row("dilate", what, 2 * bins + 1 + 6 * bins + 1, [&] {
    kernels.dilate(bench.exec(), {0.01f, 0, 1, 0.5f}, n, bins, borders.data(), weights.data(), wide_edges.data(),
                   wide_weights.data());
  });
  row("frustums", what, 7 + bins + 1 + bins * kGaussian, [&] {
    kernels.frustums(bench.exec(), n, bins, origins.data(), directions.data(), radii.data(), borders.data(), gaussians.data());
  });
  row("distortion_loss", what, 4 * bins + 1, [&] {
    kernels.distortion_loss(bench.exec(), {n, n * bins, starts.data(), counts.data()}, borders.data(), weights.data(),
                            weights.data(), loss.data(), d_weights.data());
  });
  for (const float half_width : {0.0f, 0.03f})
    row("proposal_loss", (half_width > 0 ? "blurred, " : "bound, ") + what, 3 * bins + 2 * field + 3, [&] {
      kernels.proposal_loss(bench.exec(), n, field, field_borders.data(), field_weights.data(), bins, borders.data(),
                            weights.data(), half_width, loss.data(), d_weights.data());
    });
}

// Rays of 0 to 63 samples, as marching leaves them.
void compositing(Bench& bench) {
  constexpr int kChannels = 3;
  const int64_t n = bench.size(1 << 15, 77);
  std::vector<int32_t> start(static_cast<size_t>(n)), count(static_cast<size_t>(n));
  const std::vector<float> lengths = random_floats(n, 0, 64, 5);
  int32_t samples = 0;
  for (size_t r = 0; r < start.size(); ++r) {
    start[r] = samples;
    samples += count[r] = static_cast<int32_t>(lengths[r]);
  }
  const auto& device = bench.device();
  const auto starts = uploaded(device, start);
  const auto counts = uploaded(device, count);
  const PackedRays rays{n, samples, starts.data(), counts.data()};
  const CompositingPlan plan{static_cast<int32_t>(Activation::exponential), 1e-4f};
  const auto raw = random_floats(device, samples, 0, 5, 6), dt = random_floats(device, samples, 1e-3f, 2e-3f, 7);
  const auto t = random_floats(device, samples, 0.5f, 2, 8), values = random_floats(device, int64_t{samples} * kChannels, 0, 1, 9);
  const auto background = random_floats(device, n * kChannels, 0, 1, 10);
  const Buffer<float> color(device, n * kChannels), opacity(device, n), depth(device, n), weights(device, samples);
  const Buffer<int32_t> live(device, n);
  const double s = samples, r = static_cast<double>(n);
  Work forward, backward;
  forward.bytes = s * 4 * (1 + 1 + 1 + kChannels + 1) + r * 4 * (2 + 2 * kChannels + 3);
  const std::string what = "rays of 0 to 63 samples, 3 channels; by samples";
  bench.row("composite_forward", what, samples, forward, [&] {
    bench.kernels().composite_forward(bench.exec(), plan, rays, kChannels, raw.data(), dt.data(), t.data(), values.data(),
                                      background.data(), color.data(), opacity.data(), depth.data(), live.data(), weights.data());
  });
  const auto d_color = random_floats(device, n * kChannels, -1, 1, 11), d_opacity = random_floats(device, n, -1, 1, 12);
  const auto d_depth = random_floats(device, n, -1, 1, 13);
  const Buffer<float> d_raw(device, samples), d_values(device, int64_t{samples} * kChannels), d_background(device, n * kChannels);
  backward.bytes = s * 4 * (3 + kChannels + 1 + kChannels) + r * 4 * (2 + 3 * kChannels + 2);
  bench.row("composite_backward", what, samples, backward, [&] {
    bench.kernels().composite_backward(bench.exec(), plan, rays, kChannels, raw.data(), dt.data(), t.data(), values.data(),
                                       background.data(), d_color.data(), d_opacity.data(), d_depth.data(), d_raw.data(),
                                       d_values.data(), d_background.data());
  });
}

}  // namespace

void measure_parts(Bench& bench) {
  losses(bench);
  resampling(bench);
  histograms(bench);
  compositing(bench);
}

}  // namespace eik::bench
