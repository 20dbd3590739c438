#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "config/value_range.h"
#include "perfmodel/config/option.h"
#include "perfmodel/core/span.h"

namespace perfmodel {

/// A range of levels per option, both ends included.
struct LevelBox {
  std::vector<std::uint64_t> low, high;
};

/// One operation of an expression in postfix order.
struct Step {
  Operation operation;
  double number = 0;      ///< of kNumber
  std::size_t index = 0;  ///< of kOption and kLookup: the option
  std::size_t table = 0;  ///< of kLookup
};

/// An expression as a flat program that runs on a stack of operands.
struct Program {
  std::vector<Step> steps;
  std::vector<std::vector<double>> tables;  ///< a number per level
};

/// How many operands a program may have on its stack at a time.
constexpr std::size_t kMaxOperands = 128;

enum class Truth { kNever, kSometimes, kAlways };

/// A condition over options, parsed once. Immutable.
class Constraint {
 public:
  /// @throws Error kParse, with the position and what is allowed.
  Constraint(std::string text, const std::vector<Option>& options);

  const std::string& text() const noexcept { return text_; }
  const std::vector<std::size_t>& options() const noexcept { return options_; }  ///< those it names, ascending
  std::size_t num_steps() const noexcept { return program_.steps.size(); }

  /// On which configurations between `low` and `high` it is true. kSometimes may be said of a box where it is not, but
  /// never of one configuration (low = high): undefined is not true.
  /// @param options  those it was parsed with
  Truth truth(const std::vector<Option>& options, Span<const std::uint64_t> low,
              Span<const std::uint64_t> high) const noexcept;

 private:
  std::string text_;
  Program program_;
  std::vector<std::size_t> options_;
};

}  // namespace perfmodel
