#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "perfmodel/core/export.h"

namespace perfmodel {

enum class OptionKind {
  kBoolean,      ///< levels 0 and 1
  kInteger,      ///< low, low + step, ... up to high
  kOrdinal,      ///< numbers in ascending order, with a unit: frequencies, fractions
  kCategorical,  ///< names without an order
};

/// "boolean", "integer", "ordinal", "categorical".
PERFMODEL_EXPORT const char* option_kind_name(OptionKind kind) noexcept;

/// One thing that can be set: a finite, ordered list of levels, one of which is the default.
///
/// Levels are counted from 0. Each has a number, which models see (a categorical level's is its index), and a text.
class PERFMODEL_EXPORT Option {
 public:
  /// @param default_level  index; the highest numeric level when < 0 (true, high, the last), the first label of a
  ///                       categorical option.
  /// @throws Error kInvalidArgument: an empty name; no levels, or levels that repeat, are not finite or not ascending;
  ///         low > high, step < 1, integers beyond 2^53; a default that is not a level. Names the option.
  static Option boolean(std::string name, std::int64_t default_level = -1);
  static Option integer(std::string name, std::int64_t low, std::int64_t high, std::int64_t step = 1,
                        std::int64_t default_level = -1, std::string unit = "");
  static Option ordinal(std::string name, std::vector<double> levels, std::int64_t default_level = -1,
                        std::string unit = "");
  static Option categorical(std::string name, std::vector<std::string> labels, std::int64_t default_level = -1);

  const std::string& name() const noexcept { return name_; }
  OptionKind kind() const noexcept { return kind_; }
  const std::string& unit() const noexcept { return unit_; }  ///< "" for counts, flags and names
  std::uint64_t num_levels() const noexcept { return num_levels_; }
  std::uint64_t default_level() const noexcept { return default_level_; }

  /// REQUIRES: level < num_levels().
  double value(std::uint64_t level) const noexcept;
  std::string text(std::uint64_t level) const;  ///< the label, or the shortest text of the number ("0" and "1": flags)

  /// The level with exactly that number, or that text (a label, or any text of the number; "true" and "false": flags).
  /// @throws Error kInvalidArgument: there is none; names the option and what is allowed.
  std::uint64_t level_of(double value) const;
  std::uint64_t level_of(const std::string& text) const;
  /// The same; nullopt: there is none.
  std::optional<std::uint64_t> find_level(double value) const noexcept;
  std::optional<std::uint64_t> find_level(const std::string& text) const;
  /// The level whose number is nearest (the lower of two equally near).
  /// @throws Error kInvalidArgument: NaN.
  std::uint64_t nearest_level(double value) const;

 private:
  Option(std::string name, OptionKind kind, std::string unit);
  std::uint64_t nearest_number(double value) const noexcept;  ///< nearest_level(), not for NaN

  std::string name_;
  OptionKind kind_;
  std::string unit_;
  std::uint64_t num_levels_ = 0, default_level_ = 0;
  std::int64_t low_ = 0, step_ = 1;  ///< of kBoolean and kInteger
  std::vector<double> numbers_;      ///< of kOrdinal
  std::vector<std::string> labels_;  ///< of kCategorical
  std::unordered_map<std::string, std::uint64_t> level_of_label_;
};

}  // namespace perfmodel
