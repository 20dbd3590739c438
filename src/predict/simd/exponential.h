#pragma once

#include "predict/simd/vector.h"

namespace perfmodel::simd::PERFMODEL_SIMD {

// exp(x) = 2^n exp(r), n the integer nearest to x / ln 2, so that |r| <= ln(2) / 2: a polynomial for exp(r), and n
// added to the exponent's bits.

/// exp(-x) of kCount vectors of doubles in [0, 700], within (x + 4) units in the last place. Beyond it is a number or
/// none, any at all. Step by step for all of them, so that none waits for the last step of its own.
///
/// The polynomial is that of degree 11 with the least relative error, 3e-18 (Remez). ln 2 is subtracted in one part:
/// what this loses is what rounding has lost of x.
template <int kCount>
[[gnu::always_inline]] inline void exponential_decay(const Doubles* x, Doubles* out) noexcept {
  constexpr double kLog2OfE = 1.4426950408889634, kLn2 = 0.6931471805599453;
  constexpr double kRounder = 0x1.8p52;  // a sum with it has an integer in its lowest bits
  constexpr double kCoefficients[] = {-2.4994293345730463606e-8,
                                      2.7632308224452544435e-7,
                                      -2.7557622652024488477e-6,
                                      2.4801486481283498188e-5,
                                      -1.9841269432434438281e-4,
                                      1.388888895126120425e-3,
                                      -8.3333333335594517973e-3,
                                      4.1666666666492628989e-2,
                                      -0.16666666666666168167,
                                      0.50000000000000177032,
                                      -1.0,
                                      1.0};
  Doubles shifted[kCount], r[kCount], sum[kCount];
  for (int i = 0; i < kCount; ++i) shifted[i] = kRounder - x[i] * kLog2OfE;
  for (int i = 0; i < kCount; ++i) r[i] = x[i] + (shifted[i] - kRounder) * kLn2;
  for (int i = 0; i < kCount; ++i) sum[i] = kCoefficients[0] * r[i] + kCoefficients[1];
#pragma GCC unroll 16
  for (int k = 2; k < 12; ++k) {
    for (int i = 0; i < kCount; ++i) sum[i] = sum[i] * r[i] + kCoefficients[k];
  }
  for (int i = 0; i < kCount; ++i) {
    out[i] = reinterpret_cast<Doubles>(reinterpret_cast<Longs>(sum[i]) + (reinterpret_cast<Longs>(shifted[i]) << 52));
  }
}

/// Of floats in [-80, 80], within 4 units in the last place: Taylor's series, cut where its rest is below rounding; ln
/// 2 is subtracted in two parts (Cody and Waite, 1980).
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
