#include "config/value_range.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace perfmodel {
namespace {

constexpr double kLargest = std::numeric_limits<double>::max();

bool is_point(const ValueRange& range) noexcept {
  return range.low == range.high;
}

/// `low` to `high`, either of which may have overflowed.
ValueRange bounded(double low, double high) noexcept {
  if (std::isfinite(low) && std::isfinite(high)) return ValueRange::between(low, high);
  if (low > kLargest || high < -kLargest) return ValueRange::undefined();
  return {std::max(low, -kLargest), std::min(high, kLargest), true, true};
}

/// The hull of what `operation` makes of the ends of both, for one that is monotone in each operand.
template <typename Function>
ValueRange corners(const ValueRange& left, const ValueRange& right, Function operation) noexcept {
  const auto [low, high] = std::minmax({operation(left.low, right.low), operation(left.low, right.high),
                                        operation(left.high, right.low), operation(left.high, right.high)});
  return bounded(low, high);
}

ValueRange divide(const ValueRange& left, const ValueRange& right) noexcept {
  if (right.low == 0 && right.high == 0) return ValueRange::undefined();
  if (right.low <= 0 && right.high >= 0) return {-kLargest, kLargest, true, true};
  return corners(left, right, [](double a, double b) { return a / b; });
}

ValueRange remainder(const ValueRange& left, const ValueRange& right) noexcept {
  if (right.low == 0 && right.high == 0) return ValueRange::undefined();
  if (is_point(right) && (left.low >= 0 || left.high <= 0) && left.high - left.low < std::fabs(right.low)) {
    // Within one period, unless the upper end has begun another.
    const double low = std::fmod(left.low, right.low), high = std::fmod(left.high, right.low);
    if (low <= high) return ValueRange::between(low, high);
  }
  const double largest = std::max(std::fabs(right.low), std::fabs(right.high));
  const double low = left.low < 0 ? std::max(left.low, -largest) : 0;
  const double high = left.high > 0 ? std::min(left.high, largest) : 0;
  return {low, high, true, right.low <= 0 && right.high >= 0};
}

ValueRange condition(bool may_be_true, bool may_be_false) noexcept {
  return ValueRange::between(may_be_false ? 0 : 1, may_be_true ? 1 : 0);
}

/// Arithmetic and comparisons of operands that both have values.
ValueRange apply_to_values(Operation operation, const ValueRange& left, const ValueRange& right) noexcept {
  const bool meet = left.low <= right.high && right.low <= left.high;
  const bool same = is_point(left) && is_point(right) && left.low == right.low;
  switch (operation) {
    case Operation::kAdd:
      return bounded(left.low + right.low, left.high + right.high);
    case Operation::kSubtract:
      return bounded(left.low - right.high, left.high - right.low);
    case Operation::kMultiply:
      return corners(left, right, [](double a, double b) { return a * b; });
    case Operation::kDivide:
      return divide(left, right);
    case Operation::kRemainder:
      return remainder(left, right);
    case Operation::kEqual:
      return condition(meet, !same);
    case Operation::kNotEqual:
      return condition(!same, meet);
    case Operation::kLess:
      return condition(left.low < right.high, left.high >= right.low);
    case Operation::kLessEqual:
      return condition(left.low <= right.high, left.high > right.low);
    case Operation::kGreater:
      return condition(left.high > right.low, left.low <= right.high);
    case Operation::kGreaterEqual:
      return condition(left.high >= right.low, left.low < right.high);
    default:
      return ValueRange::undefined();
  }
}

/// A condition from what it may be.
ValueRange logical(bool may_be_true, bool may_be_false, bool may_be_undefined) noexcept {
  ValueRange range = condition(may_be_true, may_be_false);
  range.has_value = may_be_true || may_be_false;
  range.may_be_undefined = may_be_undefined;
  return range;
}

ValueRange both(const ValueRange& left, const ValueRange& right) noexcept {
  const bool undefined = (left.may_be_undefined && (right.may_be_true() || right.may_be_undefined)) ||
                         (right.may_be_undefined && left.may_be_true());
  return logical(left.may_be_true() && right.may_be_true(), left.may_be_false() || right.may_be_false(), undefined);
}

}  // namespace

ValueRange apply(Operation unary, const ValueRange& operand) noexcept {
  if (unary == Operation::kNot) {
    return logical(operand.may_be_false(), operand.may_be_true(), operand.may_be_undefined);
  }
  return {-operand.high, -operand.low, operand.has_value, operand.may_be_undefined};
}

ValueRange apply(Operation binary, const ValueRange& left, const ValueRange& right) noexcept {
  if (binary == Operation::kAnd) return both(left, right);
  if (binary == Operation::kOr) {
    return apply(Operation::kNot, both(apply(Operation::kNot, left), apply(Operation::kNot, right)));
  }
  if (!left.has_value || !right.has_value) return ValueRange::undefined();
  ValueRange result = apply_to_values(binary, left, right);
  result.may_be_undefined = result.may_be_undefined || left.may_be_undefined || right.may_be_undefined;
  return result;
}

}  // namespace perfmodel
