// Modules: encodings, networks, fields; what is made of their parameters; and a training step by calls one after the other.
#include <algorithm>

#include "bench.h"
#include "core/optimizer.h"

namespace eik::bench {
namespace {

const char* const kAdam = R"({"otype": "Adam", "learning_rate": 1e-2, "beta2": 0.99, "epsilon": 1e-15, "l2_reg": 1e-6})";

std::string grid_json(int levels, int features, int log2_size, double growth) {
  return R"({"otype": "HashGrid", "n_levels": )" + std::to_string(levels) + R"(, "n_features_per_level": )" +
         std::to_string(features) + R"(, "log2_hashmap_size": )" + std::to_string(log2_size) +
         R"(, "base_resolution": 16, "per_level_scale": )" + std::to_string(growth) + "}";
}

std::string network_json(int width, int hidden, const std::string& more = "") {
  return R"({"otype": "FullyFusedMLP", "n_neurons": )" + std::to_string(width) + R"(, "n_hidden_layers": )" +
         std::to_string(hidden) + R"(, "activation": "ReLU")" + more + "}";
}

// Forward, backward to parameters, and to inputs too if asked for.
void both_ways(Bench& bench, const std::string& what, const std::string& config, int inputs, int outputs, int64_t n,
               bool to_inputs) {
  Module module(bench.device(), config, inputs, outputs, 1);
  const ModulePlan& plan = module.plan();
  const auto in = random_floats(bench.device(), n * plan.inputs, 0, 1, 2);
  const auto d_out = random_floats(bench.device(), n * plan.outputs, -1, 1, 3);
  const Buffer<float> out(bench.device(), n * plan.outputs), d_in(bench.device(), n * plan.inputs);
  const auto points = static_cast<double>(n);
  bench.row("forward", what, n, forward_work(plan, points, bench.half()),
            [&] { bench.kernels().forward(bench.exec(), plan, module.parameters(), n, in.data(), out.data()); });
  const auto backward = [&](float* target) {
    bench.row("backward", what + (target ? ", to inputs" : ""), n, backward_work(plan, points, bench.half(), target != nullptr),
              [&] { bench.kernels().backward(bench.exec(), plan, module.parameters(), n, in.data(), d_out.data(), target, true); });
  };
  backward(nullptr);
  if (to_inputs) backward(d_in.data());
}

void encodings(Bench& bench) {
  const int64_t n = bench.size(1 << 18, 333);
  const int size = static_cast<int>(bench.size(19, 9));
  const std::string t = " T2^" + std::to_string(size);
  both_ways(bench, "HashGrid 3-D L16 F2" + t, grid_json(16, 2, size, 1.3819), 3, 0, n, true);
  both_ways(bench, "HashGrid 3-D L8 F4" + t, grid_json(8, 4, size, 2), 3, 0, n, true);
  both_ways(bench, "HashGrid 2-D L16 F2" + t, grid_json(16, 2, size, 1.5), 2, 0, n, false);
  both_ways(bench, "SphericalHarmonics degree 4", R"({"otype": "SphericalHarmonics", "degree": 4})", 3, 0, n, true);
  both_ways(bench, "Frequency 3-D, 12", R"({"otype": "Frequency", "n_frequencies": 12})", 3, 0, n, true);
  both_ways(bench, "IntegratedFrequency, icosahedron, 12",
            R"({"otype": "IntegratedFrequency", "basis": "Icosahedron", "contraction": "L2"})", 9, 0, n, true);
  if (!bench.small()) return;
  // Not worth measuring, but a sanitizer should see them.
  for (int dims = 1; dims <= 4; ++dims)
    for (int features = 1; features <= 8; features *= 2)
      both_ways(bench, "HashGrid " + std::to_string(dims) + "-D L2 F" + std::to_string(features), grid_json(2, features, 8, 1.7),
                dims, 0, 77, true);
  both_ways(bench, "Composite", R"({"otype": "Composite", "nested": [
      {"otype": "OneBlob", "n_dims_to_encode": 1}, {"otype": "TriangleWave", "n_dims_to_encode": 1}, {"otype": "Identity"}]})",
            3, 0, 77, true);
}

void networks(Bench& bench) {
  const int64_t n = bench.size(1 << 18, 333);
  for (const int width : {16, 32, 64, 128, 256})
    for (const int hidden : {2, 3, 4}) {
      if (bench.small() && hidden != 3) continue;
      both_ways(bench, "32 > " + std::to_string(width) + " x" + std::to_string(hidden) + " > 16", network_json(width, hidden), 32,
                16, n, width == 64);
    }
  if (!bench.small()) return;
  both_ways(bench, "5 > 33 x2 > 3, bias, skip, Softplus",
            R"({"otype": "MLP", "n_neurons": 33, "n_hidden_layers": 2, "activation": "Softplus", "bias": true,
                "skip_connections": [1]})",
            5, 3, 77, true);
}

