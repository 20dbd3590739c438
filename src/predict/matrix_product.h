#pragma once

#include <cstddef>

namespace perfmodel {

/// out = in * weights + bias, all row-major float32: `in` is rows x depth, `weights` depth x cols, `out` rows x cols,
/// `bias` cols or null for none. `out` must not overlap the others. Does not allocate; takes up to 160 KB of stack.
void multiply(const float* in, std::size_t rows, std::size_t depth, const float* weights, std::size_t cols,
              const float* bias, float* out) noexcept;

/// Negative values become 0; NaN stays.
void relu(float* values, std::size_t count) noexcept;

/// The hyperbolic tangent of each value, to within some units in the last place of 1.
void hyperbolic_tangent(float* values, std::size_t count) noexcept;

}  // namespace perfmodel
