#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <vector>

#include "perfmodel/core/export.h"
#include "perfmodel/core/span.h"

namespace perfmodel {

/// A row's value of one feature, as trees compare it. One word, so that it is copied as one.
class SortedValue {
 public:
  SortedValue() noexcept = default;
  SortedValue(float value, std::uint32_t row) noexcept;

  float value() const noexcept {
    const auto bits = static_cast<std::uint32_t>(word_ >> 32);
    float value = 0;
    std::memcpy(&value, &bits, sizeof(value));
    return value;
  }
  std::uint32_t row() const noexcept { return static_cast<std::uint32_t>(word_); }

 private:
  std::uint64_t word_ = 0;
};

/// The features of a training table, each sorted once for all the trees that are grown on it.
class PERFMODEL_EXPORT TreeTable {
 public:
  /// @param rows  n x d, finite; values beyond float32 count as its largest. Must outlive this object.
  ///              REQUIRES: n < 2^32.
  explicit TreeTable(MatrixView<const double> rows);

  std::size_t num_rows() const noexcept { return rows_.rows(); }
  std::size_t num_features() const noexcept { return rows_.cols(); }
  float value(std::size_t row, std::size_t feature) const noexcept { return static_cast<float>(rows_(row, feature)); }
  /// All rows by ascending value of a feature, rows of equal value in the table's order.
  Span<const SortedValue> sorted(std::size_t feature) const noexcept {
    return {values_.data() + feature * num_rows(), num_rows()};
  }

 private:
  MatrixView<const double> rows_;
  std::vector<SortedValue> values_;  ///< feature by feature
};

}  // namespace perfmodel
