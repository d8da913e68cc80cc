// What every .cu file includes: behind it, nvcc and the emulator (cuda/emulator: tests without a GPU) agree. The two differ
// in launches, dynamic shared memory and the inline PTX of tensor cores and asynchronous copies; all the rest of a kernel
// is CUDA as NVIDIA's headers spell it. For the emulator's sake, functions with __shared__ variables have internal linkage:
// static, or in an anonymous namespace.
#pragma once
#include <cuda_bf16.h>
#include <cuda_fp16.h>
#include <cuda_runtime.h>
#include <cxxabi.h>

#include <cstdint>
#include <cstdlib>
#include <string>
#include <type_traits>

#include "core/error.h"

#if !defined(__CUDACC__) && !defined(EIK_EMULATOR)
#error "A .cu file is compiled by nvcc, or by g++ with -x c++ -include cuda/emulator/emulator.h"
#endif

namespace eik::cuda {

// ---- calls and launches ----------------------------------------------------------------------------------------------

[[noreturn]] inline void fail(cudaError_t status, const std::string& what) {
  const eik_status kind = status == cudaErrorMemoryAllocation ? EIK_OUT_OF_MEMORY
                          : status == cudaErrorNoDevice || status == cudaErrorInsufficientDriver ? EIK_UNAVAILABLE
                                                                                                  : EIK_INTERNAL;
  (void)cudaGetLastError();  // The next call must not report this error again.
  throw Error(kind, what + ": " + cudaGetErrorString(status) + " (" + cudaGetErrorName(status) + ")");
}

inline void check(cudaError_t status, const char* what) {
  if (status != cudaSuccess) fail(status, what);
}

// Runs a call of the CUDA runtime; throws Error naming the call.
#define EIK_CUDA(call) ::eik::cuda::check(call, #call)

// A kernel's name as a person writes it.
inline std::string kernel_name(const void* kernel) {
  const char* mangled = nullptr;
  if (cudaFuncGetName(&mangled, kernel) != cudaSuccess || !mangled) return "(unnamed)";
  char* readable = abi::__cxa_demangle(mangled, nullptr, nullptr, nullptr);
  const std::string name = readable ? readable : mangled;
  free(readable);
  return name;
}

[[noreturn]] inline void launch_failed(cudaError_t status, const void* kernel, dim3 grid, dim3 block, size_t shared_bytes) {
  const auto extent = [](dim3 d) {
    return std::to_string(d.x) + "x" + std::to_string(d.y) + "x" + std::to_string(d.z);
  };
  fail(status, "kernel " + kernel_name(kernel) + ", grid " + extent(grid) + ", block " + extent(block) + ", " +
                   std::to_string(shared_bytes) + " bytes of dynamic shared memory");
}

template <class T>
struct Itself {
  using type = T;
};

// Without opting in, a block gets this many bytes of shared memory on every GPU, static and dynamic together.
constexpr size_t kSharedBytes = 48 << 10;

// kernel<<<grid, block, shared_bytes, stream>>>(arguments...), opting in to more than 48 KB of dynamic shared memory where
// it is asked for. Throws Error with the kernel's name where the launch is refused; what goes wrong inside of a kernel
// shows at a later call, as always.
template <class... P>
void launch(void (*kernel)(P...), dim3 grid, dim3 block, size_t shared_bytes, cudaStream_t stream,
            typename Itself<P>::type... arguments) {
  const void* const address = reinterpret_cast<const void*>(kernel);
  cudaError_t status = cudaSuccess;
  if (shared_bytes > kSharedBytes) {
    status = cudaFuncSetAttribute(address, cudaFuncAttributeMaxDynamicSharedMemorySize, static_cast<int>(shared_bytes));
  }
  if (status == cudaSuccess) {
#if defined(EIK_EMULATOR)
    status = emulator::launch(kernel, grid, block, shared_bytes, stream, arguments...);
#else
    void* pointers[] = {static_cast<void*>(&arguments)..., nullptr};
    status = cudaLaunchKernel(address, grid, block, pointers, shared_bytes, stream);
#endif
  }
  if (status != cudaSuccess) launch_failed(status, address, grid, block, shared_bytes);
}

// ---- shared memory ---------------------------------------------------------------------------------------------------

// The block's dynamic shared memory, aligned to 128 bytes.
template <class T>
__device__ __forceinline__ T* dynamic_shared() {
#if defined(EIK_EMULATOR)
  return static_cast<T*>(emulator::dynamic_shared());
#else
  extern __shared__ __align__(128) unsigned char eik_dynamic_shared[];
  return reinterpret_cast<T*>(eik_dynamic_shared);
#endif
}

// ---- pairs of halves in a 32-bit register ----------------------------------------------------------------------------

// T: __half or __nv_bfloat16; low in the lower 16 bits, rounded to nearest.
template <class T>
__device__ __forceinline__ uint32_t pack(float low, float high) {
  if constexpr (std::is_same_v<T, __half>) {
    const __half2_raw pair = __floats2half2_rn(low, high);
    return pair.x | static_cast<uint32_t>(pair.y) << 16;
  } else {
    static_assert(std::is_same_v<T, __nv_bfloat16>, "pack: __half or __nv_bfloat16");
    const __nv_bfloat162_raw pair = __floats2bfloat162_rn(low, high);
    return pair.x | static_cast<uint32_t>(pair.y) << 16;
  }
}

template <class T>
__device__ __forceinline__ float2 unpack(uint32_t pair) {
  if constexpr (std::is_same_v<T, __half>) {
    __half2_raw raw;
    raw.x = static_cast<unsigned short>(pair);
    raw.y = static_cast<unsigned short>(pair >> 16);
    return __half22float2(raw);
  } else {
    static_assert(std::is_same_v<T, __nv_bfloat16>, "unpack: __half or __nv_bfloat16");
    return make_float2(__uint_as_float(pair << 16), __uint_as_float(pair & 0xffff0000u));
  }
}

// ---- tensor cores ----------------------------------------------------------------------------------------------------
// All 32 lanes of a warp take part. Layouts of the PTX ISA, with g = lane / 4 and t = lane % 4; a register holds two
// elements of neighbouring k (pack), the lower k in the lower half:
//   A, 16 rows (m) by k:   a[0]: row g, k 2t and 2t+1; a[1]: row g+8, same k; a[2], a[3] (k16 alone): the same at k+8
//   B, k by 8 columns (n): b[0]: column g, k 2t and 2t+1; b[1] (k16 alone): the same at k+8
//   D, 16 rows by 8:       d[0], d[1]: row g, columns 2t and 2t+1; d[2], d[3]: row g+8

// d += a b; T: __half, or __nv_bfloat16 from compute capability 8.0 on (traps below).
template <class T>
__device__ __forceinline__ void mma_m16n8k8(float (&d)[4], const uint32_t (&a)[2], uint32_t b) {
  static_assert(std::is_same_v<T, __half> || std::is_same_v<T, __nv_bfloat16>, "mma: __half or __nv_bfloat16");
#if defined(EIK_EMULATOR)
  emulator::mma(std::is_same_v<T, __half> ? emulator::kHalf : emulator::kBfloat16, 8, d, a, &b);
#else
  if constexpr (std::is_same_v<T, __half>) {
    asm volatile("mma.sync.aligned.m16n8k8.row.col.f32.f16.f16.f32 {%0,%1,%2,%3}, {%4,%5}, {%6}, {%0,%1,%2,%3};"
                 : "+f"(d[0]), "+f"(d[1]), "+f"(d[2]), "+f"(d[3])
                 : "r"(a[0]), "r"(a[1]), "r"(b));
  } else {
#if defined(__CUDA_ARCH__) && __CUDA_ARCH__ < 800
    __trap();
#else
    asm volatile("mma.sync.aligned.m16n8k8.row.col.f32.bf16.bf16.f32 {%0,%1,%2,%3}, {%4,%5}, {%6}, {%0,%1,%2,%3};"
                 : "+f"(d[0]), "+f"(d[1]), "+f"(d[2]), "+f"(d[3])
                 : "r"(a[0]), "r"(a[1]), "r"(b));
#endif
  }
#endif
}

// The same over 16 k. Compute capability 7.5 has no such instruction for __half: there it is two of the above.
template <class T>
__device__ __forceinline__ void mma_m16n8k16(float (&d)[4], const uint32_t (&a)[4], const uint32_t (&b)[2]) {
#if defined(EIK_EMULATOR)
  static_assert(std::is_same_v<T, __half> || std::is_same_v<T, __nv_bfloat16>, "mma: __half or __nv_bfloat16");
  emulator::mma(std::is_same_v<T, __half> ? emulator::kHalf : emulator::kBfloat16, 16, d, a, b);
#elif defined(__CUDA_ARCH__) && __CUDA_ARCH__ < 800
  mma_m16n8k8<T>(d, {a[0], a[1]}, b[0]);
  mma_m16n8k8<T>(d, {a[2], a[3]}, b[1]);
#else
  if constexpr (std::is_same_v<T, __half>) {
    asm volatile(
        "mma.sync.aligned.m16n8k16.row.col.f32.f16.f16.f32 {%0,%1,%2,%3}, {%4,%5,%6,%7}, {%8,%9}, {%0,%1,%2,%3};"
        : "+f"(d[0]), "+f"(d[1]), "+f"(d[2]), "+f"(d[3])
        : "r"(a[0]), "r"(a[1]), "r"(a[2]), "r"(a[3]), "r"(b[0]), "r"(b[1]));
  } else {
    static_assert(std::is_same_v<T, __nv_bfloat16>, "mma: __half or __nv_bfloat16");
    asm volatile(
        "mma.sync.aligned.m16n8k16.row.col.f32.bf16.bf16.f32 {%0,%1,%2,%3}, {%4,%5,%6,%7}, {%8,%9}, {%0,%1,%2,%3};"
        : "+f"(d[0]), "+f"(d[1]), "+f"(d[2]), "+f"(d[3])
        : "r"(a[0]), "r"(a[1]), "r"(a[2]), "r"(a[3]), "r"(b[0]), "r"(b[1]));
  }
#endif
}

// Loads N = 1, 2 or 4 matrices of 8 x 8 halves from shared memory. Lane 8m+i gives the address of row i of matrix m, 16
// bytes aligned to 16; with N < 4 the remaining lanes' addresses must be valid too (repeat lower ones). registers[m] is
// then row lane / 4, columns 2 (lane % 4) and the next of matrix m: what mma takes as A, and as B if B's columns are rows in
// memory. All 32 lanes of a warp take part.
template <int N>
__device__ __forceinline__ void ldmatrix(uint32_t (&registers)[N], const void* row) {
  static_assert(N == 1 || N == 2 || N == 4, "ldmatrix: 1, 2 or 4 matrices");
#if defined(EIK_EMULATOR)
  emulator::ldmatrix(registers, N, false, row);
#else
  const uint32_t address = static_cast<uint32_t>(__cvta_generic_to_shared(row));
  if constexpr (N == 1) {
    asm volatile("ldmatrix.sync.aligned.m8n8.x1.shared.b16 {%0}, [%1];" : "=r"(registers[0]) : "r"(address) : "memory");
  } else if constexpr (N == 2) {
    asm volatile("ldmatrix.sync.aligned.m8n8.x2.shared.b16 {%0,%1}, [%2];"
                 : "=r"(registers[0]), "=r"(registers[1])
                 : "r"(address)
                 : "memory");
  } else {
    asm volatile("ldmatrix.sync.aligned.m8n8.x4.shared.b16 {%0,%1,%2,%3}, [%4];"
                 : "=r"(registers[0]), "=r"(registers[1]), "=r"(registers[2]), "=r"(registers[3])
                 : "r"(address)
                 : "memory");
  }
#endif
}

// The same, each matrix transposed: registers[m] is column lane / 4, rows 2 (lane % 4) and the next.
template <int N>
__device__ __forceinline__ void ldmatrix_transposed(uint32_t (&registers)[N], const void* row) {
  static_assert(N == 1 || N == 2 || N == 4, "ldmatrix: 1, 2 or 4 matrices");
#if defined(EIK_EMULATOR)
  emulator::ldmatrix(registers, N, true, row);
#else
  const uint32_t address = static_cast<uint32_t>(__cvta_generic_to_shared(row));
  if constexpr (N == 1) {
    asm volatile("ldmatrix.sync.aligned.m8n8.x1.trans.shared.b16 {%0}, [%1];"
                 : "=r"(registers[0])
                 : "r"(address)
                 : "memory");
  } else if constexpr (N == 2) {
    asm volatile("ldmatrix.sync.aligned.m8n8.x2.trans.shared.b16 {%0,%1}, [%2];"
                 : "=r"(registers[0]), "=r"(registers[1])
                 : "r"(address)
                 : "memory");
  } else {
    asm volatile("ldmatrix.sync.aligned.m8n8.x4.trans.shared.b16 {%0,%1,%2,%3}, [%4];"
                 : "=r"(registers[0]), "=r"(registers[1]), "=r"(registers[2]), "=r"(registers[3])
                 : "r"(address)
                 : "memory");
  }
#endif
}

// ---- asynchronous copies from global to shared memory ----------------------------------------------------------------
// Each thread waits for its own copies; a barrier then shows them to the others. Until the wait, the destination must not
// be read and the source must not change. Below compute capability 8.0 a copy is done at once.

// Copies 4, 8 or 16 bytes; both pointers aligned to as many.
template <int Bytes>
__device__ __forceinline__ void copy_async(void* shared, const void* global) {
  static_assert(Bytes == 4 || Bytes == 8 || Bytes == 16, "copy_async: 4, 8 or 16 bytes");
#if defined(EIK_EMULATOR)
  emulator::copy_async<Bytes>(shared, global, Bytes);
#elif defined(__CUDA_ARCH__) && __CUDA_ARCH__ < 800
  using Word = std::conditional_t<Bytes == 4, uint32_t, std::conditional_t<Bytes == 8, uint2, uint4>>;
  *static_cast<Word*>(shared) = *static_cast<const Word*>(global);
#else
  const uint32_t address = static_cast<uint32_t>(__cvta_generic_to_shared(shared));
  if constexpr (Bytes == 16) {
    asm volatile("cp.async.cg.shared.global [%0], [%1], 16;" ::"r"(address), "l"(global) : "memory");
  } else {
    asm volatile("cp.async.ca.shared.global [%0], [%1], %2;" ::"r"(address), "l"(global), "n"(Bytes) : "memory");
  }
#endif
}

// Copies the first bytes_there (0..Bytes) bytes and fills the rest with zeros, for the ends of arrays. global must be a
// valid pointer even if bytes_there is 0.
template <int Bytes>
__device__ __forceinline__ void copy_async_or_zero(void* shared, const void* global, int bytes_there) {
  static_assert(Bytes == 4 || Bytes == 8 || Bytes == 16, "copy_async_or_zero: 4, 8 or 16 bytes");
#if defined(EIK_EMULATOR)
  emulator::copy_async<Bytes>(shared, global, bytes_there);
#elif defined(__CUDA_ARCH__) && __CUDA_ARCH__ < 800
  for (int i = 0; i < Bytes; ++i) {
    static_cast<unsigned char*>(shared)[i] = i < bytes_there ? static_cast<const unsigned char*>(global)[i] : 0;
  }
#else
  const uint32_t address = static_cast<uint32_t>(__cvta_generic_to_shared(shared));
  if constexpr (Bytes == 16) {
    asm volatile("cp.async.cg.shared.global [%0], [%1], 16, %2;" ::"r"(address), "l"(global), "r"(bytes_there) : "memory");
  } else {
    asm volatile("cp.async.ca.shared.global [%0], [%1], %2, %3;" ::"r"(address), "l"(global), "n"(Bytes), "r"(bytes_there)
                 : "memory");
  }
#endif
}

// Ends a group: the thread's copies since the last end.
__device__ __forceinline__ void copy_async_commit() {
#if defined(EIK_EMULATOR)
  emulator::copy_async_commit();
#elif !defined(__CUDA_ARCH__) || __CUDA_ARCH__ >= 800
  asm volatile("cp.async.commit_group;" ::: "memory");
#endif
}

// Waits until all but the newest N groups have arrived; 0: all groups.
template <int N>
__device__ __forceinline__ void copy_async_wait() {
  static_assert(N >= 0, "copy_async_wait: a number of groups");
#if defined(EIK_EMULATOR)
  emulator::copy_async_wait(N);
#elif !defined(__CUDA_ARCH__) || __CUDA_ARCH__ >= 800
  asm volatile("cp.async.wait_group %0;" ::"n"(N) : "memory");
#endif
}

}  // namespace eik::cuda
