#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "perfmodel/core/csv.h"
#include "perfmodel/core/export.h"
#include "perfmodel/layer_time/layer_table.h"

namespace perfmodel {

/// A network at one batch size whose layers somebody timed one by one.
struct PERFMODEL_EXPORT MeasuredNetwork {
  std::string device;  ///< as the table names it; empty where it does not
  std::string name;
  std::int64_t batch = 1;
  std::vector<LayerSpec> layers;  ///< in the order of the network; shapes need not fit from one to the next
  std::vector<double> layer_ms;   ///< one per layer, > 0: whole calls, or executions where phases were timed
  LayerTiming timing = LayerTiming::kTotal;
  double preprocess_ms = 0, postprocess_ms = 0;  ///< of the first and of the last layer; 0 of whole calls
  /// In which each layer was timed, one per layer; empty: in that of the network, as predict_sequence() takes it.
  std::vector<LayerContext> contexts = {};

  double total_ms() const noexcept;  ///< the sum (equation 2): no time of the network from end to end
};

/// Networks of one table.
struct NetworkTable {
  std::vector<MeasuredNetwork> networks;  ///< in the order in which the table begins them
  std::vector<Skipped> skipped;           ///< networks that were left out, by reason
};

/// How a table of networks is read.
struct NetworkTableOptions {
  std::string time_column = "time_median_ms";  ///< with its unit: _ms, _s, _us or _ns
  std::string device;                          ///< only what was measured on it; empty: all
};

/// Whether a table lists networks layer by layer: it has the columns network and op.
PERFMODEL_EXPORT bool is_network_table(const CsvTable& csv) noexcept;

/// Reads a table with one row per layer of a network: network, batchsize, layer (its number), op (conv, pool, dense),
/// the columns of call_table_from_csv() that each op needs, a time, and perhaps device. Rows stand in any order; those
/// of one device, network and batch size make a network, its layers in the order of their numbers, which count from 0
/// or 1.
///
/// Left out as a whole and counted by reason: networks with a layer of another op, without a usable time, or whose
/// output would be empty, and those whose numbers have a gap: a layer is missing. That the last ones are missing cannot
/// be told.
/// @throws Error kNotFound (a missing column; a device that is not there, lists those that are), kParse (a bad cell, an
///         invalid layer or a layer's number twice in one network; line number), kInvalidArgument (a time column
///         without a unit of time; no network is left, says why).
PERFMODEL_EXPORT NetworkTable network_table_from_csv(const CsvTable& csv, const NetworkTableOptions& options);
PERFMODEL_EXPORT NetworkTable read_network_table(const std::string& path, const NetworkTableOptions& options);

}  // namespace perfmodel
