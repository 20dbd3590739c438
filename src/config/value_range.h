#pragma once

#include <cstdint>

namespace perfmodel {

/// What an expression may come to over a box of configurations. Conditions are 0 (false) and 1 (true). A division by
/// zero and a result past the largest double are undefined.
///
/// Holds every value that some configuration of the box gives, and maybe more; of a single configuration, exactly its
/// value. (Rounding is monotone, so the ends of the operands give the ends of the result.)
struct ValueRange {
  double low, high;  ///< both included; without meaning unless has_value
  bool has_value;    ///< some configuration gives a number
  bool may_be_undefined;

  static ValueRange between(double low, double high) noexcept { return {low, high, true, false}; }
  static ValueRange undefined() noexcept { return {0, 0, false, true}; }

  bool may_be_true() const noexcept { return has_value && high != 0; }
  bool may_be_false() const noexcept { return has_value && low == 0; }
};

enum class Operation : std::uint8_t {
  kNumber,  ///< a constant
  kOption,  ///< the number of an option's level
  kLookup,  ///< an entry of a table, by an option's level
  kNegate,
  kNot,
  kAdd,
  kSubtract,
  kMultiply,
  kDivide,
  kRemainder,  ///< with the sign of the left operand
  kEqual,
  kNotEqual,
  kLess,
  kLessEqual,
  kGreater,
  kGreaterEqual,
  kAnd,
  kOr,
};

/// Undefined goes through arithmetic and comparisons; "false and undefined" is false, "true or undefined" true
/// (Kleene's logic), so the order of operands does not matter.
ValueRange apply(Operation unary, const ValueRange& operand) noexcept;
ValueRange apply(Operation binary, const ValueRange& left, const ValueRange& right) noexcept;

}  // namespace perfmodel
