#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "layer_time/time_column.h"
#include "perfmodel/core/csv.h"
#include "perfmodel/layer_time/layer_table.h"
#include "perfmodel/network/layer.h"

namespace perfmodel {

/// A row of a table of calls: a measured layer, or why it is none.
struct CallRow {
  LayerSpec layer;
  double time_ms = 0;    ///< of the whole call; > 0
  double spread_ms = 0;  ///< as TimeColumn::spread_ms()
  std::string skipped;   ///< why the row is left out, e.g. "no time"; empty: it is a measured layer
};

/// Reads the rows of one layer kind from a table of calls (docs/formats-layers.md).
class CallReader {
 public:
  /// @param csv   must outlive this object.
  /// @throws Error kUnsupported: a kind that such tables do not hold; kNotFound: a column that this kind needs.
  CallReader(const CsvTable& csv, const TimeColumn& time, LayerKind kind);

  /// @throws Error kParse: a bad cell or an invalid layer, with its line; not for a row that is left out.
  CallRow read(std::size_t row) const;

 private:
  using Column = std::optional<std::size_t>;
  Column optional_column(std::string_view name) const;
  LayerSpec layer(std::size_t row) const;
  LayerSpec windowed(LayerSpec layer, std::size_t row) const;
  Activation activation(std::size_t row) const;

  const CsvTable& csv_;
  TimeColumn time_;
  LayerKind kind_;
  Column optimizer_, activation_, bias_;
};

/// The kind that a table calls `op`: conv, pool or dense; nothing for what such tables do not describe.
std::optional<LayerKind> call_kind(std::string_view op) noexcept;

/// A cell as a whole number from `minimum` to 2^31 - 1.
/// @throws Error kNotFound: no such column; kParse: no such number, with its line.
std::int64_t whole_cell(const CsvTable& csv, std::size_t row, const char* column, std::int64_t minimum);

}  // namespace perfmodel
