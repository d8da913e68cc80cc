// Channels of points, one array (plane) a channel: consecutive threads take consecutive points.
#pragma once
#include "cuda/parallel.cuh"

namespace eik::EIK_ISA {

// Between fp32 and what a device stores: fp32 itself, bf16 or fp16.
template <class H>
__device__ H to_half(float x);
template <>
__device__ inline float to_half<float>(float x) { return x; }
template <>
__device__ inline __nv_bfloat16 to_half<__nv_bfloat16>(float x) { return __float2bfloat16_rn(x); }
template <>
__device__ inline __half to_half<__half>(float x) { return __float2half_rn(x); }
__device__ inline float to_float(float x) { return x; }
__device__ inline float to_float(__nv_bfloat16 x) { return __bfloat162float(x); }
__device__ inline float to_float(__half x) { return __half2float(x); }

// How many points there are: at most so many, and exactly so many where the device alone knows.
struct Count {
  int64_t most;
  const int32_t* exact;  // device memory, or NULL: most
  __device__ int64_t get() const { return exact ? *exact : most; }
};

template <class T>
struct PlaneOf {
  T* data;
  int64_t stride;
  __host__ __device__ T* operator[](int64_t channel) const { return data + channel * stride; }
  __host__ __device__ PlaneOf channels(int64_t first) const { return {data + first * stride, stride}; }
};
typedef PlaneOf<float> Plane;

// Every plane begins where four points can be loaded at once.
template <class T = float>
PlaneOf<T> take_plane(Exec& exec, int64_t channels, int64_t points) {
  const int64_t stride = (points + 3) / 4 * 4;
  return {take<T>(exec, channels * stride), stride};
}

template <class Body>
__global__ void for_planes_kernel(Count points, Body body) {
  const int64_t n = points.get();
  for (int64_t p = blockIdx.x * static_cast<int64_t>(kBlock) + threadIdx.x; p < n; p += static_cast<int64_t>(gridDim.x) * kBlock)
    body(blockIdx.y, p);
}

// body(channel, point) for all points of all channels, channel by channel.
template <class Body>
void for_planes(Exec& exec, int64_t channels, Count points, const Body& body) {
  if (channels == 0 || points.most == 0) return;
  launch(for_planes_kernel<Body>, dim3(blocks_for(points.most), static_cast<unsigned>(channels)), dim3(kBlock), 0, exec.stream,
         points, body);
}

// rows[n][channels] to planes and back.
inline void to_planes(Exec& exec, const float* rows, int64_t n, int64_t channels, Plane out) {
  for_planes(exec, channels, Count{n, nullptr}, [=] __device__(int64_t k, int64_t p) { out[k][p] = rows[p * channels + k]; });
}
inline void to_rows(Exec& exec, Plane in, int64_t n, int64_t channels, float* rows) {
  for_planes(exec, channels, Count{n, nullptr}, [=] __device__(int64_t k, int64_t p) { rows[p * channels + k] = in[k][p]; });
}
inline void copy_planes(Exec& exec, Plane from, int64_t channels, Count points, Plane to) {
  for_planes(exec, channels, points, [=] __device__(int64_t k, int64_t p) { to[k][p] = from[k][p]; });
}
inline void clear(Exec& exec, void* data, size_t bytes) {
  EIK_CUDA(cudaMemsetAsync(data, 0, bytes, exec.stream));
}

// out[i] = in[0] + .. + in[i-1]; out[n]: the sum of all. One block: for rays, of which there are not many.
__global__ static void scan_kernel(Count count, const int32_t* in, int32_t* out) {
  const int64_t n = count.get();
  int32_t before = 0;
  for (int64_t first = 0; first < n; first += kBlock) {
    const int64_t i = first + threadIdx.x;
    const int32_t own = i < n ? in[i] : 0;
    int32_t total;
    const int32_t up_to = block_scan(own, total);
    if (i < n) out[i] = before + up_to - own;
    before += total;
  }
  if (threadIdx.x == 0) out[n] = before;
}
inline void scan(Exec& exec, Count n, const int32_t* in, int32_t* out) {
  launch(scan_kernel, dim3(1), dim3(kBlock), 0, exec.stream, n, in, out);
}

}  // namespace eik::EIK_ISA
