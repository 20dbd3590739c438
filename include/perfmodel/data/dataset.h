#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "perfmodel/core/csv.h"
#include "perfmodel/core/export.h"
#include "perfmodel/core/span.h"

namespace perfmodel {

/// Rows of named numeric features and one target, for fitting.
///
/// Every value is finite. A feature without variation is allowed: learners leave it out and their model says so.
class PERFMODEL_EXPORT Dataset {
 public:
  /// @throws Error kInvalidArgument: no features, an empty or repeated name.
  Dataset(std::vector<std::string> feature_names, std::string target_name);

  /// Takes `feature_columns` (all but the target when empty) and the target from a table.
  /// @throws Error kNotFound (missing column), kParse (text, NaN or an empty cell, with its line number).
  static Dataset from_csv(const CsvTable& table, const std::string& target_column,
                          std::vector<std::string> feature_columns = {});

  /// @throws Error kMismatch (number of features), kInvalidArgument (a value that is not finite; names the feature).
  void add_row(Span<const double> features, double target);

  std::size_t num_rows() const noexcept { return targets_.size(); }
  std::size_t num_features() const noexcept { return feature_names_.size(); }
  bool empty() const noexcept { return targets_.empty(); }
  const std::vector<std::string>& feature_names() const noexcept { return feature_names_; }
  const std::string& target_name() const noexcept { return target_name_; }  ///< its unit is the suffix, e.g. "time_ms"

  MatrixView<const double> features() const noexcept {
    return {values_.data(), num_rows(), num_features()};
  }                                                                 ///< n x d
  Span<const double> targets() const noexcept { return targets_; }  ///< n

  /// The rows at `indices`, in that order. REQUIRES: each < num_rows().
  Dataset subset(Span<const std::size_t> indices) const;

  /// 64-bit FNV-1a over names and values: tells two training sets apart, not meant against an adversary.
  std::uint64_t hash() const noexcept;

 private:
  std::vector<std::string> feature_names_;
  std::string target_name_;
  std::vector<double> values_;
  std::vector<double> targets_;
};

/// Features whose names begin so are terms of an additive cost: >= 0, and a sum of them with weights >= 0 is about the
/// target. Learners that model a correction on top of such a sum look for them; to others they are features like all.
inline constexpr char kCostPrefix[] = "cost_";

/// A random split of 0..n-1.
struct Split {
  std::vector<std::size_t> first, second;
};

/// Puts round(n * second_fraction) of n rows into `second`, the others into `first`, both ascending; same seed, same
/// split.
/// @throws Error kInvalidArgument: second_fraction outside [0, 1].
PERFMODEL_EXPORT Split random_split(std::size_t num_rows, double second_fraction, std::uint64_t seed);

}  // namespace perfmodel
