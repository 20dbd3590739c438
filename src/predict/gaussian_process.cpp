#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

#include "perfmodel/core/error.h"
#include "predict/evaluators.h"
#include "predict/part_tensors.h"
#include "predict/row_blocks.h"
#include "predict/triangle.h"

namespace perfmodel {
namespace {

constexpr std::size_t kProcessRows = 16;  ///< rows at a time: the triangle is read once for all of them

double kernel_value(GaussianProcess::Kernel kernel, double squared_distance) noexcept {
  if (kernel == GaussianProcess::Kernel::kSquaredExponential) return std::exp(-0.5 * squared_distance);
  const double scaled = std::sqrt(5 * squared_distance);
  constexpr double kFar = 700;  // exp(-700) is about 1e-304
  return scaled < kFar ? (1 + scaled + scaled * scaled / 3) * std::exp(-scaled) : 0;
}

class Process final : public Evaluator {
 public:
  explicit Process(GaussianProcess process)
      : process_(std::move(process)),
        num_inputs_(process_.inverse_length_scales.size()),
        num_points_(process_.weights.size()),
        cholesky_(pack_lower(process_.cholesky, process_.cholesky.empty() ? 0 : num_points_)),
        mean_cholesky_(pack_lower(process_.mean_cholesky, process_.mean_cholesky.empty() ? 0 : num_inputs_ + 1)) {
    process_.cholesky = {};
    process_.mean_cholesky = {};
    scaled_points_ = process_.points;
    for (std::size_t i = 0; i < num_points_; ++i) {
      for (std::size_t j = 0; j < num_inputs_; ++j) {
        scaled_points_[i * num_inputs_ + j] *= process_.inverse_length_scales[j];
      }
    }
    if (!mean_cholesky_.empty()) whiten_basis();
  }

  const char* kind() const noexcept override { return "gaussian_process"; }
  std::size_t num_inputs() const noexcept override { return num_inputs_; }
  bool has_deviation() const noexcept override { return !cholesky_.empty(); }

  std::size_t scratch_bytes(std::size_t num_rows) const noexcept override {
    const std::size_t lines = num_inputs_ + num_points_ + num_basis();
    return lines * std::min(num_rows, kProcessRows) * sizeof(double);
  }

  void evaluate(MatrixView<const double> rows, Span<double> out, std::byte* scratch) const noexcept override {
    for_each_block(rows.rows(), kProcessRows, [&](std::size_t first, std::size_t count) {
      const MatrixView<const double> slice = row_slice(rows, first, count);
      fill_covariances(slice, reinterpret_cast<double*>(scratch));
      fill_means(slice, covariances(scratch, count), out.data() + first);
    });
  }

  void evaluate_with_deviation(MatrixView<const double> rows, Span<double> out, Span<double> deviation,
                               std::byte* scratch) const noexcept override {
    if (!has_deviation()) return Evaluator::evaluate_with_deviation(rows, out, deviation, scratch);
    for_each_block(rows.rows(), kProcessRows, [&](std::size_t first, std::size_t count) {
      const MatrixView<const double> slice = row_slice(rows, first, count);
      fill_covariances(slice, reinterpret_cast<double*>(scratch));
      fill_means(slice, covariances(scratch, count), out.data() + first);
      fill_deviations(slice, covariances(scratch, count), deviation.data() + first);
    });
  }

  nlohmann::json write(ArchiveWriter& archive, const std::string& path) const override {
    PartTensorsWriter tensors(archive, path);
    tensors.add("inverse_length_scales", {num_inputs_}, process_.inverse_length_scales);
    tensors.add("slopes", {process_.slopes.size()}, process_.slopes);
    tensors.add("points", {num_points_, num_inputs_}, process_.points);
    tensors.add("weights", {num_points_}, process_.weights);
    tensors.add("cholesky", {cholesky_.size()}, cholesky_);
    tensors.add("mean_cholesky", {mean_cholesky_.size()}, mean_cholesky_);
    return {{"kind", kind()},
            {"kernel", process_.kernel == GaussianProcess::Kernel::kMatern52 ? "matern52" : "squared_exponential"},
            {"num_inputs", num_inputs_},
            {"num_points", num_points_},
            {"signal_variance", process_.signal_variance},
            {"noise_variance", process_.noise_variance},
            {"base", process_.base},
            {"linear_mean", !process_.slopes.empty()},
            {"has_deviation", has_deviation()},
            {"mean_uncertain", !mean_cholesky_.empty()},
            {"tensors_crc32c", tensors.digest()}};
  }

