// Makes the calls of recordings again, natively: under sanitizers and emulators, on other instruction sets and numbers of
// threads, and compares what comes back.
//
//   replay [--isa NAME] [--cuda LIBRARY] [--threads N] [--callers N] [--exact | --no-values] [--complete] FILE...
//
//   --isa        devices of fp32 take this instruction set. Recorded ones of bf16 stay where it multiplies that, and are
//                left out elsewhere, with all that was made on them
//   --cuda       devices that were recorded with the instruction set of --isa become CUDA devices of this library, all
//                others are left out
//   --threads    devices have so many threads
//   --callers    so many threads make all calls of a file at the same time, on devices that they share
//   --exact      the same build, instruction set and precision: every bit has to be the same
//   --no-values  arrays and doubles are not compared
//   --complete   every function of the ABI has to be among the calls
//
// Prints a line for each call that answers otherwise. Ends with 0 where there is none, 1 where there are some, 2 where a
// recording cannot be read.
//
// What is compared without --exact, where compilers and instruction sets round differently:
// - status, message of a failure, counts of parameters, cells and states, layouts: exactly.
// - Arrays of floats: relative to their largest magnitude, doubles: to their own; NaN is NaN, infinity infinity.
//   Whether results are right is the conformance suite's business; here they only have to be the same in kind, and a
//   grid of 4096 vertices an axis turns one rounding of a position into 4096 (kRounding).
// - Arrays of integers: exactly.
//   A sum that cancels keeps some rounding of its terms (kCancellation).
// - What rounding may tip over, a ray that touches a cell's corner or a cell at the threshold, may differ in one of a
//   hundred (tips).
// - After a step of an optimiser or trainer or an update of an occupancy grid, what they changed has drifted: Adam
//   makes full steps of rounding errors, and updates sample what was so trained. What depends on it is called but not
//   compared, until it is set anew. So is what has seen extreme numbers (NaN, infinity, above kExtreme): in which
//   order sums overflow is rounding, too.
#include "replay/calls.h"

#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <functional>
#include <iterator>
#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <stdexcept>
#include <string>
#include <thread>
#include <utility>

namespace eik::replay {
namespace {

struct Options {
  std::string isa, cuda;
  int threads = 0, callers = 1;
  bool exact = false, values = true;
};

constexpr double kRounding = 1e-3;
constexpr double kHalfRounding = 0.05;   // a dozen roundings of 2^-8 behind one another, that fell out differently
constexpr double kCancellation = 1e-6;   // of the largest number read: what is left where a sum should be nothing
constexpr float kExtreme = 1e6f;

// A file, and the devices that its callers share, by the number of the call that opened them.
struct Recording {
  std::string path;
  std::vector<char> bytes;
  std::map<int, std::weak_ptr<eik_device>> devices;
  std::mutex mutex;
};

struct Counts {
  int calls = 0, drifted = 0, left_out = 0, mismatches = 0;
  std::set<std::string> functions;

  void add(const Counts& more) {
    calls += more.calls;
    drifted += more.drifted;
    left_out += more.left_out;
    mismatches += more.mismatches;
    functions.insert(more.functions.begin(), more.functions.end());
  }
};

class Reader {
 public:
  explicit Reader(const std::vector<char>& bytes) : at_(bytes.data()), end_(at_ + bytes.size()) {}
  bool more() const { return at_ != end_; }
  template <class T>
  T number() {
    T value;
    std::memcpy(&value, take(sizeof value), sizeof value);
    return value;
  }
  // n values in memory of their own that ends where they end.
  template <class T>
  std::unique_ptr<T[]> array(int64_t n) {
    const char* const from = take(n * static_cast<int64_t>(sizeof(T)));
    std::unique_ptr<T[]> values(new T[static_cast<size_t>(n)]);
    if (n > 0) std::memcpy(values.get(), from, static_cast<size_t>(n) * sizeof(T));
    return values;
  }
  std::unique_ptr<char[]> text() {  // NULL where NULL was given
    const int64_t n = number<int64_t>();
    if (n < 0) return nullptr;
    std::unique_ptr<char[]> text(new char[static_cast<size_t>(n) + 1]());
    std::memcpy(text.get(), take(n), static_cast<size_t>(n));
    return text;
  }

