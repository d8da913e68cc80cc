// Takes every function of the C ABI (the linker's --wrap, see CMakeLists.txt) in a JNI library made for tests, and writes
// down what is called: name, arguments, what came back. replay.cpp reads it.
//
// A recording holds, for each call: the function's name, its arguments as their types say (calls.h), its answer, and the
// message of a failed one, or the description of a device. A name "test" is followed by a text: the test that made the calls after it.
#define EIK_REAL(function) __real_##function
#include "replay/calls.h"

#include <jni.h>

#include <cstdio>
#include <cstring>
#include <iterator>
#include <map>
#include <mutex>
#include <string>

extern "C" const char* eik_last_error(void);

namespace eik::replay {
namespace {

// One at a time: calls are recorded in an order that they might have had.
std::mutex mutex;
// Once so many bytes are recorded of the calls on a device, or where a call is longer than any should be, the device and
// what was made on it become unknown: a test's first calls are recorded and the rest is not.
constexpr size_t kMostOfDevice = size_t{1} << 18, kMostOfCall = size_t{1} << 21;

struct Known {
  int32_t id, device;
};

FILE* file;                             // NULL: nothing is recorded
std::map<const void*, Known> handles;   // that the recording knows; ids count from 1
int32_t last_id;
std::map<int32_t, size_t> recorded_of;  // devices: bytes
std::string record;                     // of the call that is being written

void put(const void* data, size_t bytes) { record.append(static_cast<const char*>(data), bytes); }
template <class T>
void put(T number) {
  put(&number, sizeof number);
}
void put(const char* text) {
  const int64_t length = text ? static_cast<int64_t>(std::strlen(text)) : -1;
  put(length);
  if (text) put(text, static_cast<size_t>(length));
}

// Whether the recording knows all handles that a call uses.
struct Lookup {
  bool all = true;
  template <class T>
  void handle(T* handle) {
    all = all && (!handle || handles.count(handle));
  }
  template <class T>
  void number(T) {}
  void text(const char*) {}
  template <class T>
  void read(T*) {}
  template <class T>
  void set(T*) {}
  template <class T>
  void created(T*) {}
};

// Writes the arguments of a call that was made.
struct Writer {
  // A failed call sets nothing worth comparing, and its sizes may be what made it fail.
  static constexpr int64_t kRoomOfFailed = 1 << 20;
  static constexpr int64_t kMostCompared = 1 << 14;  // values of an array
  const bool failed;
  const Extent* extent;
  int32_t device = 0;  // the call's

