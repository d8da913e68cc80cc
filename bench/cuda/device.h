// What of the bench itself runs on the device: clocks, and kernels that do nothing but one thing as fast as it goes.
#pragma once
#include <memory>

#include "core/backend.h"

namespace eik::bench {

// Times work in the order of the backend's stream, what the host waits for in between included.
class Stopwatch {
 public:
  virtual ~Stopwatch() = default;
  virtual void start() = 0;
  virtual double stop() = 0;  // seconds since start, once all work is done
};
std::unique_ptr<Stopwatch> make_stopwatch(Exec& exec);

// What the card reaches, measured. All are a second.
struct Ceilings {
  double copied_bytes;  // read and written, in a copy from device to device
  double matrix_flops;  // in a loop of mma.sync m16n8k16 on registers, half precision with fp32 sums
  double gathers;       // of 4 bytes, at random in a table of 2 MiB
  double adds;          // of pairs of fp32, atomically, at random in a table of 4 MiB
};
Ceilings measure_ceilings(Exec& exec, bool small);

}  // namespace eik::bench
