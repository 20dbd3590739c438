#pragma once

#include <string>
#include <vector>

#include "perfmodel/core/csv.h"
#include "perfmodel/core/export.h"
#include "perfmodel/layer_time/skipped.h"
#include "perfmodel/network/layer.h"

namespace perfmodel {

/// A network that somebody timed from end to end.
struct TimedNetwork {
  std::string name;               ///< for messages
  std::vector<LayerSpec> layers;  ///< in the order in which they run; shapes need not fit from one to the next
  double time_ms = 0;             ///< from input to output, > 0
};

/// Networks of one table.
struct TimedNetworkTable {
  std::vector<TimedNetwork> networks;  ///< in the order of the table
  std::vector<Skipped> skipped;        ///< rows that were left out, by reason
};

/// Where the sizes of layers come from.
enum class LayerSizes {
  /// A network's input and what each layer makes of it. A dense layer runs at each position of its input, as
  /// TensorFlow's does. The sizes written down for later layers, which do not always follow, are not looked at.
  kFromInput,
  /// What is written down for each layer; a dense layer takes spatial_elements x channels values.
  kAsRecorded,
};

/// How a table of timed networks is read.
struct TimedNetworkOptions {
  std::string time_column = "time_median_ms";  ///< with its unit: _ms, _s, _us or _ns
  LayerSizes sizes = LayerSizes::kFromInput;
};

/// Reads a table with one row per network: net_id, batchsize, a time, and its layers as a list (column `layers`)
/// separated by ';', numbers by blanks:
///
///     IN:batch image_size channels                          first, once
///     C:batch image_size channels_in channels_out kernelsize strides padding activation use_bias
///     P:batch image_size channels poolsize strides padding
///     FC:batch spatial_elements channels units activation use_bias
///
/// Padding 1 is TensorFlow's SAME, 0 its VALID; activation 1 is ReLU; pooling takes the maximum. Left out and counted
/// by reason: networks without a usable time, and those that are impossible: a layer whose output would be empty.
/// @throws Error kNotFound (a missing column), kParse (a bad cell, a layer that is not as above, a batch size or number
///         of channels that contradicts what comes before, an invalid layer; line number), kInvalidArgument (a time
///         column without a unit of time; no network is left, says why).
PERFMODEL_EXPORT TimedNetworkTable timed_networks_from_csv(const CsvTable& csv, const TimedNetworkOptions& options);
PERFMODEL_EXPORT TimedNetworkTable read_timed_networks(const std::string& path, const TimedNetworkOptions& options);

}  // namespace perfmodel
