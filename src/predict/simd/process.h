#pragma once

// The loops of a Gaussian process, see ProcessLoops.

#include "predict/simd/exponential.h"
#include "predict/simd/kernels.h"

namespace perfmodel::simd::PERFMODEL_SIMD {

/// Squared distances to covariances. `count` is a multiple of kProcessRows.
inline void squared_distances_to_covariances(const ProcessKernel& kernel, double* values, std::size_t count) noexcept {
  constexpr double kFar = 700;  // exp(-700) is about 1e-304
  if (kernel.matern52) {
    for (std::size_t i = 0; i < count; ++i) values[i] = __builtin_sqrt(5 * values[i]);
  } else {
    for (std::size_t i = 0; i < count; ++i) values[i] *= 0.5;
  }
  for (std::size_t i = 0; i < count; i += kDoubles) {
    const Doubles scaled = load<Doubles>(values + i);
    const Doubles decay = exponential(scaled < kFar ? -scaled : all(-kFar));
    const Doubles factor = kernel.matern52 ? 1 + scaled + scaled * scaled / 3 : all(1.0);
    store(values + i, scaled < kFar ? kernel.signal_variance * factor * decay : Doubles{});
  }
}

inline void covariances_of_rows(const ProcessKernel& kernel, const double* inputs, double* lines) noexcept {
  constexpr int kVectors = kProcessRows / kDoubles;
  for (std::size_t i = 0; i < kernel.num_points; ++i) {
    Doubles sums[kVectors] = {};
    for (std::size_t j = 0; j < kernel.num_inputs; ++j) {
      const double point = kernel.points[j * kernel.padded_points + i];
      for (int v = 0; v < kVectors; ++v) {
        const Doubles difference = load<Doubles>(inputs + j * kProcessRows + v * kDoubles) - point;
        sums[v] += difference * difference;
      }
    }
    for (int v = 0; v < kVectors; ++v) store(lines + i * kProcessRows + v * kDoubles, sums[v]);
  }
  squared_distances_to_covariances(kernel, lines, kernel.num_points * kProcessRows);
}

inline void covariances_of_row(const ProcessKernel& kernel, const double* inputs, double* line) noexcept {
  for (std::size_t i = 0; i < kernel.padded_points; i += kDoubles) {
    Doubles sum = {};
    for (std::size_t j = 0; j < kernel.num_inputs; ++j) {
      const Doubles difference = inputs[j] - load<Doubles>(kernel.points + j * kernel.padded_points + i);
      sum += difference * difference;
    }
    store(line + i, sum);
  }
  squared_distances_to_covariances(kernel, line, kernel.padded_points);
}

template <std::size_t kLanes>
void solve_lower(const double* packed, std::size_t n, double* lines) noexcept {
  for (std::size_t j = 0; j < n; packed += n - j, ++j, lines += kLanes) {
    double solved[kLanes];
    for (std::size_t b = 0; b < kLanes; ++b) lines[b] = solved[b] = lines[b] / packed[0];
    double* below = lines + kLanes;
    for (std::size_t i = 1; i < n - j; ++i, below += kLanes) {
      for (std::size_t b = 0; b < kLanes; ++b) below[b] -= packed[i] * solved[b];
    }
  }
}

template <std::size_t kLanes>
void subtract_products(const double* weights, std::size_t n, std::size_t num_out, const double* lines,
                       double* out) noexcept {
  for (std::size_t c = 0; c < num_out; ++c, out += kLanes) {
    double sums[kLanes];
    for (std::size_t b = 0; b < kLanes; ++b) sums[b] = out[b];
    for (std::size_t i = 0; i < n; ++i) {
      for (std::size_t b = 0; b < kLanes; ++b) sums[b] -= weights[i * num_out + c] * lines[i * kLanes + b];
    }
    for (std::size_t b = 0; b < kLanes; ++b) out[b] = sums[b];
  }
}

}  // namespace perfmodel::simd::PERFMODEL_SIMD