 private:
  const char* take(int64_t bytes) {
    if (bytes < 0 || bytes > end_ - at_) throw std::runtime_error("the recording is cut off");
    return std::exchange(at_, at_ + bytes);
  }
  const char* at_;
  const char* end_;
};

void destroy(eik_device* device) { eik_device_close(device); }
void destroy(eik_module* module) { eik_module_destroy(module); }
void destroy(eik_optimizer* optimizer) { eik_optimizer_destroy(optimizer); }
void destroy(eik_views* views) { eik_views_destroy(views); }
void destroy(eik_occupancy* occupancy) { eik_occupancy_destroy(occupancy); }
void destroy(eik_trainer* trainer) { eik_trainer_destroy(trainer); }

template <class T>
std::shared_ptr<T> owned(T* handle) {
  return {handle, [](T* one) { destroy(one); }};
}

// The name of a parameter, from the text of a parameter list.
std::string parameter_name(const char* list, int index) {
  std::string rest = list;
  for (; index > 0; --index) rest = rest.substr(rest.find(',') + 1);
  rest = rest.substr(0, rest.find_first_of(",)"));
  return rest.substr(rest.find_last_of(" *") + 1);
}

// The value of a member of a device's description.
std::string member(const std::string& json, const std::string& name) {
  const std::string key = "\"" + name + "\": ";
  const size_t at = json.find(key) + key.size();
  const std::string value = json.substr(at, json.find_first_of(",}", at) - at);
  return value[0] == '"' ? value.substr(1, value.size() - 2) : value;
}

std::string text(double number) {
  char digits[32];
  std::snprintf(digits, sizeof digits, "%.9g", number);
  return digits;
}

// One caller's way through a recording.
class Replay {
 public:
  Replay(Recording& recording, const Options& options)
      : recording_(recording), options_(options), reader_(recording.bytes) {}
  Counts run();

 private:
  struct Object {
    std::shared_ptr<void> handle;
    std::vector<int32_t> parts;  // what it was made from
    bool device, half, drifted;
  };

  // The arguments of one call: a tape that reads them, and what becomes of them after the call.
  struct Arguments {
    explicit Arguments(Replay& replay) : replay(replay) {}
    Replay& replay;
    bool here = true;              // whether this run has all handles
    std::vector<int32_t> handles;  // that are not NULL
    float largest = 0;             // magnitude that the call reads; NaN counts as infinity
    int32_t made = 0;              // the new object's id; 0 where the recorded call failed
    std::function<std::shared_ptr<void>()> take_made;
    std::vector<std::function<void()>> comparisons;

    template <class T>
    void handle(T*& handle) {
      const int32_t id = replay.reader_.number<int32_t>();
      const auto object = replay.objects_.find(id);
      if (id != 0) handles.push_back(id);
      if (id != 0 && object == replay.objects_.end()) here = false;
      handle = id != 0 && here ? static_cast<T*>(object->second.handle.get()) : nullptr;
      ++parameter;
    }
    template <class T>
    void number(T& number) {
      number = replay.reader_.number<T>();
      ++parameter;
    }
    void text(const char*& text) {
      text = own(replay.reader_.text());
      ++parameter;
    }
    template <class T>
    void read(const T*& data) {
      const int64_t size = replay.reader_.number<int64_t>();
      data = size < 0 ? nullptr : own(replay.reader_.array<T>(size));
      if constexpr (std::is_same_v<T, float>)
        for (int64_t i = 0; i < size; ++i) largest = std::fabs(data[i]) <= largest ? largest : std::isnan(data[i]) ? INFINITY : std::fabs(data[i]);
      ++parameter;
    }
    template <class T>
    void set(T*& data) {
      const int64_t size = replay.reader_.number<int64_t>(), n = replay.reader_.number<int64_t>();
      const T* const expected = own(replay.reader_.array<T>(n));
      data = size < 0 ? nullptr : own(std::unique_ptr<T[]>(new T[static_cast<size_t>(size)]()));
      comparisons.push_back([this, set = data, expected, n, index = parameter++] { replay.compare(index, set, expected, n); });
    }
    template <class T>
    void created(T**& where) {
      made = replay.reader_.number<int32_t>();
      where = made < 0 ? nullptr : own(std::unique_ptr<T*[]>(new T*[1]()));
      take_made = [where = where] { return where && *where ? owned(*where) : nullptr; };
      ++parameter;
    }

