#include "core/device.h"

#include "core/cuda_library.h"
#include "core/error.h"
#include "core/json.h"
#include "cpu/backend.h"

namespace eik {
namespace {

constexpr const char* kVersion = "0.1.0";

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
  const std::vector<std::string> precisions = {"auto", "fp32", "bf16", "fp16"};
  const std::string precision = precisions[static_cast<size_t>(keys.choice("precision", "auto", precisions))];
  const int threads = keys.integer("threads", 0, 0, 1024);
  const std::string isa = keys.string("isa", "auto");
  const int index = keys.integer("index", 0, 0, 1023);
  const bool deterministic = keys.boolean("deterministic", false);
  const auto stream = static_cast<uintptr_t>(keys.number("stream", 0, 0, 9007199254740992.0));
  const std::string library = keys.string("library", "");
  keys.finish();

  auto device = std::make_shared<Device>();
  std::string why = "asked for";
  if (type != 1) try {
      device->backend_ = open_cuda_library(library).open({index, precision, deterministic, reinterpret_cast<void*>(stream)});
      if (type == 0) why = "auto takes a CUDA device where there is one";
    } catch (const Error& e) {
      if (type == 2) throw Error(e.status, std::string("device cuda: ") + e.what() + "; or use the device cpu");
      why = std::string("auto took the CPU; no CUDA: ") + e.what();
    }
  const char* const kind = device->backend_ ? "cuda" : "cpu";
  if (!device->backend_) try {
      device->backend_ = open_cpu({threads, isa, precision});
    } catch (const Error& e) {
      throw type == 1 ? e : Error(e.status, std::string(e.what()) + " (" + why + ")");
    }
  device->description_ =
      std::string("{\"type\": \"") + kind + "\", " + device->backend_->describe() + ", \"why\": " + quoted(why) + "}";
  return device;
}

std::string system_description() {
  std::string devices = "{\"type\": \"cpu\", \"index\": 0, \"name\": \"CPU\", \"available\": true, \"reason\": \"\"}";
  try {
    int index = 0;
    for (const std::string& name : open_cuda_library("").devices())
      devices += ", {\"type\": \"cuda\", \"index\": " + std::to_string(index++) + ", \"name\": " + quoted(name) +
                 ", \"available\": true, \"reason\": \"\"}";
  } catch (const Error& e) {
    devices += ", {\"type\": \"cuda\", \"available\": false, \"reason\": " + quoted(e.what()) + "}";
  }
  return std::string("{\"version\": ") + quoted(kVersion) + ", \"abi\": " + std::to_string(EIK_ABI_VERSION) +
         ", \"cpu\": {\"compiled\": " + json_list(cpu_instruction_sets()) +
         ", \"here\": " + json_list(cpu_instruction_sets_here()) + ", \"threads\": " + std::to_string(cpu_threads_here()) +
         "}, \"devices\": [" + devices + "]}";
}

}  // namespace eik
