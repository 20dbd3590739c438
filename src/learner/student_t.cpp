#include "learner/student_t.h"

#include <cmath>
#include <initializer_list>
#include <limits>

namespace perfmodel {
namespace {

/// log gamma(x) for x > 0 by Stirling's series (Abramowitz and Stegun, 6.1.41) beyond 10. Unlike std::lgamma it writes
/// no global, so that fits may run at once.
double log_gamma(double x) noexcept {
  double product = 1;
  for (; x < 10; ++x) product *= x;
  constexpr double kHalfLogTwoPi = 0.918938533204672742;
  const double y = 1 / (x * x);
  const double series =
      (1.0 / 12 - y * (1.0 / 360 - y * (1.0 / 1260 - y * (1.0 / 1680 - y * (1.0 / 1188 - y * 691.0 / 360360))))) / x;
  return (x - 0.5) * std::log(x) - x + kHalfLogTwoPi + series - std::log(product);
}

/// The continued fraction of Abramowitz and Stegun, 26.5.8, by Lentz's method (Thompson and Barnett, 1986); it
/// converges fast for x < (a + 1) / (a + b + 2).
double beta_fraction(double a, double b, double x) noexcept {
  constexpr double kTiny = 1e-300, kPrecision = std::numeric_limits<double>::epsilon();
  constexpr int kMaxTerms = 10000;
  const auto away_from_zero = [](double value) { return std::abs(value) < kTiny ? kTiny : value; };
  double c = 1, d = 1 / away_from_zero(1 - (a + b) * x / (a + 1)), fraction = d;
  for (int m = 1; m <= kMaxTerms; ++m) {
    const double even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m));
    const double odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1));
    double factor = 1;
    for (const double term : {even, odd}) {
      d = 1 / away_from_zero(1 + term * d);
      c = away_from_zero(1 + term / c);
      factor = c * d;
      fraction *= factor;
    }
    if (std::abs(factor - 1) < kPrecision) break;
  }
  return fraction;
}

/// I_x(a, b) given 1 - x too, which may be known where x is nearly 1.
double incomplete_beta(double a, double b, double x, double rest) noexcept {
  if (x <= 0) return 0;
  if (rest <= 0) return 1;
  const double front = std::exp(log_gamma(a + b) - log_gamma(a) - log_gamma(b) + a * std::log(x) + b * std::log(rest));
  if (x < (a + 1) / (a + b + 2)) return front * beta_fraction(a, b, x) / a;
  return 1 - front * beta_fraction(b, a, rest) / b;
}

}  // namespace

double incomplete_beta(double a, double b, double x) noexcept {
  return incomplete_beta(a, b, x, 1 - x);
}

double student_t_p_value(double t, double degrees_of_freedom) noexcept {
  const double square = t * t;
  if (std::isinf(square)) return 0;
  const double sum = degrees_of_freedom + square;
  return incomplete_beta(degrees_of_freedom / 2, 0.5, degrees_of_freedom / sum, square / sum);
}

double student_t_quantile(double level, double degrees_of_freedom) noexcept {
  const auto is_below = [&](double t) { return student_t_p_value(t, degrees_of_freedom) > 1 - level; };
  double low = 0, high = 1;
  for (; is_below(high); high *= 2) low = high;
  constexpr int kHalvings = 53;  // of an interval that is no longer than its upper end: to rounding
  for (int halving = 0; halving < kHalvings; ++halving) {
    const double middle = (low + high) / 2;
    (is_below(middle) ? low : high) = middle;
  }
  return high;
}

}  // namespace perfmodel
