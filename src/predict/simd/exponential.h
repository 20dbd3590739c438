#pragma once

#include "predict/simd/vector.h"

namespace perfmodel::simd::PERFMODEL_SIMD {

// exp(x) = 2^n exp(r), n the integer nearest to x / ln 2, so that |r| <= ln(2) / 2: Taylor's series for exp(r), cut
// where its rest is below rounding, and n added to the exponent's bits. ln 2 is subtracted in two parts (Cody and
// Waite, 1980).

/// Of doubles in [-700, 700], within 4 units in the last place.
inline Doubles exponential(Doubles x) noexcept {
  constexpr double kLog2OfE = 1.4426950408889634, kLn2High = 0x1.62e42feep-1, kLn2Low = 0x1.a39ef35793c76p-33;
  constexpr double kRounder = 0x1.8p52;  // a sum with it has an integer in its lowest bits
  constexpr double kInverseFactorials[] = {
      1.0 / 6227020800, 1.0 / 479001600, 1.0 / 39916800, 1.0 / 3628800, 1.0 / 362880, 1.0 / 40320, 1.0 / 5040,
      1.0 / 720,        1.0 / 120,       1.0 / 24,       1.0 / 6,       0.5,          1.0,         1.0};
  const Doubles shifted = x * kLog2OfE + kRounder;
  const Doubles n = shifted - kRounder;
  const Doubles r = (x - n * kLn2High) - n * kLn2Low;
  Doubles sum = all(kInverseFactorials[0]);
#pragma GCC unroll 16
  for (int i = 1; i < 14; ++i) sum = sum * r + kInverseFactorials[i];
  return reinterpret_cast<Doubles>(reinterpret_cast<Longs>(sum) + (reinterpret_cast<Longs>(shifted) << 52));
}

/// Of floats in [-80, 80], within 4 units in the last place.
inline Floats exponential(Floats x) noexcept {
  constexpr float kLog2OfE = 1.44269504F, kLn2High = 0x1.62e4p-1F, kLn2Low = 0x1.7f7d1cp-20F;
  constexpr float kRounder = 0x1.8p23F;
  constexpr float kInverseFactorials[] = {1.0F / 5040, 1.0F / 720, 1.0F / 120, 1.0F / 24, 1.0F / 6, 0.5F, 1.0F, 1.0F};
  const Floats shifted = x * kLog2OfE + kRounder;
  const Floats n = shifted - kRounder;
  const Floats r = (x - n * kLn2High) - n * kLn2Low;
  Floats sum = all(kInverseFactorials[0]);
#pragma GCC unroll 8
  for (int i = 1; i < 8; ++i) sum = sum * r + kInverseFactorials[i];
  return reinterpret_cast<Floats>(reinterpret_cast<Ints>(sum) + (reinterpret_cast<Ints>(shifted) << 23));
}

/// tanh(|x|) = (1 - t) / (1 + t), t = exp(-2 |x|).
inline void hyperbolic_tangent(float* values, std::size_t count) noexcept {
  constexpr float kSaturated = 20;  // tanh is 1 in float32 from 9.01 on
  for (std::size_t i = 0; i < count; i += kFloats) {
    const Floats x = load<Floats>(values + i);
    const Floats absolute = x < 0 ? -x : x;
    const Floats size = absolute > kSaturated ? all(kSaturated) : absolute;
    const Floats t = exponential(-2 * size);
    const Floats result = (1 - t) / (1 + t);
    store(values + i, x < 0 ? -result : result);
  }
}

}  // namespace perfmodel::simd::PERFMODEL_SIMD
