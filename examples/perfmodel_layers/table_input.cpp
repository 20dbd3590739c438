#include "table_input.h"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdio>
#include <set>

#include "perfmodel/core/error.h"
#include "perfmodel/layer_time/call_table.h"
#include "table_kind.h"

namespace perfmodel::tools {
namespace {

constexpr const char* kEndToEnd = "networks timed from end to end";
constexpr const char* kCampaign = "a campaign, which tells the kind and the phases of each layer";
constexpr const char* kNoCorrection = "no networks timed from end to end";

template <typename Items>
std::string joined(const Items& items) {
  std::string text;
  for (const std::string& item : items) text += (text.empty() ? "" : ", ") + item;
  return text;
}

// Options that such a table has no use for are not passed over in silence.
void refuse(const EvaluateTableOptions& options, const char* option, const std::string& value, const char* holds) {
  if (value.empty()) return;
  throw CLI::ValidationError(std::string(option) + ": '" + value + "' takes no part, '" + options.data + "' holds " +
                             holds);
}

std::string batches_text(const EvaluateTableOptions& options) {
  std::vector<std::string> texts;
  for (const std::int64_t batch : options.batches) texts.push_back(std::to_string(batch));
  return joined(texts);
}

std::int64_t batch_of(const MeasuredNetwork& network) {
  return network.batch;
}
std::int64_t batch_of(const TimedNetwork& network) {
  return network.layers.front().batch;
}

// Leaves the networks of the batch sizes asked for.
template <typename Table>
void keep_batches(Table& table, const EvaluateTableOptions& options) {
  if (options.batches.empty()) return;
  auto& networks = table.networks;
  const auto is_other = [&](const auto& network) {
    return std::find(options.batches.begin(), options.batches.end(), batch_of(network)) == options.batches.end();
  };
  std::set<std::int64_t> there;
  for (const auto& network : networks) there.insert(batch_of(network));
  networks.erase(std::remove_if(networks.begin(), networks.end(), is_other), networks.end());
  if (!networks.empty()) return;
  std::vector<std::string> texts;
  for (const std::int64_t batch : there) texts.push_back(std::to_string(batch));
  throw Error(ErrorCode::kInvalidArgument, options.data + ": no network of batch size " + batches_text(options) +
                                               " (there are: " + joined(texts) + ")");
}

std::set<std::string> devices_of(const CsvTable& csv) {
  std::set<std::string> devices;
  if (!csv.has_column("device")) return devices;
  const std::size_t column = csv.column_index("device");
  for (std::size_t row = 0; row < csv.rows.size(); ++row) devices.insert(csv.text(row, column));
  return devices;
}

// The predictor's device where none is asked for and the table has it; empty: all.
std::string chosen_device(const std::set<std::string>& devices, const EvaluateTableOptions& options,
                          const std::string& predictor_device) {
  if (!options.device.empty()) return options.device;
  return devices.count(predictor_device) > 0 ? predictor_device : "";
}

// Says which device is compared, where that may not be what was meant.
void tell_device(const std::set<std::string>& devices, const std::string& chosen, const EvaluateTableOptions& options,
                 const std::string& predictor_device) {
  const std::string compared = chosen.empty() ? joined(devices) : chosen;
  if (compared.empty()) return;  // the table names none
  if (compared != predictor_device) {
    std::fprintf(stderr, "%s: measured on %s, the predictor's device is '%s'\n", options.data.c_str(), compared.c_str(),
                 predictor_device.c_str());
  } else if (options.device.empty() && devices.size() > 1) {
    std::fprintf(stderr, "%s: compared are networks of '%s', the predictor's device; --device takes: %s\n",
                 options.data.c_str(), compared.c_str(), joined(devices).c_str());
  }
}

}  // namespace

LayerTable read_layers(const CsvTable& csv, const EvaluateTableOptions& options) {
  const bool is_campaign = table_kind(csv) == TableKind::kCampaign;
  refuse(options, "--correction", options.correction, kNoCorrection);
  refuse(options, "--batches", batches_text(options), "layers, which are compared one by one");
  refuse(options, "--device", options.device, "layers, which name no device");
  if (is_campaign) {
    refuse(options, "--layer", options.layer, kCampaign);
    refuse(options, "--time-column", options.time_column, kCampaign);
    return layer_table_from_csv(csv);
  }
  CallTableOptions read;
  read.kind = options.layer.empty() ? call_table_kind(csv) : parse_layer_kind(options.layer);
  if (!options.time_column.empty()) read.time_column = options.time_column;
  return call_table_from_csv(csv, read);
}

NetworkTable read_networks(const CsvTable& csv, const EvaluateTableOptions& options,
                           const std::string& predictor_device) {
  refuse(options, "--correction", options.correction, kNoCorrection);
  refuse(options, "--layer", options.layer, "networks, whose rows tell their kinds");
  NetworkTableOptions read;
  if (!options.time_column.empty()) read.time_column = options.time_column;
  const std::set<std::string> devices = devices_of(csv);
  read.device = chosen_device(devices, options, predictor_device);
  NetworkTable table = network_table_from_csv(csv, read);
  keep_batches(table, options);
  tell_device(devices, read.device, options, predictor_device);
  return table;
}

TimedNetworkTable read_timed_networks(const CsvTable& csv, const EvaluateTableOptions& options) {
  refuse(options, "--layer", options.layer, kEndToEnd);
  refuse(options, "--device", options.device, kEndToEnd);
  TimedNetworkOptions read;
  if (!options.time_column.empty()) read.time_column = options.time_column;
  TimedNetworkTable table = timed_networks_from_csv(csv, read);
  keep_batches(table, options);
  return table;
}

}  // namespace perfmodel::tools
