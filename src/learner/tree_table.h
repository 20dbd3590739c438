#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "perfmodel/core/export.h"
#include "perfmodel/core/span.h"

namespace perfmodel {

/// A row's value of one feature, as trees compare it.
struct SortedValue {
  float value;
  std::uint32_t row;
};

/// The features of a training table, each sorted once for all the trees that are grown on it.
class PERFMODEL_EXPORT TreeTable {
 public:
  /// @param rows  n x d, finite; values beyond float32 count as its largest.  REQUIRES: n < 2^32.
  explicit TreeTable(MatrixView<const double> rows);

  std::size_t num_rows() const noexcept { return num_rows_; }
  std::size_t num_features() const noexcept { return num_features_; }
  /// All rows by ascending value of a feature, rows of equal value in the table's order.
  Span<const SortedValue> sorted(std::size_t feature) const noexcept {
    return {values_.data() + feature * num_rows_, num_rows_};
  }

 private:
  std::size_t num_rows_, num_features_;
  std::vector<SortedValue> values_;  ///< feature by feature
};

}  // namespace perfmodel
