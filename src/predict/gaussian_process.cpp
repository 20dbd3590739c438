#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

#include "perfmodel/core/error.h"
#include "predict/aligned.h"
#include "predict/evaluators.h"
#include "predict/part_tensors.h"
#include "predict/row_blocks.h"
#include "predict/simd/kernels.h"
#include "predict/triangle.h"

namespace perfmodel {
namespace {

/// A triangle in the form that its file and the loops take.
struct PackedTriangle {
  std::vector<double> elements, inverse_diagonal;

  /// @param square  n x n, or none
  PackedTriangle(const std::vector<double>& square, std::size_t n) {
    if (square.empty()) return;
    elements = pack_lower(square, n);
    for (std::size_t i = 0; i < n; ++i) inverse_diagonal.push_back(1 / square[i * n + i]);
  }

  bool empty() const noexcept { return elements.empty(); }
  simd::LowerTriangle view() const noexcept {
    return {inverse_diagonal.size(), elements.data(), inverse_diagonal.data()};
  }
};

class Process final : public Evaluator {
 public:
  explicit Process(GaussianProcess process)
      : process_(std::move(process)),
        num_inputs_(process_.inverse_length_scales.size()),
        num_points_(process_.weights.size()),
        cholesky_(process_.cholesky, num_points_),
        mean_cholesky_(process_.mean_cholesky, num_inputs_ + 1),
        kernels_(&simd::chosen_kernels()) {
    process_.cholesky = {};
    process_.mean_cholesky = {};
    padded_weights_ = process_.weights;
    padded_weights_.resize(padded_points(), 0);
    scaled_points_.resize(num_inputs_ * padded_points());
    for (std::size_t i = 0; i < num_points_; ++i) {
      for (std::size_t j = 0; j < num_inputs_; ++j) {
        scaled_points_[j * padded_points() + i] =
            process_.points[i * num_inputs_ + j] * process_.inverse_length_scales[j];
      }
    }
    if (!mean_cholesky_.empty()) whiten_basis();
  }

  const char* kind() const noexcept override { return "gaussian_process"; }
  std::size_t num_inputs() const noexcept override { return num_inputs_; }
  bool has_deviation() const noexcept override { return !cholesky_.empty(); }

  std::size_t scratch_bytes(std::size_t num_rows) const noexcept override {
    if (num_rows == 0) return 0;
    return (num_inputs_ + padded_points() + num_basis() + 2) * loops_for(num_rows).lanes * sizeof(double);
  }

  void evaluate(MatrixView<const double> rows, Span<double> out, std::byte* scratch) const noexcept override {
    run(rows, out, {}, scratch);
  }

  void evaluate_with_deviation(MatrixView<const double> rows, Span<double> out, Span<double> deviation,
                               std::byte* scratch) const noexcept override {
    if (!has_deviation()) return Evaluator::evaluate_with_deviation(rows, out, deviation, scratch);
    run(rows, out, deviation, scratch);
  }

