// Stand-in for the CUDA runtime: streams and events. What is asked of a stream has happened when the call returns.
#include <time.h>

#include <cstdlib>

#include "runtime_state.h"

struct CUstream_st {
  int device;
};
struct CUevent_st {
  bool timed, recorded;
  timespec time;
};

namespace emulator {

int stream_device(cudaStream_t stream) {
  const bool standard = stream == nullptr || stream == cudaStreamLegacy || stream == cudaStreamPerThread;
  return standard ? current_device() : stream->device;
}

}  // namespace emulator

using namespace emulator;

extern "C" {

cudaError_t cudaStreamCreateWithPriority(cudaStream_t* stream, unsigned, int) {
  *stream = static_cast<cudaStream_t>(malloc(sizeof(CUstream_st)));  // a leak is the caller's, and found as such
  (*stream)->device = current_device();
  return cudaSuccess;
}
cudaError_t cudaStreamCreateWithFlags(cudaStream_t* stream, unsigned flags) {
  return cudaStreamCreateWithPriority(stream, flags, 0);
}
cudaError_t cudaStreamCreate(cudaStream_t* stream) { return cudaStreamCreateWithPriority(stream, 0, 0); }
cudaError_t cudaStreamDestroy(cudaStream_t stream) {
  if (!stream) return answer(cudaErrorInvalidResourceHandle);
  free(stream);
  return cudaSuccess;
}
cudaError_t cudaStreamSynchronize(cudaStream_t) { return cudaSuccess; }
cudaError_t cudaStreamQuery(cudaStream_t) { return cudaSuccess; }
cudaError_t cudaStreamWaitEvent(cudaStream_t, cudaEvent_t event, unsigned) {
  return event ? cudaSuccess : answer(cudaErrorInvalidResourceHandle);
}
cudaError_t cudaLaunchHostFunc(cudaStream_t, cudaHostFn_t function, void* data) {
  function(data);
  return cudaSuccess;
}

cudaError_t cudaEventCreateWithFlags(cudaEvent_t* event, unsigned flags) {
  *event = static_cast<cudaEvent_t>(calloc(1, sizeof(CUevent_st)));
  (*event)->timed = !(flags & cudaEventDisableTiming);
  return cudaSuccess;
}
cudaError_t cudaEventCreate(cudaEvent_t* event) { return cudaEventCreateWithFlags(event, 0); }
cudaError_t cudaEventDestroy(cudaEvent_t event) {
  free(event);
  return cudaSuccess;
}
cudaError_t cudaEventRecordWithFlags(cudaEvent_t event, cudaStream_t, unsigned) {
  if (!event) return answer(cudaErrorInvalidResourceHandle);
  event->recorded = true;
  clock_gettime(CLOCK_MONOTONIC, &event->time);
  return cudaSuccess;
}
cudaError_t cudaEventRecord(cudaEvent_t event, cudaStream_t stream) { return cudaEventRecordWithFlags(event, stream, 0); }
cudaError_t cudaEventSynchronize(cudaEvent_t) { return cudaSuccess; }
cudaError_t cudaEventQuery(cudaEvent_t) { return cudaSuccess; }
cudaError_t cudaEventElapsedTime(float* milliseconds, cudaEvent_t begin, cudaEvent_t end) {
  if (!begin || !end || !begin->timed || !end->timed || !begin->recorded || !end->recorded) {
    return answer(cudaErrorInvalidResourceHandle);
  }
  *milliseconds = static_cast<float>(static_cast<double>(end->time.tv_sec - begin->time.tv_sec) * 1e3 +
                                     static_cast<double>(end->time.tv_nsec - begin->time.tv_nsec) * 1e-6);
  return cudaSuccess;
}

}  // extern "C"