 private:
  std::size_t num_basis() const noexcept { return mean_cholesky_.empty() ? 0 : num_inputs_ + 1; }
  /// Scratch holds lines of `count` numbers, one per row: the inputs, covariances with the points, the basis.
  double* covariances(std::byte* scratch, std::size_t count) const noexcept {
    return reinterpret_cast<double*>(scratch) + num_inputs_ * count;
  }

  void fill_covariances(MatrixView<const double> rows, double* scratch) const noexcept {
    const std::size_t count = rows.rows();
    for (std::size_t j = 0; j < num_inputs_; ++j) {
      for (std::size_t b = 0; b < count; ++b) {
        scratch[j * count + b] = rows(b, j) * process_.inverse_length_scales[j];
      }
    }
    double* line = scratch + num_inputs_ * count;
    for (std::size_t i = 0; i < num_points_; ++i, line += count) {
      std::fill(line, line + count, 0.0);
      for (std::size_t j = 0; j < num_inputs_; ++j) {
        const double point = scaled_points_[i * num_inputs_ + j];
        for (std::size_t b = 0; b < count; ++b) {
          const double difference = scratch[j * count + b] - point;
          line[b] += difference * difference;
        }
      }
      for (std::size_t b = 0; b < count; ++b) {
        line[b] = process_.signal_variance * kernel_value(process_.kernel, line[b]);
      }
    }
  }

  void fill_means(MatrixView<const double> rows, const double* line, double* out) const noexcept {
    const std::size_t count = rows.rows();
    for (std::size_t b = 0; b < count; ++b) {
      out[b] = process_.base;
      for (std::size_t j = 0; j < process_.slopes.size(); ++j) out[b] += process_.slopes[j] * rows(b, j);
    }
    for (std::size_t i = 0; i < num_points_; ++i, line += count) {
      for (std::size_t b = 0; b < count; ++b) out[b] += process_.weights[i] * line[b];
    }
  }

  void fill_deviations(MatrixView<const double> rows, double* lines, double* out) const noexcept {
    const std::size_t count = rows.rows();
    solve_lower(cholesky_, num_points_, lines, count);
    std::fill(out, out + count, process_.signal_variance + process_.noise_variance);
    for (std::size_t i = 0; i < num_points_; ++i) {
      for (std::size_t b = 0; b < count; ++b) out[b] -= lines[i * count + b] * lines[i * count + b];
    }
    // No rounding may say that a new measurement is surer than its noise.
    for (std::size_t b = 0; b < count; ++b) out[b] = std::max(out[b], process_.noise_variance);
    if (!mean_cholesky_.empty()) add_mean_variance(rows, lines, lines + num_points_ * count, out);
    for (std::size_t b = 0; b < count; ++b) out[b] = std::sqrt(out[b]);
  }

  /// Equation 2.42: R = [1, x] - H (K + noise I)^-1 k, and R' (H (K + noise I)^-1 H')^-1 R is added.
  void add_mean_variance(MatrixView<const double> rows, const double* solved, double* basis,
                         double* out) const noexcept {
    const std::size_t count = rows.rows();
    for (std::size_t c = 0; c < num_basis(); ++c) {
      double* const line = basis + c * count;
      for (std::size_t b = 0; b < count; ++b) line[b] = c == 0 ? 1 : rows(b, c - 1);
      for (std::size_t i = 0; i < num_points_; ++i) {
        const double weight = whitened_basis_[i * num_basis() + c];
        for (std::size_t b = 0; b < count; ++b) line[b] -= weight * solved[i * count + b];
      }
    }
    solve_lower(mean_cholesky_, num_basis(), basis, count);
    for (std::size_t c = 0; c < num_basis(); ++c) {
      for (std::size_t b = 0; b < count; ++b) out[b] += basis[c * count + b] * basis[c * count + b];
    }
  }

