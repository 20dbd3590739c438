#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "perfmodel/config/option.h"
#include "perfmodel/core/csv.h"
#include "perfmodel/core/span.h"

namespace perfmodel {

class FeasibleSet;

/// One point of a config space: the level of each option, in the space's order.
using Configuration = std::vector<std::uint64_t>;

/// How options become the numbers that models see.
struct EncodingOptions {
  bool log_decades = true;  ///< the natural logarithm of levels that are positive and span more than a factor of 10
  bool rank = false;  ///< the level's rank over num_levels - 1 instead, in [0, 1], for all but categorical options
};

/// All configurations of a set of options that satisfy hard constraints. Immutable, cheap to copy (shared), safe from
/// any number of threads. Nothing here enumerates the space unless it says so: 10^12 points are as good as 768.
///
/// A constraint is an expression over options that must be true: numbers, option names, texts in quotes (categorical),
/// + - * / %, == != < <= > >=, and or not, parentheses. E.g. "num_cores >= 2 or core_freq_khz <= 1200000". It is
/// parsed once.
class PERFMODEL_EXPORT ConfigSpace {
 public:
  /// @throws Error kInvalidArgument: no options, a name twice, more than 2^63 points; kParse: a constraint that is no
  ///         expression or names an unknown option or level (position and what is allowed); kInvalidArgument:
  ///         constraints that no configuration satisfies (a search of some tenths of a second must find that out;
  ///         where it does not, samplings say that they found nothing).
  explicit ConfigSpace(std::vector<Option> options, std::vector<std::string> constraints = {});

  const std::vector<Option>& options() const noexcept;
  const std::vector<std::string>& constraints() const noexcept;
  std::size_t num_options() const noexcept { return options().size(); }
  /// @throws Error kNotFound; the message lists the options there are.
  std::size_t option_index(const std::string& name) const;

  /// Number of points, constraints aside.
  std::uint64_t num_points() const noexcept;
  /// Points that satisfy the constraints, at most `limit`. Quick where they fall into few blocks, of any size; else it
  /// counts through the blocks.
  std::uint64_t num_feasible(std::uint64_t limit = UINT64_MAX) const;

  /// Position of a configuration among all num_points(), the last option running fastest, and back.
  /// @throws Error kInvalidArgument: not a level per option, a level or index out of range; names the option.
  std::uint64_t index_of(const Configuration& configuration) const;
  Configuration at(std::uint64_t index) const;

  /// @throws Error kInvalidArgument as index_of().
  bool is_feasible(const Configuration& configuration) const;
  /// The first feasible point at or after `index`: walks the feasible points in a stable order, without a list.
  /// nullopt at the end. Takes long where constraints on many options are a puzzle of their own.
  std::optional<std::uint64_t> next_feasible(std::uint64_t index) const;

  /// Every option at its default. It may be infeasible.
  Configuration default_configuration() const;
  /// The configuration with these numbers, one per option.
  /// @throws Error kMismatch (count), kInvalidArgument (not a level; names option and levels).
  Configuration from_values(Span<const double> values) const;
  std::vector<double> values(const Configuration& configuration) const;
  /// The nearest level per option, for a proposal of continuous numbers; then, if that is infeasible, the feasible
  /// point that changes least, counted in levels over num_levels (as far as a bounded search can tell).
  /// @throws Error kMismatch, kInvalidArgument (NaN; no feasible point near).
  Configuration nearest(Span<const double> values) const;
  /// Feasible points that differ in one option: by one level, or by any level of a categorical option.
  /// @throws Error kInvalidArgument as index_of().
  std::vector<Configuration> neighbours(const Configuration& configuration) const;

  /// Names of the encoded features: an option's name; "name=label" for each label of a categorical option with more
  /// than two.
  std::vector<std::string> feature_names(const EncodingOptions& encoding = {}) const;
  /// @param out  feature_names().size() numbers.
  /// @throws Error kMismatch (size of out), kInvalidArgument as index_of().
  void encode(const Configuration& configuration, const EncodingOptions& encoding, Span<double> out) const;

  /// JSON: docs/formats-config.md.
  /// @throws Error kParse (what and where), kInvalidArgument (what the constructors of Option and ConfigSpace refuse),
  ///         kNotFound, kIo.
  static ConfigSpace from_json(const std::string& text, const std::string& name = "config space");
  static ConfigSpace read(const std::string& path);
  std::string to_json() const;

  /// Options from a table's columns: the numbers that occur are the levels, "2" and "2.0" being one (0 and 1 alone:
  /// boolean); columns with text are categorical, labels in alphabetical order; the default is the highest number or
  /// the first label. Columns of one value are options with one level.
  /// @throws Error kNotFound (a column), kParse (an empty cell, NaN), kInvalidArgument (no rows, no columns).
  static ConfigSpace from_table(const CsvTable& table, const std::vector<std::string>& columns);

  /// For the samplings of this library.
  const FeasibleSet& feasible_set() const noexcept;

 private:
  struct Impl;
  void require_count(std::size_t num_values) const;

  std::shared_ptr<const Impl> impl_;
};

}  // namespace perfmodel