   private:
    template <class T>
    T* own(std::unique_ptr<T[]> array) {
      memory.emplace_back(array.get(), [](T* data) { delete[] data; });
      return array.release();
    }
    int parameter = 0;
    std::vector<std::shared_ptr<const void>> memory;
  };

  template <auto function, class R, class... P>
  void call();
  template <auto function, class R, class... P>
  static constexpr auto as_call(R (*)(P...)) {
    return &Replay::call<function, R, P...>;
  }
  void call(const std::string& function);

  std::shared_ptr<eik_device> open(const std::string& description, const char* config);
  void keep(int32_t id, std::shared_ptr<void> handle, const std::vector<int32_t>& parts);
  bool has_drifted(int32_t id) const;
  void drift(int32_t id);
  template <class T>
  void compare(int parameter, const T* values, const T* expected, int64_t n);
  void mismatch(const std::string& what);

  Recording& recording_;
  const Options& options_;
  Reader reader_;
  std::map<int32_t, Object> objects_;
  int32_t unexpected_ = 0;  // objects that should not have been made: -1, -2, ..
  Counts counts_;
  std::string test_ = "before any test";
  const char* function_ = "";
  const char* parameters_ = "";
  bool half_ = false;    // the call is on a device of bf16
  bool tips_ = false;    // rounding may tip over what it answers
  bool tipped_ = false;  // and has
  double read_ = 0;      // the largest magnitude that the call reads
};

void Replay::mismatch(const std::string& what) {
  ++counts_.mismatches;
  std::printf("%s: call %d, %s: %s: %s\n", recording_.path.c_str(), counts_.calls, test_.c_str(), function_, what.c_str());
}

// ---- objects --------------------------------------------------------------------------------------------------------

// The device that was opened then, or its like with what this run puts in its place; NULL where this run leaves it out.
std::shared_ptr<eik_device> Replay::open(const std::string& description, const char* config) {
  const bool half = member(description, "precision") == "bf16";
  const bool cuda = !options_.cuda.empty();
  if (cuda && member(description, "isa") != options_.isa) return nullptr;
  if (half && !options_.isa.empty() && options_.isa != "avx512bf16") return nullptr;
  std::string like = config;
  if (!options_.isa.empty() || options_.threads > 0) {
    const std::string isa = options_.isa.empty() ? member(description, "isa") : options_.isa;
    const std::string threads = options_.threads > 0 ? std::to_string(options_.threads) : member(description, "threads");
    like = "{\"type\": \"cpu\", \"isa\": \"" + isa + "\", \"threads\": " + threads + ", \"precision\": \"" +
           member(description, "precision") + "\"}";
  }
  if (cuda)
    like = "{\"type\": \"cuda\", \"library\": \"" + options_.cuda + "\", \"deterministic\": true, \"precision\": \"" +
           member(description, "precision") + "\"}";
  const std::lock_guard<std::mutex> lock(recording_.mutex);
  std::weak_ptr<eik_device>& shared = recording_.devices[counts_.calls];
  std::shared_ptr<eik_device> device = shared.lock();
  if (device) return device;
  eik_device* opened = nullptr;
  if (eik_device_open(like.c_str(), &opened) != EIK_OK) {
    mismatch(std::string("cannot open ") + like + ": " + eik_last_error());
    return nullptr;
  }
  shared = device = owned(opened);
  return device;
}

void Replay::keep(int32_t id, std::shared_ptr<void> handle, const std::vector<int32_t>& parts) {
  objects_[id > 0 ? id : --unexpected_] = {std::move(handle), parts, false, half_, false};
}

bool Replay::has_drifted(int32_t id) const {
  const auto found = objects_.find(id);
  if (found == objects_.end()) return false;  // destroyed, after something was made from it
  const Object& object = found->second;
  return object.drifted || std::any_of(object.parts.begin(), object.parts.end(), [&](int32_t p) { return has_drifted(p); });
}

void Replay::drift(int32_t id) {
  if (options_.exact) return;
  const auto found = objects_.find(id);
  if (found == objects_.end() || found->second.device) return;
  found->second.drifted = true;
  for (const int32_t part : found->second.parts) drift(part);
}

// ---- comparing ------------------------------------------------------------------------------------------------------

template <class T>
void Replay::compare(int parameter, const T* values, const T* expected, int64_t n) {
  if (!options_.values || tipped_) return;
  const double rounding = half_ ? kHalfRounding : kRounding;
  double largest = 0;
  for (int64_t i = 0; i < n; ++i)
    if (std::isfinite(static_cast<double>(expected[i])))
      largest = std::max(largest, std::fabs(static_cast<double>(expected[i])));
  int64_t differ = 0, first = 0;
  for (int64_t i = 0; i < n; ++i) {
    const double a = static_cast<double>(values[i]), b = static_cast<double>(expected[i]);
    const double scale = std::is_same_v<T, double> ? std::fabs(b) : largest;
    const double tolerance = std::is_integral_v<T> ? 0 : std::max(rounding * scale, kCancellation * read_);
    const bool close = a == b || (std::isnan(a) && std::isnan(b)) || std::fabs(a - b) <= tolerance;
    const bool fine = options_.exact ? std::memcmp(values + i, expected + i, sizeof(T)) == 0 : close;
    if (!fine && differ++ == 0) first = i;
  }
  // A ray with a sample more or less shifts all that come after it.
  tipped_ = differ > 0 && tips_ && std::is_integral_v<T>;
  if (differ > (tips_ && !options_.exact ? n / 100 : 0))
    mismatch((parameter < 0 ? "answer" : parameter_name(parameters_, parameter)) + "[" + std::to_string(first) + "] is " +
             text(static_cast<double>(values[first])) + ", was " + text(static_cast<double>(expected[first])) + "; " +
             std::to_string(differ) + " of " + std::to_string(n) + " differ");
}

template <auto function, class R, class... P>
void Replay::call() {
  function_ = Call<function>::name;
  parameters_ = Call<function>::parameter_names;
  std::tuple<P...> arguments{};
  Arguments tape(*this);
  std::apply([&](auto&... argument) { (show(tape, argument), ...); }, arguments);

  half_ = tape.here && std::any_of(tape.handles.begin(), tape.handles.end(),
                                   [&](int32_t id) { return objects_.at(id).half; });
  tips_ = same<function, &eik_occupancy_march> || same<function, &eik_occupancy_get> ||
          same<function, &eik_occupancy_get_bits> || same<function, &eik_render> ||
          same<function, &eik_composite_forward> || same<function, &eik_composite_backward>;
  tipped_ = false;
  read_ = tape.largest;

  if constexpr (std::is_void_v<R>) {  // destroys its handle
    if (tape.handles.empty())
      std::apply(function, arguments);
    else if (tape.here)
      objects_.erase(tape.handles[0]);
    else
      ++counts_.left_out;
  } else {
    constexpr bool is_text = std::is_same_v<R, const char*>;
    std::unique_ptr<char[]> expected_text, message;
    std::conditional_t<is_text, int, R> expected{};
    if constexpr (is_text)
      expected_text = reader_.text();
    else
      expected = reader_.template number<R>();
    bool failed = false;
    if constexpr (can_fail<R, P...>) failed = expected != EIK_OK;
    if (failed) message = reader_.text();
    if constexpr (same<function, &eik_device_open>)
      if (!failed) {
        const std::string description = reader_.text().get();
        if (auto device = open(description, std::get<0>(arguments)))
          objects_[tape.made] = {device, {}, true, member(description, "precision") == "bf16", false};
        else
          ++counts_.left_out;
        return;
      }
    if (!tape.here) return static_cast<void>(++counts_.left_out);

    const R answer = std::apply(function, arguments);
    const std::string error = failed ? eik_last_error() : "";
    if (tape.take_made)
      if (auto handle = tape.take_made()) keep(tape.made, handle, tape.handles);
    if constexpr (is_text) {
      // Systems and devices describe themselves; layouts are the same everywhere.
      if (!answer || (same<function, &eik_module_layout> && std::strcmp(answer, expected_text.get()) != 0))
        mismatch(std::string("answers ") + (answer ? answer : "NULL") + ", was " + expected_text.get());
    } else if constexpr (std::is_integral_v<R>) {
      if (answer != expected)
        mismatch("answers " + std::to_string(answer) + " (" + eik_last_error() + "), was " + std::to_string(expected));
      else if (failed && error != message.get())
        mismatch("says " + error + ", was " + message.get());
    }
    if (failed) return;
    const bool extreme = !options_.exact && tape.largest > kExtreme;
    const bool drifted =
        extreme || std::any_of(tape.handles.begin(), tape.handles.end(), [&](int32_t id) { return has_drifted(id); });
    if (drifted)
      ++counts_.drifted;
    else
      for (const auto& comparison : tape.comparisons) comparison();
    if constexpr (std::is_same_v<R, double>)
      if (!drifted) compare(-1, &answer, &expected, 1);
    if constexpr (same<function, &eik_optimizer_step> || same<function, &eik_trainer_step>) drift(tape.handles[0]);
    if constexpr (same<function, &eik_occupancy_update>) objects_.at(tape.handles[0]).drifted = !options_.exact;
    if constexpr (same<function, &eik_module_set_parameters> || same<function, &eik_optimizer_set_state> ||
                  same<function, &eik_occupancy_set>)
      objects_.at(tape.handles[0]).drifted = false;
    if (extreme) drift(tape.handles[0]);
  }
}

void Replay::call(const std::string& function) {
  static const std::map<std::string, void (Replay::*)()> calls = {
#define EIK_ENTRY(function, ...) {#function, as_call<&function>(decltype (&function){})},
      EIK_CALLS(EIK_ENTRY)
#undef EIK_ENTRY
  };
  const auto found = calls.find(function);
  if (found == calls.end()) throw std::runtime_error("the recording calls " + function + ", which is not known here");
  ++counts_.calls;
  counts_.functions.insert(function);
  (this->*found->second)();
}

Counts Replay::run() {
  while (reader_.more()) {
    const std::string what = reader_.text().get();
    if (what == "test")
      test_ = reader_.text().get();
    else
      call(what);
  }
  return counts_;
}

// ---- the program ------------------------------------------------------------------------------------------------------

Counts replay(const std::string& path, const Options& options) {
  Recording recording;
  recording.path = path;
  std::ifstream in(path, std::ios::binary);
  if (!in) throw std::runtime_error("cannot be read");
  recording.bytes.assign(std::istreambuf_iterator<char>(in), {});
  Counts all;
  std::exception_ptr failure;
  std::mutex mutex;
  std::vector<std::thread> callers;
  for (int i = 0; i < options.callers; ++i)
    callers.emplace_back([&] {
      try {
        const Counts counts = Replay(recording, options).run();
        const std::lock_guard<std::mutex> lock(mutex);
        all.add(counts);
      } catch (...) {
        const std::lock_guard<std::mutex> lock(mutex);
        failure = std::current_exception();
      }
    });
  for (auto& caller : callers) caller.join();
  if (failure) std::rethrow_exception(failure);
  return all;
}

}  // namespace
}  // namespace eik::replay

