#include "core/device.h"

#include "core/error.h"
#include "core/json.h"
#include "cpu/backend.h"

namespace eik {
namespace {

constexpr const char* kVersion = "0.1.0";
constexpr const char* kNoCuda = "this build has no CUDA backend";

std::string json_list(const std::vector<std::string>& names) {
  std::string out = "[";
  for (const auto& name : names) out += (out.size() > 1 ? ", " : "") + quoted(name);
  return out + "]";
}

}  // namespace

std::shared_ptr<Device> Device::open(const std::string& config) {
  const Json json = Json::parse(config);
  Keys keys(json, "device");
  const int type = keys.choice("type", "auto", {"auto", "cpu", "cuda"});
  keys.integer("index", 0, 0, 1023);
  CpuConfig cpu;
  cpu.threads = keys.integer("threads", 0, 0, 1024);
  cpu.isa = keys.string("isa", "auto");
  cpu.precision = std::vector<std::string>{"auto", "fp32", "bf16"}[static_cast<size_t>(
      keys.choice("precision", "auto", {"auto", "fp32", "bf16"}))];
  keys.finish();
  if (type == 2) throw Error(EIK_UNAVAILABLE, std::string("device cuda: ") + kNoCuda + "; use the device cpu");
  auto device = std::make_shared<Device>();
  device->backend_ = open_cpu(cpu);
  const std::string why = type == 0 ? std::string("auto took the CPU: ") + kNoCuda : "asked for";
  device->description_ = "{\"type\": \"cpu\", " + device->backend_->describe() + ", \"why\": " + quoted(why) + "}";
  return device;
}

std::string system_description() {
  return std::string("{\"version\": ") + quoted(kVersion) + ", \"abi\": " + std::to_string(EIK_ABI_VERSION) +
         ", \"cpu\": {\"compiled\": " + json_list(cpu_instruction_sets()) +
         ", \"here\": " + json_list(cpu_instruction_sets_here()) + ", \"threads\": " + std::to_string(cpu_threads_here()) +
         "}, \"devices\": [{\"type\": \"cpu\", \"available\": true, \"reason\": \"\"}, {\"type\": \"cuda\", \"available\": false, "
         "\"reason\": " + quoted(kNoCuda) + "}]}";
}

}  // namespace eik
