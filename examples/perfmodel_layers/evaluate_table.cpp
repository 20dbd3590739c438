#include "evaluate_table.h"

#include <CLI/CLI.hpp>
#include <cstdio>

#include "end_to_end.h"
#include "layer_data.h"
#include "load_predictors.h"
#include "perfmodel/layer_time/call_table.h"
#include "table_report.h"

namespace perfmodel::tools {
namespace {

constexpr const char* kEndToEnd = "networks timed from end to end";
constexpr const char* kCampaign = "a campaign, which tells the kind and the phases of each layer";

// Options that such a table has no use for are not passed over in silence.
void refuse(const EvaluateTableOptions& options, const char* option, const std::string& value, const char* holds) {
  if (value.empty()) return;
  throw CLI::ValidationError(std::string(option) + ": '" + value + "' takes no part, '" + options.data + "' holds " +
                             holds);
}

LayerTable read_campaign(const CsvTable& csv, const EvaluateTableOptions& options) {
  refuse(options, "--layer", options.layer, kCampaign);
  refuse(options, "--time-column", options.time_column, kCampaign);
  return layer_table_from_csv(csv);
}

LayerTable read_layers(const CsvTable& csv, const EvaluateTableOptions& options) {
  refuse(options, "--device", options.device, "layers, which name no device");
  if (csv.has_column("candidate")) return read_campaign(csv, options);
  CallTableOptions read;
  read.kind = options.layer.empty() ? call_table_kind(csv) : parse_layer_kind(options.layer);
  if (!options.time_column.empty()) read.time_column = options.time_column;
  return call_table_from_csv(csv, read);
}

NetworkTable read_networks(const CsvTable& csv, const EvaluateTableOptions& options) {
  refuse(options, "--layer", options.layer, "networks, whose rows tell their kinds");
  NetworkTableOptions read;
  if (!options.time_column.empty()) read.time_column = options.time_column;
  read.device = options.device;
  return network_table_from_csv(csv, read);
}

bool is_timed_network_table(const CsvTable& csv) {
  return csv.has_column("net_id") && csv.has_column("layers");
}

TimedNetworkTable read_timed(const CsvTable& csv, const EvaluateTableOptions& options) {
  refuse(options, "--layer", options.layer, kEndToEnd);
  refuse(options, "--device", options.device, kEndToEnd);
  if (options.correction.empty()) {
    throw CLI::ValidationError("--data: '" + options.data + "' holds " + kEndToEnd +
                               ", which take the --correction that `perfmodel-layers correct` makes");
  }
  TimedNetworkOptions read;
  if (!options.time_column.empty()) read.time_column = options.time_column;
  return timed_networks_from_csv(csv, read);
}

void print_layers(const LayerTimePredictor& predictor, const std::vector<LayerErrors>& errors, bool json) {
  if (!json) return print_layer_errors(predictor, errors);
  for (const LayerErrors& each : errors) std::printf("%s\n", layer_errors_json(predictor, each).c_str());
}

void print_networks(const std::vector<TableNetwork>& networks, bool json) {
  if (!json) return print_table_networks(networks);
  for (const TableNetwork& each : networks) std::printf("%s\n", table_network_json(each).c_str());
}

void compare_timed_networks(const LayerTimePredictor& predictor, const CsvTable& csv,
                            const EvaluateTableOptions& options) {
  const TimedNetworkTable table = read_timed(csv, options);
  const NetworkCorrection correction = NetworkCorrection::load(options.correction);
  const EndToEndErrors errors = evaluate_end_to_end(predictor, correction, table.networks);
  warn_of_skipped(options.data + ": networks", table.skipped);
  if (options.json) {
    std::printf("%s\n", end_to_end_json(errors).c_str());
  } else {
    print_end_to_end(std::to_string(table.networks.size()) + " networks", errors);
  }
}

void compare_networks(const LayerTimePredictor& predictor, const CsvTable& csv, const EvaluateTableOptions& options) {
  const NetworkTable table = read_networks(csv, options);
  std::vector<Skipped> skipped = table.skipped;
  const std::vector<TableNetwork> networks = evaluate_networks(predictor, table, skipped);
  warn_of_skipped(options.data + ": networks", skipped);
  print_networks(networks, options.json);
}

void compare_layers(const LayerTimePredictor& predictor, const CsvTable& csv, const EvaluateTableOptions& options) {
  const LayerTable table = read_layers(csv, options);
  std::vector<Skipped> skipped = table.skipped;
  const std::vector<LayerErrors> errors = evaluate_layers(predictor, table, skipped);
  warn_of_skipped(options.data, skipped);
  print_layers(predictor, errors, options.json);
}

}  // namespace

void evaluate_table(const EvaluateTableOptions& options) {
  const LayerTimePredictor predictor = load_predictors(options.models);
  const CsvTable csv = read_csv(options.data);
  if (is_timed_network_table(csv)) return compare_timed_networks(predictor, csv, options);
  refuse(options, "--correction", options.correction, "no networks timed from end to end");
  if (is_network_table(csv)) return compare_networks(predictor, csv, options);
  compare_layers(predictor, csv, options);
}

}  // namespace perfmodel::tools