int main(int count, char** arguments) {
  using namespace eik::replay;
  Options options;
  Counts all;
  bool complete = false;
  for (int i = 1; i < count; ++i) {
    const std::string argument = arguments[i];
    if (argument == "--exact") {
      options.exact = true;
    } else if (argument == "--no-values") {
      options.values = false;
    } else if (argument == "--complete") {
      complete = true;
    } else if (argument.rfind("--", 0) == 0 && i + 1 < count) {
      const char* const value = arguments[++i];
      if (argument == "--isa") options.isa = value;
      else if (argument == "--cuda") options.cuda = value;
      else if (argument == "--threads") options.threads = std::atoi(value);
      else if (argument == "--callers") options.callers = std::atoi(value);
      else return std::printf("replay: there is no %s\n", argument.c_str()), 2;
    } else {
      try {
        all.add(replay(argument, options));
      } catch (const std::exception& e) {
        return std::printf("%s: %s\n", argument.c_str(), e.what()), 2;
      }
    }
  }
#define EIK_COVER(function, ...)                                       \
  if (complete && all.functions.count(#function) == 0) {               \
    std::printf("no recording calls " #function "\n");                 \
    ++all.mismatches;                                                  \
  }
  EIK_CALLS(EIK_COVER)
#undef EIK_COVER
  std::printf("%d calls, %d functions, %d drifted, %d left out, %d differ\n", all.calls,
              static_cast<int>(all.functions.size()), all.drifted, all.left_out, all.mismatches);
  return all.mismatches > 0 ? 1 : 0;
}
