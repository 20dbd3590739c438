#include "evaluate_table.h"

#include <cstdio>
#include <optional>

#include "end_to_end.h"
#include "load_predictors.h"
#include "skipped_report.h"
#include "table_input.h"
#include "table_kind.h"
#include "table_report.h"

namespace perfmodel::tools {
namespace {

void compare_timed_networks(const LayerTimePredictor& predictor, const CsvTable& csv,
                            const EvaluateTableOptions& options) {
  const TimedNetworkTable table = read_timed_networks(csv, options);
  std::optional<NetworkCorrection> correction;
  if (!options.correction.empty()) correction = NetworkCorrection::load(options.correction);
  std::vector<Skipped> skipped = table.skipped;
  const KnownNetworks known = known_networks(predictor, table.networks, skipped);
  warn_of_skipped(options.data + ": networks", skipped);
  warn_of_unknown(options.data, known);
  const std::vector<EndToEndNetwork> networks =
      predict_end_to_end(predictor, correction ? &*correction : nullptr, known.networks);
  const EndToEndErrors errors = end_to_end_errors(networks);
  if (!options.json) return print_end_to_end(std::to_string(networks.size()) + " networks", errors);
  for (const EndToEndNetwork& network : networks) std::printf("%s\n", end_to_end_network_json(network).c_str());
  std::printf("%s\n", end_to_end_json(errors, skipped).c_str());
}

void compare_networks(const LayerTimePredictor& predictor, const CsvTable& csv, const EvaluateTableOptions& options) {
  const NetworkTable table = read_networks(csv, options, predictor.environment().device_name);
  std::vector<Skipped> skipped = table.skipped;
  const std::vector<TableNetwork> networks = evaluate_networks(predictor, table, skipped);
  warn_of_skipped(options.data + ": networks", skipped);
  if (!options.json) return print_table_networks(networks);
  for (const TableNetwork& each : networks) std::printf("%s\n", table_network_json(each).c_str());
  std::printf("%s\n", table_networks_json(networks, skipped).c_str());
}

void compare_layers(const LayerTimePredictor& predictor, const CsvTable& csv, const EvaluateTableOptions& options) {
  const LayerTable table = read_layers(csv, options);
  std::vector<Skipped> skipped = table.skipped;
  const std::vector<LayerErrors> errors = evaluate_layers(predictor, table, skipped);
  warn_of_skipped(options.data, skipped);
  if (!options.json) return print_layer_errors(predictor, errors);
  for (const LayerErrors& each : errors) std::printf("%s\n", layer_errors_json(predictor, each, skipped).c_str());
}

}  // namespace

void evaluate_table(const EvaluateTableOptions& options) {
  const LayerTimePredictor predictor = load_predictors(options.models);
  const CsvTable csv = read_csv(options.data);
  switch (table_kind(csv)) {
    case TableKind::kTimedNetworks:
      return compare_timed_networks(predictor, csv, options);
    case TableKind::kNetworks:
      return compare_networks(predictor, csv, options);
    default:
      return compare_layers(predictor, csv, options);
  }
}

}  // namespace perfmodel::tools
