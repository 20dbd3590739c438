#pragma once

#include <string>
#include <vector>

#include "perfmodel/core/csv.h"
#include "perfmodel/core/export.h"
#include "perfmodel/layer_time/layer_time_predictor.h"
#include "perfmodel/layer_time/skipped.h"
#include "perfmodel/network/layer_sampler.h"

namespace perfmodel {

/// A measured layer.
struct LayerRow {
  LayerSample sample;
  double phase_ms[kNumPhases] = {0, 0, 0};  ///< medians, indexed by Phase; a whole call's time as execution
  double repeat_execution_ms = 0;           ///< execution, measured again far apart in time; 0 when it was not
  double spread_ms = 0;                     ///< standard deviation of a call's repeated runs; 0 where nobody tells
};

/// Measured layers of one environment: what a predictor is trained on. What their times are, environment.timing says.
struct LayerTable {
  Environment environment;
  std::vector<LayerRow> rows;
  std::size_t num_failed = 0;    ///< layers that could not run; they are not in `rows`
  std::vector<Skipped> skipped;  ///< rows of a table of calls that are not in `rows`
};

/// Columns that describe a layer in tables and campaigns (docs/formats-layers.md): kind, batch, input_height, ...
/// reuse_bytes.
PERFMODEL_EXPORT const std::vector<std::string>& layer_columns();
/// The cells of layer_columns() for one sample (kinds and other enums as their integer values), and back.
/// @throws Error kMismatch (number of values), kInvalidArgument (an unknown enum value, an invalid layer).
PERFMODEL_EXPORT std::vector<double> layer_to_values(const LayerSample& sample);
PERFMODEL_EXPORT LayerSample layer_from_values(Span<const double> values);

/// Columns of a campaign's results that a table is made of: pre_ms, exe_ms, post_ms, and of its environment: device,
/// device_name, framework, framework_version, num_threads.
PERFMODEL_EXPORT const std::vector<std::string>& phase_columns();
PERFMODEL_EXPORT const std::vector<std::string>& environment_columns();

/// Reads the CSV that a layer campaign exports: candidate, pass, status ("ok", or "failed" and no times),
/// layer_columns(), phase_columns(), environment_columns(); further columns are ignored. Rows of a second pass become
/// `repeat_execution_ms` of the first pass of their candidate.
/// @throws Error kNotFound (missing column), kParse (bad cell, an unknown enum, an invalid layer, a negative time or a
///         candidate's pass twice; line number), kInvalidArgument (no usable row, or rows of different environments).
PERFMODEL_EXPORT LayerTable layer_table_from_csv(const CsvTable& csv);
PERFMODEL_EXPORT LayerTable read_layer_table(const std::string& path);

/// Mean of 100 |t1 - t2| / min(t1, t2) over the layers that were measured twice, execution phase; NaN without any.
PERFMODEL_EXPORT double noise_floor_pct(const LayerTable& table);

}  // namespace perfmodel
