#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "perfmodel/core/export.h"

namespace perfmodel {

/// A table of text cells with one header line. Comma separated, '.' as decimal point, RFC 4180 quoting, an empty cell
/// where there is no value. Units live in the column names ("time_mean_ms").
struct PERFMODEL_EXPORT CsvTable {
  std::string name;                            ///< for messages: the path, or what the text is
  std::vector<std::string> columns;            ///< unique, in the order of the file
  std::vector<std::vector<std::string>> rows;  ///< each of columns.size() cells
  std::vector<std::size_t> lines;  ///< line of each row in its text, from 1; empty for a table made in memory

  /// Position of `column`.
  /// @throws Error kNotFound; the message lists the columns there are.
  std::size_t column_index(std::string_view column) const;
  bool has_column(std::string_view column) const noexcept;

  /// A cell as a finite number.
  /// @throws Error kParse (text, NaN, infinity or an empty cell), with the line number and the column;
  ///         kInvalidArgument (no such cell).
  double number(std::size_t row, std::size_t column) const;

  /// A cell as text, empty where there is no value. REQUIRES: row < rows.size(), column < columns.size().
  const std::string& text(std::size_t row, std::size_t column) const { return rows[row][column]; }
};

/// Reads a table. `name` stands for the text in messages. Lines end in LF or CR LF, the last one may go without; a
/// UTF-8 byte order mark is skipped; a blank line is a line with one cell.
/// @throws Error kParse: no header, a column name twice or empty, a line with too few or too many cells (named with its
///         line number), a quote that never ends; kNotFound, kPermission and kIo for the file, kCorrupt when it is
///         longer than 4 GiB.
PERFMODEL_EXPORT CsvTable parse_csv(std::string_view text, std::string name = "csv");
PERFMODEL_EXPORT CsvTable read_csv(const std::string& path);

/// Writes a table: to a temporary file beside `path`, synced, then renamed, so that readers never see half of it.
/// @throws Error kIo, kNoSpace, kPermission, kNotFound (no such folder), kMismatch (a row that has not a cell per
///         column).
PERFMODEL_EXPORT void write_csv(const CsvTable& table, const std::string& path);
PERFMODEL_EXPORT std::string to_csv(const CsvTable& table);

/// A number as the shortest text that reads back to the same double; empty for NaN.
PERFMODEL_EXPORT std::string format_number(double value);

/// The unit in a column's name: "ms" in "time_mean_ms", "" in "batch". Known: s ms us ns hz khz mhz ghz w mw watts
/// joules j bytes b kb mb celsius mdegc pct fraction.
PERFMODEL_EXPORT std::string unit_of_column(std::string_view column);

}  // namespace perfmodel
