#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "perfmodel/core/csv.h"

namespace perfmodel {

/// A column of times in a table that others made, read in milliseconds whatever its unit (_s, _ms, _us, _ns), with the
/// column of its spread where there is one: "time_std_ms" beside "time_median_ms".
class TimeColumn {
 public:
  /// @param csv   must outlive this object.
  /// @param name  with its unit; where only the same column in another unit is there, that one is taken.
  /// @throws Error kNotFound: no such column, lists those that hold times; kInvalidArgument: its name ends in no unit
  ///         of time.
  TimeColumn(const CsvTable& csv, const std::string& name);

  /// The time of a row, finite; NaN where the cell is empty.
  /// @throws Error kParse: no number, or one that does not fit in milliseconds (with its line).
  double ms(std::size_t row) const;

  /// The standard deviation of the row's repeated runs; 0 where the table does not tell.
  /// @throws Error kParse: no number, a negative one (with its line).
  double spread_ms(std::size_t row) const;

 private:
  struct Cells {
    std::size_t index = 0;
    double ms_per_unit = 0;  // 0: there is no such column
  };
  Cells cells(const std::string& column) const;
  Cells any_unit(const std::string& stem) const;
  double read(const Cells& cells, std::size_t row) const;

  const CsvTable& csv_;
  Cells time_, spread_;
};

}  // namespace perfmodel
