#pragma once

// Short vectors of the instruction set that a file is compiled for, on the vector extensions of GCC and Clang: one
// source for SSE2, AVX2, AVX-512 and NEON.
//
// Whatever is included by kernels_*.cpp lives in a namespace of its own per instruction set and calls no inline
// function of the standard library: the linker keeps one copy of such a function for the whole program, and it might be
// the one with instructions that the processor does not have.

#include <cstddef>
#include <cstdint>

#if defined(__AVX512F__)
#define PERFMODEL_SIMD avx512
#define PERFMODEL_SIMD_BYTES 64
#elif defined(__AVX2__)
#define PERFMODEL_SIMD avx2
#define PERFMODEL_SIMD_BYTES 32
#else
#define PERFMODEL_SIMD baseline
#define PERFMODEL_SIMD_BYTES 16
#endif

namespace perfmodel::simd::PERFMODEL_SIMD {

using Floats = float __attribute__((vector_size(PERFMODEL_SIMD_BYTES)));
using Ints = std::int32_t __attribute__((vector_size(PERFMODEL_SIMD_BYTES)));
using Doubles = double __attribute__((vector_size(PERFMODEL_SIMD_BYTES)));
using Longs = std::int64_t __attribute__((vector_size(PERFMODEL_SIMD_BYTES)));

constexpr int kFloats = sizeof(Floats) / sizeof(float);  ///< lanes
constexpr int kDoubles = sizeof(Doubles) / sizeof(double);
constexpr int kRegisters = PERFMODEL_SIMD_BYTES == 64 ? 32 : 16;

template <typename Vector, typename Number>
inline Vector load(const Number* from) noexcept {
  Vector vector;
  __builtin_memcpy(&vector, from, sizeof vector);
  return vector;
}

template <typename Vector, typename Number>
inline void store(Number* to, Vector vector) noexcept {
  __builtin_memcpy(to, &vector, sizeof vector);
}

/// The same value in all lanes.
inline Floats all(float value) noexcept {
  return value - Floats{};
}
inline Doubles all(double value) noexcept {
  return value - Doubles{};
}

/// 0 for what is negative; not a number stays that.
inline Floats rectify(Floats x) noexcept {
  return x < 0 ? Floats{} : x;
}

}  // namespace perfmodel::simd::PERFMODEL_SIMD
