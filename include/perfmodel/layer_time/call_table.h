#pragma once

#include <string>

#include "perfmodel/core/csv.h"
#include "perfmodel/core/export.h"
#include "perfmodel/layer_time/layer_table.h"

namespace perfmodel {

/// How a table of calls is read.
struct CallTableOptions {
  LayerKind kind = LayerKind::kConv2d;         ///< of all its rows: convolution, pooling or dense
  std::string time_column = "time_median_ms";  ///< with its unit: _ms, _s, _us or _ns
  std::string device_name = "unknown";         ///< what was measured, e.g. "gtx1080ti"; such tables rarely tell
};

/// Reads layers of one kind that others measured, in the columns of PerfNet and ResPerfNet or of Justus et al.
/// (docs/formats-layers.md). A row holds ONE time, that of a whole call with copies and the framework's own work:
/// the result is of LayerTiming::kTotal, its environment but for device_name "unknown".
///
/// Columns stand in any order, further ones are ignored. Where `time_column` is missing but is there in another unit,
/// that is taken. Padding 1 is TensorFlow's SAME, 0 its VALID; pooling takes the maximum; a dense layer has a bias
/// unless a column says otherwise. Left out and counted by reason (LayerTable::skipped): rows with an empty time, with
/// one that is not above 0, with a layer whose output would be empty, and training steps (an optimizer other than
/// "none").
/// @throws Error kNotFound (a missing column; of a time, lists those that hold times), kParse (a bad cell or an invalid
///         layer; line number), kUnsupported (another kind), kInvalidArgument (a time column without a unit of time; no
///         row is left, says why).
PERFMODEL_EXPORT LayerTable call_table_from_csv(const CsvTable& csv, const CallTableOptions& options);
PERFMODEL_EXPORT LayerTable read_call_table(const std::string& path, const CallTableOptions& options);

/// The kind of layers that a table of calls is of, told by the column that this kind alone has: kernelsize, poolsize or
/// dim_input.
/// @throws Error kInvalidArgument: none of them, or several.
PERFMODEL_EXPORT LayerKind call_table_kind(const CsvTable& csv);

}  // namespace perfmodel
