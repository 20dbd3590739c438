#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <string>
#include <vector>

#include "predict/simd/kernels.h"
#include "predict/triangle.h"

namespace perfmodel {
namespace {

constexpr std::size_t kLanes = simd::kProcessRows;

// The exponential function and the root inside of the covariance are our own.
TEST(ProcessLoops, CovariancesAreAsThoseOfTheLibrary) {
  constexpr double kRelativeTolerance = 1e-14;
  constexpr std::size_t kPoints = 43;
  std::vector<double> points(2 * simd::kPointGroup, 0.0), weights(points.size(), 0.0);
  for (std::size_t i = 0; i < 40; ++i) points[i] = std::pow(1.6, static_cast<double>(i)) * 1e-6;  // up to 90
  points[40] = 0;
  points[41] = 1e-160;  // its square is not a number of full precision
  points[42] = 1e200;   // its square is infinite
  for (std::size_t i = 0; i < kPoints; ++i) weights[i] = i % 2 == 0 ? 1 : -2;
  for (const simd::InstructionSet set : simd::available_instruction_sets()) {
    for (const bool matern52 : {false, true}) {
      SCOPED_TRACE(std::string(simd::instruction_set_name(set)) + (matern52 ? " matern" : " squared exponential"));
      const simd::ProcessKernel kernel = {matern52, 2.0, points.data(), 1, kPoints, points.size(), weights.data()};
      const std::vector<double> origin(kLanes, 0.0);
      std::vector<double> line(points.size()), lines(points.size() * kLanes), mean(1, 3.0), means(kLanes, 3.0);
      simd::kernels_of(set).process_of_row.covariances(kernel, origin.data(), line.data(), mean.data());
      simd::kernels_of(set).process_of_rows.covariances(kernel, origin.data(), lines.data(), means.data());
      double expected_mean = 3;
      for (std::size_t i = 0; i < kPoints; ++i) {
        const double distance = points[i], scaled = std::sqrt(5.0) * distance;
        const double expected = distance > 1e100 ? 0
                                : matern52       ? 2 * (1 + scaled + scaled * scaled / 3) * std::exp(-scaled)
                                                 : 2 * std::exp(-distance * distance / 2);
        EXPECT_NEAR(line[i], expected, kRelativeTolerance * (scaled + 1) * expected + 1e-300) << distance;
        EXPECT_EQ(line[i], lines[i * kLanes]) << distance;
        EXPECT_EQ(line[i], lines[i * kLanes + kLanes - 1]) << distance;
        expected_mean += weights[i] * expected;
      }
      EXPECT_NEAR(mean[0], expected_mean, 1e-12);
      EXPECT_NEAR(means[kLanes - 1], expected_mean, 1e-12);
    }
  }
}

constexpr long double kStep = 0.02L;  // between points in a row, each of which says nearly what its neighbours do

long double matern(long double num_steps) {
  const long double scaled = std::sqrt(5.0L) * kStep * std::abs(num_steps);
  return (1 + scaled + scaled * scaled / 3) * std::exp(-scaled);
}

/// The Cholesky triangle of the covariances of n such points, nearly singular, row-major.
std::vector<double> nearly_singular_triangle(std::size_t n) {
  constexpr long double kNoise = 1e-11L;
  std::vector<long double> l(n * n, 0.0L);
  for (std::size_t i = 0; i < n; ++i) {
    for (std::size_t j = 0; j <= i; ++j) {
      long double sum = matern(static_cast<long double>(i - j)) + (i == j ? kNoise : 0);
      for (std::size_t k = 0; k < j; ++k) sum -= l[i * n + k] * l[j * n + k];
      l[i * n + j] = i == j ? std::sqrt(sum) : sum / l[j * n + j];
    }
  }
  return std::vector<double>(l.begin(), l.end());
}

/// Checks that x solves L x = b with an error in each element of L that rounding explains.
void expect_solution(const std::vector<double>& l, const std::vector<double>& b, const std::vector<double>& x,
                     double squares) {
  constexpr double kRounding = std::numeric_limits<double>::epsilon();
  const std::size_t n = b.size();
  long double sum = 0;
  for (std::size_t i = 0; i < n; ++i) {
    long double error = b[i], size = 0;
    for (std::size_t j = 0; j <= i; ++j) {
      const long double term = static_cast<long double>(l[i * n + j]) * x[j];
      error -= term;
      size += std::abs(term);
    }
    EXPECT_LE(std::abs(error), kRounding * static_cast<double>(i + 2) * size) << "line " << i;
    sum += static_cast<long double>(x[i]) * x[i];
  }
  EXPECT_NEAR(squares, static_cast<double>(sum), kRounding * static_cast<double>(n * sum));
}

// What substitution guarantees however near to singular L is (Higham, Accuracy and Stability of Numerical Algorithms,
// theorem 8.5): i + 1 roundings on line i, and one more for the reciprocal of the diagonal. A product with the inverse
// of L, computed beforehand in the same precision, misses this bound by a factor of more than 100 here: a variance of
// 1e-11 would be wrong by 18 %.
TEST(ProcessLoops, SolveANearlySingularTriangleAsWellAsItsElementsAreKnown) {
  for (const std::size_t n : {0, 1, 2, 5, 6, 7, 8, 9, 16, 31, 84}) {
    const std::vector<double> l = nearly_singular_triangle(n), packed = pack_lower(l, n);
    std::vector<double> inverse_diagonal(n);
    for (std::size_t i = 0; i < n; ++i) inverse_diagonal[i] = 1 / l[i * n + i];
    for (const simd::InstructionSet set : simd::available_instruction_sets()) {
      for (const simd::ProcessLoops& loops :
           {simd::kernels_of(set).process_of_rows, simd::kernels_of(set).process_of_row}) {
        SCOPED_TRACE(std::string(simd::instruction_set_name(set)) + ", " + std::to_string(n) + " lines");
        std::vector<std::vector<double>> right(loops.lanes, std::vector<double>(n));
        std::vector<double> lines(n * loops.lanes), squares(loops.lanes, -1);
        for (std::size_t b = 0; b < loops.lanes; ++b) {
          for (std::size_t i = 0; i < n; ++i) {  // covariances with points between those and beyond
            right[b][i] = static_cast<double>(matern(static_cast<long double>(i) - 7.3L * static_cast<long double>(b)));
            lines[i * loops.lanes + b] = right[b][i];
          }
        }
        loops.solve_lower({n, packed.data(), inverse_diagonal.data()}, lines.data(), squares.data());
        for (std::size_t b = 0; b < loops.lanes; ++b) {
          std::vector<double> x(n);
          for (std::size_t i = 0; i < n; ++i) x[i] = lines[i * loops.lanes + b];
          expect_solution(l, right[b], x, squares[b]);
        }
      }
    }
  }
}

}  // namespace
}  // namespace perfmodel
