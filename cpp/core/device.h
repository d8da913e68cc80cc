// An open device: a backend, the order in which calls reach it, and memory on it.
#pragma once
#include <memory>
#include <mutex>
#include <string>

#include "core/backend.h"

namespace eik {

class Device {
 public:
  static std::shared_ptr<Device> open(const std::string& config);

  Backend& backend() const { return *backend_; }
  const std::string& description() const { return description_; }

  // Runs call(kernels, exec); calls from several threads take turns.
  template <class Call>
  void run(Call&& call) const {
    const std::lock_guard<std::mutex> lock(mutex_);
    call(backend_->kernels(), backend_->exec());
  }

 private:
  std::unique_ptr<Backend> backend_;
  std::string description_;
  mutable std::mutex mutex_;
};

std::string system_description();  // JSON

// Device memory for n values of T, zero at first.
template <class T>
class Buffer {
 public:
  Buffer() = default;
  Buffer(std::shared_ptr<Device> device, int64_t n)
      : device_(std::move(device)), size_(n), data_(static_cast<T*>(device_->backend().allocate(bytes()))) {}
  ~Buffer() { free(); }
  Buffer(Buffer&& other) noexcept { swap(other); }
  Buffer& operator=(Buffer&& other) noexcept {
    swap(other);
    return *this;
  }
  T* data() const { return data_; }
  int64_t size() const { return size_; }
  void upload(const T* host, int64_t n, int64_t at = 0) {
    device_->backend().upload(data_ + at, host, static_cast<size_t>(n) * sizeof(T));
  }
  void download(T* host, int64_t n) const { device_->backend().download(host, data_, static_cast<size_t>(n) * sizeof(T)); }
  void clear() { device_->backend().clear(data_, static_cast<size_t>(size_) * sizeof(T)); }

 private:
  // Kernels may read and write whole registers past the end.
  size_t bytes() const { return (static_cast<size_t>(size_) + 64) * sizeof(T); }
  void free() {
    if (data_) device_->backend().release(data_, bytes());
  }
  void swap(Buffer& other) noexcept {
    std::swap(device_, other.device_);
    std::swap(size_, other.size_);
    std::swap(data_, other.data_);
  }
  std::shared_ptr<Device> device_;
  int64_t size_ = 0;
  T* data_ = nullptr;
};

// A caller's array as kernels want it: as it is where the device reaches it, a copy elsewhere. Results are copied back by collect.
template <class T>
class Argument {
 public:
  Argument(const std::shared_ptr<Device>& device, const T* host, int64_t n) : host_(const_cast<T*>(host)), n_(n) {
    if (!host || device->backend().reaches(host)) return;
    copy_ = Buffer<T>(device, n);
    copy_.upload(host, n);
  }
  T* data() const { return copy_.data() ? copy_.data() : host_; }
  void collect() const {
    if (copy_.data()) copy_.download(host_, n_);
  }

 private:
  T* host_;
  int64_t n_;
  Buffer<T> copy_;
};

}  // namespace eik