  /// L^-1 H'.
  void whiten_basis() {
    whitened_basis_.resize(num_points_ * num_basis());
    for (std::size_t i = 0; i < num_points_; ++i) {
      double* const row = whitened_basis_.data() + i * num_basis();
      row[0] = 1;
      std::copy_n(process_.points.data() + i * num_inputs_, num_inputs_, row + 1);
    }
    solve_lower(cholesky_, num_points_, whitened_basis_.data(), num_basis());
  }

  GaussianProcess process_;
  std::size_t num_inputs_, num_points_;
  std::vector<double> cholesky_, mean_cholesky_;  ///< packed
  std::vector<double> scaled_points_;             ///< points x inverse length scales
  std::vector<double> whitened_basis_;            ///< n x (d + 1)
};

[[noreturn]] void fail(const std::string& what) {
  throw Error(ErrorCode::kCorrupt, "gaussian process: " + what);
}

void require_finite(const std::vector<double>& values, const char* what) {
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (!std::isfinite(values[i])) fail(fmt::format("{} {} is {}, it must be finite", what, i, values[i]));
  }
}

void require_not_negative(double value, const char* what) {
  if (!(value >= 0) || !std::isfinite(value)) fail(fmt::format("{} is {}, it must be >= 0 and finite", what, value));
}

/// @param n  rows and columns that it must have, unless it is empty
void check_cholesky(const std::vector<double>& cholesky, std::size_t n, const char* what) {
  if (cholesky.empty()) return;
  if (cholesky.size() / n != n || cholesky.size() % n != 0) {
    fail(fmt::format("{} has {} values, expected {} x {}", what, cholesky.size(), n, n));
  }
  for (std::size_t i = 0; i < n; ++i) {
    if (!(cholesky[i * n + i] > 0)) {
      fail(fmt::format("{}: element {} of the diagonal is {}, it must be > 0", what, i, cholesky[i * n + i]));
    }
    for (std::size_t j = 0; j <= i; ++j) {
      if (!std::isfinite(cholesky[i * n + j])) {
        fail(fmt::format("{}: element ({}, {}) is {}, it must be finite", what, i, j, cholesky[i * n + j]));
      }
    }
  }
}

void check(const GaussianProcess& process) {
  const std::size_t d = process.inverse_length_scales.size(), n = process.weights.size();
  for (const double scale : process.inverse_length_scales) require_not_negative(scale, "an inverse length scale");
  require_not_negative(process.signal_variance, "the signal variance");
  require_not_negative(process.noise_variance, "the noise variance");
  require_finite({process.base}, "base");
  require_finite(process.slopes, "slope");
  require_finite(process.points, "coordinate");
  require_finite(process.weights, "weight");
  if (!process.slopes.empty() && process.slopes.size() != d) {
    fail(fmt::format("{} slopes for {} inputs", process.slopes.size(), d));
  }
  if (process.points.size() != n * d) {
    fail(fmt::format("{} coordinates of points, expected {} x {}", process.points.size(), n, d));
  }
  if (n == 0 && !process.cholesky.empty()) fail("a triangle without points");
  check_cholesky(process.cholesky, n, "the triangle");
  check_cholesky(process.mean_cholesky, d + 1, "the mean's triangle");
  if (!process.mean_cholesky.empty() && (process.cholesky.empty() || (d > 0 && process.slopes.empty()))) {
    fail("an uncertain mean needs slopes and the triangle of the points");
  }
}

}  // namespace

std::shared_ptr<const Evaluator> make_gaussian_process(GaussianProcess process) {
  check(process);
  return std::make_shared<Process>(std::move(process));
}

}  // namespace perfmodel
