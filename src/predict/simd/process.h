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

/// Lines of kProcessRows numbers, in registers.
struct Line {
  static constexpr int kVectors = kProcessRows / kDoubles;
  Doubles part[kVectors];

  explicit Line(const double* from) noexcept {
    for (int v = 0; v < kVectors; ++v) part[v] = load<Doubles>(from + v * kDoubles);
  }
  void put(double* to) const noexcept {
    for (int v = 0; v < kVectors; ++v) store(to + v * kDoubles, part[v]);
  }
  void divide(double divisor) noexcept {
    for (int v = 0; v < kVectors; ++v) part[v] /= divisor;
  }
  void subtract(double factor, const Line& other) noexcept {
    for (int v = 0; v < kVectors; ++v) part[v] -= factor * other.part[v];
  }
};

/// Two columns of the triangle at a time, so that each line below is written half as often.
inline void solve_lower_of_rows(const double* packed, std::size_t n, double* lines) noexcept {
  std::size_t j = 0;
  for (; j + 1 < n; j += 2, lines += 2 * kProcessRows) {
    const double* const first = packed;
    const double* const second = packed + (n - j) - 1;  // at the line of `first` that it begins one below of
    Line a(lines), b(lines + kProcessRows);
    a.divide(first[0]);
    b.subtract(first[1], a);
    b.divide(second[1]);
    a.put(lines);
    b.put(lines + kProcessRows);
    for (std::size_t i = 2; i < n - j; ++i) {
      double* const below = lines + i * kProcessRows;
      Line line(below);
      line.subtract(first[i], a);
      line.subtract(second[i], b);
      line.put(below);
    }
    packed += 2 * (n - j) - 1;
  }
  if (j == n) return;
  Line last(lines);
  last.divide(packed[0]);
  last.put(lines);
}

inline void solve_lower_of_row(const double* packed, std::size_t n, double* line) noexcept {
  for (std::size_t j = 0; j < n; packed += n - j, ++j, ++line) {
    const double solved = line[0] / packed[0];
    line[0] = solved;
    for (std::size_t i = 1; i < n - j; ++i) line[i] -= packed[i] * solved;
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
