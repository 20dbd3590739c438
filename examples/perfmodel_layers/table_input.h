#pragma once

#include "evaluate_table.h"
#include "perfmodel/core/csv.h"
#include "perfmodel/layer_time/layer_table.h"
#include "perfmodel/layer_time/network_table.h"
#include "perfmodel/layer_time/timed_network.h"

namespace perfmodel::tools {

/// Reads the table that `evaluate --data` names, of the kind that table_kind() says.
///
/// Of networks those of the batch sizes asked for, and of a table that names devices those of options.device; where
/// that is empty, those of `predictor_device` if it is among them. Devices that are not the predictor's are named on
/// standard error: errors on them are those of a foreign device.
/// @throws CLI::ValidationError: an option that the table has no use for.
///         Error: what the readers of the library throw; kInvalidArgument (no network of a batch size asked for).
LayerTable read_layers(const CsvTable& csv, const EvaluateTableOptions& options);
NetworkTable read_networks(const CsvTable& csv, const EvaluateTableOptions& options,
                           const std::string& predictor_device);
TimedNetworkTable read_timed_networks(const CsvTable& csv, const EvaluateTableOptions& options);

}  // namespace perfmodel::tools
