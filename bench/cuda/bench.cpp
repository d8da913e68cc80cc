#include "bench.h"

#include <algorithm>
#include <cmath>
#include <cstdio>

#include "core/json.h"
#include "math/random.h"

namespace eik::bench {
namespace {

constexpr double kSpan = 2e-3;    // seconds between two readings of the clock, at least
constexpr double kBudget = 0.25;  // seconds a row
constexpr int kFewest = 5, kMost = 40;

std::string number(double x) { return std::isfinite(x) ? shown(x) : "null"; }

}  // namespace

Bench::Bench(std::shared_ptr<Device> device, std::string asked, bool small, std::function<void()> on_row)
    : device_(std::move(device)), asked_(std::move(asked)), small_(small), on_row_(std::move(on_row)),
      stopwatch_(make_stopwatch(exec())), ceilings_(measure_ceilings(exec(), small)) {
  std::printf("%s\n", device_->description().c_str());
  std::printf("ceilings: copy %.0f GB/s, mma.sync %.1f TFLOP/s, gathers %.1f G/s, adds %.1f G/s\n", ceilings_.copied_bytes * 1e-9,
              ceilings_.matrix_flops * 1e-12, ceilings_.gathers * 1e-9, ceilings_.adds * 1e-9);
  std::printf("%-18s %-52s %10s %9s %9s %7s\n", "kernel", "what", "ms", "GB/s", "TFLOP/s", "floor");
}

void Bench::row(const std::string& kernel, const std::string& what, int64_t n, const Work& work,
                const std::function<void()>& call, const std::function<void()>& prepare) {
  const auto timed = [&](int calls) {
    if (prepare) prepare();
    stopwatch_->start();
    for (int i = 0; i < calls; ++i) call();
    return stopwatch_->stop() / calls;
  };
  std::vector<double> seconds = {timed(1)};
  int calls = 1;
  if (!small_) {
    timed(1);  // scratch memory has its size from here on
    const double once = std::max(timed(1), 1e-6);
    if (!prepare) calls = static_cast<int>(std::clamp(kSpan / once, 1.0, 1000.0));
    const int spans = static_cast<int>(std::clamp(kBudget / (once * calls), double{kFewest}, double{kMost}));
    seconds.clear();
    for (int i = 0; i < spans; ++i) seconds.push_back(timed(calls));
  }
  std::sort(seconds.begin(), seconds.end());
  rows_.push_back({kernel, what, n, work, seconds[seconds.size() / 2], seconds.front(),
                   calls * static_cast<int>(seconds.size()), {}});
  print(rows_.back());
  on_row_();
}

void Bench::figure(const std::string& name, double value) {
  rows_.back().figures.emplace_back(name, value);
  std::printf("%-18s %s %s\n", "", name.c_str(), shown(value).c_str());
  on_row_();
}

// The least seconds that the work takes at the card's measured rates; limit names the rate that decides.
double Bench::floor_of(const Work& work, std::string& limit) const {
  double most = 0;
  const auto at_least = [&](double amount, double rate, const char* name) {
    if (rate > 0 && amount / rate > most) {
      most = amount / rate;
      limit = name;
    }
  };
  at_least(work.bytes, ceilings_.copied_bytes, "copy");
  at_least(work.flops, ceilings_.matrix_flops, "matrix");
  at_least(work.gathers, ceilings_.gathers, "gathers");
  at_least(work.adds, ceilings_.adds, "adds");
  return most;
}

void Bench::print(const Row& row) const {
  std::string limit;
  const double floor = floor_of(row.work, limit);
  std::printf("%-18s %-52s %10.4f %9.1f %9.2f %6.1f%% %s\n", row.kernel.c_str(), row.what.c_str(), row.seconds * 1e3,
              row.work.bytes / row.seconds * 1e-9, row.work.flops / row.seconds * 1e-12, 100 * floor / row.seconds, limit.c_str());
  std::fflush(stdout);
}

std::vector<std::string> Bench::missing() const {
  std::vector<std::string> out;
  const auto look_for = [&](const char* name) {
    if (std::none_of(rows_.begin(), rows_.end(), [&](const Row& row) { return row.kernel == name; })) out.push_back(name);
  };
#define EIK_LOOK(name, parameters) look_for(#name);
  EIK_KERNELS(EIK_LOOK)
#undef EIK_LOOK
  return out;
}

std::string Bench::json() const {
  const auto rate = [](double amount, double seconds) { return number(amount / seconds); };
  std::string out = "{\"asked\": " + quoted(asked_) + ", \"device\": " + device_->description() +
                    ",\n \"ceilings\": {\"copy_bytes_per_s\": " + number(ceilings_.copied_bytes) +
                    ", \"matrix_flops_per_s\": " + number(ceilings_.matrix_flops) +
                    ", \"gathers_per_s\": " + number(ceilings_.gathers) + ", \"adds_per_s\": " + number(ceilings_.adds) +
                    "},\n \"kernels\": [";
  const char* separator = "\n  ";
  for (const Row& row : rows_) {
    std::string limit;
    const double floor = floor_of(row.work, limit), s = row.seconds;
    out += separator + std::string("{\"kernel\": ") + quoted(row.kernel) + ", \"what\": " + quoted(row.what) +
           ", \"n\": " + std::to_string(row.n) + ", \"ms\": " + number(s * 1e3) + ", \"ms_fastest\": " + number(row.fastest * 1e3) +
           ", \"calls\": " + std::to_string(row.calls) + ", \"per_s\": " + rate(static_cast<double>(row.n), s) +
           ", \"bytes\": " + number(row.work.bytes) + ", \"flops\": " + number(row.work.flops) +
           ", \"gathers\": " + number(row.work.gathers) + ", \"adds\": " + number(row.work.adds) +
           ", \"bytes_per_s\": " + rate(row.work.bytes, s) + ", \"flops_per_s\": " + rate(row.work.flops, s) +
           ", \"of_copy\": " + rate(row.work.bytes / ceilings_.copied_bytes, s) +
           ", \"of_matrix\": " + rate(row.work.flops / ceilings_.matrix_flops, s) + ", \"floor_ms\": " + number(floor * 1e3) +
           ", \"floor_by\": " + quoted(limit) + ", \"of_floor\": " + number(floor / s);
    for (const auto& [name, value] : row.figures) out += ", " + quoted(name) + ": " + number(value);
    out += "}";
    separator = ",\n  ";
  }
  return out + "]}";
}

std::vector<float> random_floats(int64_t n, float low, float high, uint64_t seed) {
  std::vector<float> out(static_cast<size_t>(n));
  for (int64_t i = 0; i < n; i += 4) {
    const auto r = generic::random_bits(seed, static_cast<uint64_t>(i >> 32), static_cast<uint32_t>(i), 0);
    const uint32_t bits[4] = {r.x, r.y, r.z, r.w};
    for (int64_t k = i; k < std::min(i + 4, n); ++k)
      out[static_cast<size_t>(k)] = low + (high - low) * generic::unit_float(bits[k - i]);
  }
  return out;
}

Buffer<float> random_floats(const std::shared_ptr<Device>& device, int64_t n, float low, float high, uint64_t seed) {
  return uploaded(device, random_floats(n, low, high, seed));
}

}  // namespace eik::bench