std::string field_json(int size, double growth) {
  return R"({"encoding": )" + grid_json(16, 2, size, growth) + R"(, "network": )" + network_json(64, 1) +
         R"(, "dir_encoding": {"otype": "SphericalHarmonics", "degree": 4}, "rgb_network": )" + network_json(64, 2) + "}";
}

void parameters(Bench& bench) {
  const int size = static_cast<int>(bench.size(19, 9));
  const auto module = std::make_shared<Module>(bench.device(), field_json(size, 1.3819), 6, 4, 1);
  const ModulePlan& plan = module->plan();
  const std::string what = "radiance field, " + std::to_string(plan.parameters) + " parameters";
  const int64_t n = plan.parameters;
  const auto count = static_cast<double>(n);
  Optimizer optimizer(module, kAdam);
  Work copy, mean;
  copy.bytes = bench.half() ? 6 * count : 0;
  mean.bytes = 12 * count;
  bench.row("refresh", what, n, copy, [&] { bench.kernels().refresh(bench.exec(), plan, module->parameters()); });
  const Buffer<float> average(bench.device(), n);
  bench.row("average", what, n, mean,
            [&] { bench.kernels().average(bench.exec(), n, 0.95f, module->parameters().values, average.data()); });
  const auto optimize = [&] {
    bench.kernels().optimize(bench.exec(), plan, module->parameters(), optimizer.moments(), optimizer.begin(0));
  };
  // The step sets gradients to zero: they are there again before each.
  const auto gradients = random_floats(n, -1, 1, 4);
  const auto renew = [&] {
    bench.device()->backend().upload(module->parameters().gradients, gradients.data(), gradients.size() * sizeof(float));
  };
  bench.row("optimize", what + ", all with gradients", n, optimize_work(plan, count, bench.half()), optimize, renew);
  bench.row("optimize", what + ", none with gradients", n, optimize_work(plan, 0, bench.half()), optimize);
}

// The whole step of a hash grid and a network: what bench/peers measures elsewhere. Kernel by kernel as a caller of the
// components has it, so that the forward pass is made twice and each loss is waited for.
void step(Bench& bench, int dims, double growth) {
  const int64_t n = bench.size(1 << 18, 333);
  const int size = static_cast<int>(bench.size(19, 9));
  constexpr int kOutputs = 3;
  const auto module = std::make_shared<Module>(
      bench.device(), R"({"encoding": )" + grid_json(16, 2, size, growth) + R"(, "network": )" + network_json(64, 2) + "}", dims,
      kOutputs, 1);
  const ModulePlan& plan = module->plan();
  Optimizer optimizer(module, kAdam);
  const auto in = random_floats(bench.device(), n * dims, 0, 1, 5), target = random_floats(bench.device(), n * kOutputs, 0, 1, 6);
  const Buffer<float> out(bench.device(), n * kOutputs), d_out(bench.device(), n * kOutputs);
  const LossPlan loss{LossKind::l2, 0};
  const auto points = static_cast<double>(n);
  Work work = forward_work(plan, points, bench.half());
  work += backward_work(plan, points, bench.half(), false);
  work += optimize_work(plan, points * corners(plan.encoding) * plan.encoding.grid.features, bench.half());
  double value = 0;
  const Kernels& kernels = bench.kernels();
  const std::string what = "HashGrid " + std::to_string(dims) + "-D L16 F2 T2^" + std::to_string(size) + ", 64 x2, L2, Adam";
  bench.row("(step)", what, n, work, [&] {
    kernels.forward(bench.exec(), plan, module->parameters(), n, in.data(), out.data());
    kernels.loss(bench.exec(), loss, n * kOutputs, out.data(), target.data(), &value, d_out.data());
    kernels.backward(bench.exec(), plan, module->parameters(), n, in.data(), d_out.data(), nullptr, true);
    kernels.optimize(bench.exec(), plan, module->parameters(), optimizer.moments(), optimizer.begin(0));
  });
  bench.figure("loss", value);
}

}  // namespace

void measure_modules(Bench& bench) {
  encodings(bench);
  networks(bench);
  const int size = static_cast<int>(bench.size(19, 9));
  const int64_t n = bench.size(1 << 18, 333);
  both_ways(bench, "radiance field L16 F2 T2^" + std::to_string(size), field_json(size, 1.3819), 6, 4, n, true);
  parameters(bench);
  step(bench, 3, 1.3819);
  step(bench, 2, 1.5);
}

}  // namespace eik::bench
