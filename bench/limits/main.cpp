// limits [--quick] [--json FILE]: measures what this machine can do at most, on one core and on all, and prints it.
#include <cstdio>
#include <cstring>
#include <fstream>
#include <map>

#include "measure.h"

namespace limits {

bool supports(const std::string& isa) {
  __builtin_cpu_init();
  const bool avx512 = __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
                      __builtin_cpu_supports("avx512vl");
  if (isa == "avx2") return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma");
  if (isa == "avx512") return avx512;
  if (isa == "avx512bf16") return avx512 && __builtin_cpu_supports("avx512bf16");
  return true;
}

namespace {

std::string processor() {
  std::ifstream info("/proc/cpuinfo");
  for (std::string line; std::getline(info, line);)
    if (line.rfind("model name", 0) == 0) return line.substr(line.find(':') + 2);
  return "unknown";
}

void write_json(FILE* file, const Results& results, int threads) {
  std::fprintf(file, "{\n  \"processor\": \"%s\",\n  \"threads\": %d,\n  \"results\": [", processor().c_str(), threads);
  const char* separator = "";
  for (const Result& r : results) {
    std::fprintf(file,
                 "%s\n    {\"what\": \"%s\", \"variant\": \"%s\", \"isa\": \"%s\", \"threads\": %d, "
                 "\"log2_size\": %d, \"value\": %.5g, \"unit\": \"%s\"}",
                 separator, r.what.c_str(), r.variant.c_str(), r.isa.c_str(), r.threads, r.log2_size, r.value, r.unit.c_str());
    separator = ",";
  }
  std::fprintf(file, "\n  ]\n}\n");
}

// One row for each size, or instruction set; the best of the variants.
void print_table(const Results& results) {
  std::map<std::string, std::map<std::string, double>> rows;
  std::vector<std::string> order;
  const auto label = [](const Result& r) {
    char text[64];
    if (r.log2_size == 0)
      std::snprintf(text, sizeof text, "%s %s", r.what.c_str(), r.isa.c_str());
    else
      std::snprintf(text, sizeof text, "%s 2^%d %s", r.what.c_str(), r.log2_size, r.unit == "ns" ? "entries" : "bytes");
    return std::string(text) + ", " + r.unit;
  };
  for (const Result& r : results) {
    auto& row = rows[label(r)];
    if (row.empty()) order.push_back(label(r));
    const std::string column = std::to_string(r.threads);
    const auto found = row.find(column);
    if (found == row.end())
      row[column] = r.value;
    else
      found->second = r.unit == "ns" ? std::min(found->second, r.value) : std::max(found->second, r.value);
  }
  std::stable_sort(order.begin(), order.end(), [](const auto& a, const auto& b) {
    return a.substr(0, a.find(' ')) < b.substr(0, b.find(' '));
  });
  for (const auto& name : order) {
    std::printf("%-34s", name.c_str());
    for (const auto& [threads, value] : rows[name])
      std::printf("  %9.2f (%s thread%s)", value, threads.c_str(), threads == "1" ? "" : "s");
    std::printf("\n");
  }
}

}  // namespace
}  // namespace limits

int main(int count, char** arguments) {
  bool quick = false;
  const char* json = nullptr;
  for (int i = 1; i < count; ++i) {
    if (!std::strcmp(arguments[i], "--quick")) {
      quick = true;
    } else if (!std::strcmp(arguments[i], "--json") && i + 1 < count) {
      json = arguments[++i];
    } else {
      std::fprintf(stderr, "usage: limits [--quick] [--json FILE]\n");
      return 2;
    }
  }
  const int all = std::max(1u, std::thread::hardware_concurrency());
  limits::Results results;
  for (int threads = 1; threads <= all; threads = threads < all ? all : all + 1) {
    limits::measure_products(results, threads, quick);
    limits::measure_streams(results, threads, quick);
    limits::measure_accesses(results, threads, quick);
  }
  limits::print_table(results);
  if (json) {
    FILE* file = std::fopen(json, "w");
    if (!file) {
      std::perror(json);
      return 1;
    }
    limits::write_json(file, results, all);
    std::fclose(file);
  }
}
