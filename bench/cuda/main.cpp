// Measures every kernel of the CUDA backend's table.
#include <cstdio>
#include <cstring>
#include <fstream>
#include <sstream>

#include "bench.h"
#include "core/error.h"
#include "core/json.h"

namespace {

using namespace eik;

constexpr const char* kUsage =
    "usage: gpu_bench --library FILE [--out FILE.json] [--devices LIST] [--small]\n"
    "  --library  the CUDA backend, real or emulated\n"
    "  --out      where the measurements go; renewed after each\n"
    "  --devices  precisions with commas between, each with +deterministic behind it or not; auto if not given\n"
    "  --small    every kernel once, on little: for sanitizers and the emulator\n";

struct Options {
  std::string library, out, devices = "auto";
  bool small = false;
};

Options read(int argc, char** argv) {
  Options options;
  for (int i = 1; i < argc; ++i) {
    const std::string name = argv[i];
    if (name == "--small") {
      options.small = true;
      continue;
    }
    std::string* const target = name == "--library" ? &options.library
                                : name == "--out"     ? &options.out
                                : name == "--devices" ? &options.devices
                                                      : nullptr;
    if (!target || i + 1 == argc) invalid(name + (target ? " needs a value\n" : " is unknown\n") + kUsage);
    *target = argv[++i];
  }
  if (options.library.empty()) invalid(std::string("--library is missing\n") + kUsage);
  return options;
}

std::string device_json(const Options& options, std::string device) {
  const size_t plus = device.find('+');
  const bool deterministic = plus != std::string::npos && device.substr(plus) == "+deterministic";
  return R"({"type": "cuda", "library": )" + quoted(options.library) + R"(, "precision": )" + quoted(device.substr(0, plus)) +
         R"(, "deterministic": )" + (deterministic ? "true" : "false") + "}";
}

void write(const std::string& file, const std::vector<std::string>& devices) {
  if (file.empty()) return;
  const std::string draft = file + ".part";
  std::ofstream out(draft);
  out << "[";
  for (size_t i = 0; i < devices.size(); ++i) out << (i ? ",\n" : "") << devices[i];
  out << "]\n";
  out.close();
  if (!out || std::rename(draft.c_str(), file.c_str()) != 0) throw Error(EIK_INTERNAL, file + " cannot be written");
}

void run(const Options& options) {
  std::vector<std::string> done;
  std::istringstream list(options.devices);
  for (std::string name; std::getline(list, name, ',');) {
    done.emplace_back();
    bench::Bench* measured = nullptr;
    bench::Bench bench(Device::open(device_json(options, name)), name, options.small, [&] {
      done.back() = measured->json();
      write(options.out, done);
    });
    measured = &bench;
    measure_modules(bench);
    measure_parts(bench);
    measure_road(bench);
    std::string missing;
    for (const std::string& kernel : bench.missing()) missing += " " + kernel;
    if (!missing.empty()) throw Error(EIK_INTERNAL, "no row measures" + missing);
  }
}

}  // namespace

int main(int argc, char** argv) {
  try {
    run(read(argc, argv));
    return 0;
  } catch (const std::exception& e) {
    std::fprintf(stderr, "gpu_bench: %s\n", e.what());
    return 1;
  }
}