  nlohmann::json write(ArchiveWriter& archive, const std::string& path) const override {
    PartTensorsWriter tensors(archive, path);
    tensors.add("inverse_length_scales", {num_inputs_}, process_.inverse_length_scales);
    tensors.add("slopes", {process_.slopes.size()}, process_.slopes);
    tensors.add("points", {num_points_, num_inputs_}, process_.points);
    tensors.add("weights", {num_points_}, process_.weights);
    tensors.add("cholesky", {cholesky_.elements.size()}, cholesky_.elements);
    tensors.add("mean_cholesky", {mean_cholesky_.elements.size()}, mean_cholesky_.elements);
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
  std::size_t padded_points() const noexcept {
    return (num_points_ + simd::kPointGroup - 1) / simd::kPointGroup * simd::kPointGroup;
  }

  /// Few rows are evaluated one by one, which is quicker than a block of which most is thrown away.
  const simd::ProcessLoops& loops_for(std::size_t num_rows) const noexcept {
    return num_rows < simd::kProcessRows / 4 ? kernels_->process_of_row : kernels_->process_of_rows;
  }

  /// Lines of as many numbers as the loops have lanes.
  struct Lines {
    double *inputs, *covariances, *basis, *means, *squares;
  };

  Lines lines_in(std::byte* scratch, std::size_t lanes) const noexcept {
    double* const inputs = reinterpret_cast<double*>(scratch);
    double* const covariances = inputs + num_inputs_ * lanes;
    double* const basis = covariances + padded_points() * lanes;
    double* const means = basis + num_basis() * lanes;
    return {inputs, covariances, basis, means, means + lanes};
  }

  /// @param deviation  none: not asked for
  void run(MatrixView<const double> rows, Span<double> out, Span<double> deviation, std::byte* scratch) const noexcept {
    for (std::size_t first = 0; first < rows.rows();) {
      const simd::ProcessLoops& loops = loops_for(rows.rows() - first);
      const std::size_t count = std::min(loops.lanes, rows.rows() - first);
      run_block(loops, row_slice(rows, first, count), lines_in(scratch, loops.lanes), out.subspan(first, count),
                answer_slice(deviation, first, count));
      first += count;
    }
  }

  void run_block(const simd::ProcessLoops& loops, MatrixView<const double> rows, const Lines& lines, Span<double> out,
                 Span<double> deviation) const noexcept {
    for (std::size_t b = 0; b < loops.lanes; ++b) {  // lanes without a row get the first one's values again
      const Span<const double> row = rows.row(b < rows.rows() ? b : 0);
      for (std::size_t j = 0; j < num_inputs_; ++j) {
        lines.inputs[j * loops.lanes + b] = row[j] * process_.inverse_length_scales[j];
      }
      lines.means[b] = process_.base;
      for (std::size_t j = 0; j < process_.slopes.size(); ++j) lines.means[b] += process_.slopes[j] * row[j];
    }
    loops.covariances({process_.kernel == GaussianProcess::Kernel::kMatern52, process_.signal_variance,
                       scaled_points_.data(), num_inputs_, num_points_, padded_points(), padded_weights_.data()},
                      lines.inputs, lines.covariances, lines.means);
    std::copy_n(lines.means, out.size(), out.begin());
    if (!deviation.empty()) fill_deviations(loops, rows, lines, deviation);
  }

  void fill_deviations(const simd::ProcessLoops& loops, MatrixView<const double> rows, const Lines& lines,
                       Span<double> out) const noexcept {
    loops.solve_lower(cholesky_.view(), lines.covariances, lines.squares);
    const double most = process_.signal_variance + process_.noise_variance;
    // No rounding may say that a new measurement is surer than its noise.
    for (std::size_t b = 0; b < out.size(); ++b) out[b] = std::max(most - lines.squares[b], process_.noise_variance);
    if (!mean_cholesky_.empty()) add_mean_variance(loops, rows, lines, out);
    for (double& variance : out) variance = std::sqrt(variance);
  }

  /// Equation 2.42: R = [1, x] - H (K + noise I)^-1 k, and R' (H (K + noise I)^-1 H')^-1 R is added.
  void add_mean_variance(const simd::ProcessLoops& loops, MatrixView<const double> rows, const Lines& lines,
                         Span<double> out) const noexcept {
    for (std::size_t c = 0; c < num_basis(); ++c) {
      for (std::size_t b = 0; b < loops.lanes; ++b) {
        lines.basis[c * loops.lanes + b] = c == 0 ? 1 : rows(b < rows.rows() ? b : 0, c - 1);
      }
    }
    loops.subtract_products(whitened_basis_.data(), num_points_, num_basis(), lines.covariances, lines.basis);
    loops.solve_lower(mean_cholesky_.view(), lines.basis, lines.squares);
    for (std::size_t b = 0; b < out.size(); ++b) out[b] += lines.squares[b];
  }

  /// L^-1 H'.
  void whiten_basis() {
    whitened_basis_.resize(num_points_ * num_basis());
    for (std::size_t i = 0; i < num_points_; ++i) {
      double* const row = whitened_basis_.data() + i * num_basis();
      row[0] = 1;
      std::copy_n(process_.points.data() + i * num_inputs_, num_inputs_, row + 1);
    }
    solve_lower(cholesky_.elements, num_points_, whitened_basis_.data(), num_basis());
  }

  GaussianProcess process_;
  std::size_t num_inputs_, num_points_;
  PackedTriangle cholesky_, mean_cholesky_;
  const simd::Kernels* kernels_;
  AlignedVector<double> scaled_points_;  ///< d x padded points: points x inverse length scales, input by input
  std::vector<double> padded_weights_;
  std::vector<double> whitened_basis_;  ///< n x (d + 1)
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
