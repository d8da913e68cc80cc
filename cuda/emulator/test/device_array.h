// Device memory for tests.
#pragma once
#include <cuda_runtime.h>

#include <vector>

#include "device.cuh"

template <class T>
class DeviceArray {
 public:
  explicit DeviceArray(size_t n) : n_(n) { EIK_CUDA(cudaMalloc(reinterpret_cast<void**>(&data_), n * sizeof(T))); }
  explicit DeviceArray(const std::vector<T>& values) : DeviceArray(values.size()) {
    EIK_CUDA(cudaMemcpy(data_, values.data(), n_ * sizeof(T), cudaMemcpyHostToDevice));
  }
  ~DeviceArray() { cudaFree(data_); }
  DeviceArray(const DeviceArray&) = delete;
  DeviceArray& operator=(const DeviceArray&) = delete;
  T* data() const { return data_; }
  void clear() { EIK_CUDA(cudaMemset(data_, 0, n_ * sizeof(T))); }
  std::vector<T> get() const {
    std::vector<T> values(n_);
    EIK_CUDA(cudaMemcpy(values.data(), data_, n_ * sizeof(T), cudaMemcpyDeviceToHost));
    return values;
  }

 private:
  size_t n_;
  T* data_ = nullptr;
};
