#pragma once

// Covariances of a Gaussian process, see ProcessLoops.

#include "predict/simd/exponential.h"
#include "predict/simd/kernels.h"
#include "predict/simd/square_root.h"

namespace perfmodel::simd::PERFMODEL_SIMD {

/// Vectors of covariances that are computed together.
constexpr int kTileVectors = 4;
static_assert(kPointGroup % (kTileVectors * kDoubles) == 0, "points in whole tiles");
/// Where sums of squared differences begin: it is lost in any other, and has a reciprocal.
constexpr double kAlmostNothing = 1e-300;

/// Squared distances become covariances.
template <bool kMatern52>
[[gnu::always_inline]] inline void distances_to_covariances(double signal_variance, Doubles* values) noexcept {
  constexpr double kFar = 700;  // exp(-700) is about 1e-304
  Doubles scaled[kTileVectors], decay[kTileVectors];
  for (int t = 0; t < kTileVectors; ++t) scaled[t] = values[t] * (kMatern52 ? 5 : 0.5);
  if (kMatern52) square_root<kTileVectors>(scaled, scaled);
  exponential_decay<kTileVectors>(scaled, decay);
  for (int t = 0; t < kTileVectors; ++t) {
    Doubles factor = all(signal_variance);
    if (kMatern52) factor = (scaled[t] * (signal_variance / 3) + signal_variance) * scaled[t] + signal_variance;
    values[t] = scaled[t] < kFar ? factor * decay[t] : Doubles{};
  }
}

/// kPoints points from `first` on with kTileVectors / kPoints vectors of rows.
template <bool kMatern52, int kPoints>
[[gnu::always_inline]] inline void covariances_of_tile(const ProcessKernel& kernel, std::size_t first,
                                                       const double* inputs, double* lines, Doubles* means) noexcept {
  constexpr int kVectors = kTileVectors / kPoints;
  Doubles values[kTileVectors];
  for (int t = 0; t < kTileVectors; ++t) values[t] = all(kAlmostNothing);
  const double* points = kernel.points + first;
  for (std::size_t j = 0; j < kernel.num_inputs; ++j, points += kernel.padded_points, inputs += kProcessRows) {
    Doubles row[kVectors];
    for (int v = 0; v < kVectors; ++v) row[v] = load<Doubles>(inputs + v * kDoubles);
    for (int t = 0; t < kTileVectors; ++t) {
      const Doubles difference = row[t % kVectors] - points[t / kVectors];
      values[t] += difference * difference;
    }
  }
  distances_to_covariances<kMatern52>(kernel.signal_variance, values);
  const double* const weights = kernel.weights + first;
  for (int t = 0; t < kTileVectors; ++t) {
    store(lines + (first + static_cast<std::size_t>(t / kVectors)) * kProcessRows + t % kVectors * kDoubles, values[t]);
    means[t % kVectors] += weights[t / kVectors] * values[t];
  }
}

template <bool kMatern52>
void covariances_of_rows_with(const ProcessKernel& kernel, const double* inputs, double* lines,
                              double* means) noexcept {
  constexpr int kVectors = kProcessRows / kDoubles;
  constexpr int kPoints = kVectors < kTileVectors ? kTileVectors / kVectors : 1, kStep = kTileVectors / kPoints;
  for (int v = 0; v < kVectors; v += kStep) {
    Doubles sums[kStep];
    for (int s = 0; s < kStep; ++s) sums[s] = load<Doubles>(means + (v + s) * kDoubles);
    for (std::size_t i = 0; i < kernel.num_points; i += kPoints) {
      covariances_of_tile<kMatern52, kPoints>(kernel, i, inputs + v * kDoubles, lines + v * kDoubles, sums);
    }
    for (int s = 0; s < kStep; ++s) store(means + (v + s) * kDoubles, sums[s]);
  }
}

inline void covariances_of_rows(const ProcessKernel& kernel, const double* inputs, double* lines,
                                double* means) noexcept {
  kernel.matern52 ? covariances_of_rows_with<true>(kernel, inputs, lines, means)
                  : covariances_of_rows_with<false>(kernel, inputs, lines, means);
}

template <bool kMatern52>
void covariances_of_row_with(const ProcessKernel& kernel, const double* inputs, double* line) noexcept {
  for (std::size_t i = 0; i < kernel.padded_points; i += kTileVectors * kDoubles) {
    Doubles values[kTileVectors];
    for (int t = 0; t < kTileVectors; ++t) values[t] = all(kAlmostNothing);
    const double* points = kernel.points + i;
    for (std::size_t j = 0; j < kernel.num_inputs; ++j, points += kernel.padded_points) {
      for (int t = 0; t < kTileVectors; ++t) {
        const Doubles difference = inputs[j] - load<Doubles>(points + t * kDoubles);
        values[t] += difference * difference;
      }
    }
    distances_to_covariances<kMatern52>(kernel.signal_variance, values);
    for (int t = 0; t < kTileVectors; ++t) store(line + i + static_cast<std::size_t>(t * kDoubles), values[t]);
  }
}

inline void covariances_of_row(const ProcessKernel& kernel, const double* inputs, double* line,
                               double* means) noexcept {
  kernel.matern52 ? covariances_of_row_with<true>(kernel, inputs, line)
                  : covariances_of_row_with<false>(kernel, inputs, line);
  double mean = *means;
  for (std::size_t i = 0; i < kernel.num_points; ++i) mean += kernel.weights[i] * line[i];
  *means = mean;
}

}  // namespace perfmodel::simd::PERFMODEL_SIMD