  template <class T>
  void handle(T* handle) {
    const Known known = handle ? handles.at(handle) : Known{0, device};
    device = known.device;
    put(known.id);
  }
  template <class T>
  void number(T number) {
    put(number);
  }
  void text(const char* text) { put(text); }
  template <class T>
  void read(const T* data) {
    const Extent e = *extent++;
    put(data ? e.size : int64_t{-1});
    if (data) put(data, static_cast<size_t>(e.size) * sizeof(T));
  }
  template <class T>
  void set(T* data) {
    const Extent e = *extent++;
    put(!data ? int64_t{-1} : failed ? std::min(e.size, kRoomOfFailed) : e.size);
    const int64_t n = !data || failed ? 0 : std::min(e.set, kMostCompared);
    put(n);
    if (n > 0) put(data, static_cast<size_t>(n) * sizeof(T));
  }
  template <class T>
  void created(T** handle) {
    put(!handle ? int32_t{-1} : failed ? 0 : ++last_id);
    if (!handle || failed) return;
    if (device == 0) device = last_id;
    handles[*handle] = {last_id, device};
  }
};

// Writes the record of a call, unless it is too much for its device.
void finish(int32_t device) {
  const bool fits = device == 0 || (recorded_of[device] < kMostOfDevice && record.size() < kMostOfCall);
  recorded_of[device] += record.size();
  if (fits) std::fwrite(record.data(), 1, record.size(), file);
  record.clear();
  for (auto handle = handles.begin(); !fits && handle != handles.end();)
    handle = handle->second.device == device ? handles.erase(handle) : std::next(handle);
}

// The same calls come from every device that the tests open. One for each precision is enough, and that a driver puts
// another instruction set in its place: recorded are portable, bf16, and what was opened without naming a set.
bool wanted(const char* config, const eik_device* device) {
  const std::string description = __real_eik_device_describe(device);
  const auto says = [&](const char* what) { return description.find(what) != std::string::npos; };
  return !std::strstr(config, "\"isa\"") || says("\"isa\": \"portable\"") || says("\"precision\": \"bf16\"");
}

template <auto function, class R, class... P>
R call(P... arguments) {
  using Self = Call<function>;
  const std::lock_guard<std::mutex> lock(mutex);
  [[maybe_unused]] Lookup lookup;
  (show(lookup, arguments), ...);
  const bool recorded = file && lookup.all;
  const auto write = [&](bool failed) {
    const std::vector<Extent> extents = Self::extents(arguments...);
    Writer writer{failed, extents.data()};
    put(Self::name);
    (show(writer, arguments), ...);
    return writer.device;
  };
  if constexpr (std::is_void_v<R>) {
    if (recorded) finish(write(false));
    Self::real(arguments...);
    (handles.erase(arguments), ...);  // it destroyed its handle
  } else {
    const R answer = Self::real(arguments...);
    bool failed = false;
    if constexpr (can_fail<R, P...>) failed = answer != EIK_OK;
    bool here = recorded;
    if constexpr (same<function, &eik_device_open>) {
      const auto [config, device] = std::make_tuple(arguments...);
      here = recorded && (failed || wanted(config, *device));
    }
    if (here) {
      const int32_t device = write(failed);
      put(answer);
      if (failed) put(eik_last_error());
      if constexpr (same<function, &eik_device_open>)
        if (!failed) put(__real_eik_device_describe(*std::get<1>(std::make_tuple(arguments...))));
      finish(device);
    }
    return answer;
  }
}

// call, as a function of the type of an ABI function.
template <auto function, class R, class... P>
constexpr auto as_recorded(R (*)(P...)) {
  return &call<function, R, P...>;
}

}  // namespace

// The linker sends calls of a function to __wrap_function: an alias of call, made without naming the parameters again.
#define EIK_WRAP(function, ...)                                                                                   \
  extern "C" decltype(&function) resolve_##function() { return as_recorded<&function>(decltype (&function){}); }  \
  extern "C" decltype(function) __wrap_##function __attribute__((ifunc("resolve_" #function)));
EIK_CALLS(EIK_WRAP)
#undef EIK_WRAP

}  // namespace eik::replay

using namespace eik::replay;

// org.eikonal.replay.Recorder.record(file): what is called from now on goes there; null: nowhere.
extern "C" JNIEXPORT jboolean JNICALL Java_org_eikonal_replay_Recorder_record(JNIEnv* env, jclass, jstring path) {
  const std::lock_guard<std::mutex> lock(mutex);
  bool fine = true;
  if (file) fine = !std::ferror(file) & (std::fclose(file) == 0);
  file = nullptr;
  handles.clear();
  recorded_of.clear();
  last_id = 0;
  if (path) {
    const char* text = env->GetStringUTFChars(path, nullptr);
    file = std::fopen(text, "wb");
    env->ReleaseStringUTFChars(path, text);
    fine = fine && file;
  }
  return fine;
}

// org.eikonal.replay.Recorder.test(name): what is called from now on is a test's.
extern "C" JNIEXPORT void JNICALL Java_org_eikonal_replay_Recorder_test(JNIEnv* env, jclass, jstring name) {
  const std::lock_guard<std::mutex> lock(mutex);
  if (!file) return;
  const char* text = env->GetStringUTFChars(name, nullptr);
  put("test");
  put(text);
  finish(0);
  env->ReleaseStringUTFChars(name, text);
}
