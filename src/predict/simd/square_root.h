#pragma once

#include "predict/simd/vector.h"

#if defined(__AVX512F__)
#include <immintrin.h>
#endif

namespace perfmodel::simd::PERFMODEL_SIMD {

/// Roots of kCount vectors of doubles in [1e-300, 1e300], within 2 units in the last place; not a number for infinity.
template <int kCount>
[[gnu::always_inline]] inline void square_root(const Doubles* x, Doubles* out) noexcept {
#if defined(__AVX512F__)
  // The instruction for roots takes longer than all else of a covariance. x^(1/2) = x y (1 - e)^(-1/2) with y within
  // 2^-14 of x^(-1/2) and e = 1 - x y^2: the binomial series, cut where its rest is below rounding.
  Doubles root[kCount], e[kCount];
  for (int i = 0; i < kCount; ++i) {
    const Doubles y = reinterpret_cast<Doubles>(_mm512_maskz_rsqrt14_pd(0xff, reinterpret_cast<__m512d>(x[i])));
    root[i] = x[i] * y;
    e[i] = 1 - root[i] * y;
  }
  for (int i = 0; i < kCount; ++i) out[i] = 0.5 + e[i] * (0.375 + e[i] * 0.3125);
  for (int i = 0; i < kCount; ++i) out[i] = root[i] + root[i] * e[i] * out[i];
#else
  for (int i = 0; i < kCount; ++i) {
    for (int lane = 0; lane < kDoubles; ++lane) out[i][lane] = __builtin_sqrt(x[i][lane]);
  }
#endif
}

}  // namespace perfmodel::simd::PERFMODEL_SIMD
