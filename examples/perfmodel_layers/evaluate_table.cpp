#include "evaluate_table.h"

#include <cstdio>

#include "layer_data.h"
#include "perfmodel/layer_time/merge_predictors.h"
#include "table_report.h"

namespace perfmodel::tools {
namespace {

LayerTimePredictor load_predictors(const std::vector<std::string>& paths) {
  std::vector<LayerTimePredictor> predictors;
  for (const std::string& path : paths) predictors.push_back(LayerTimePredictor::load(path));
  return merge_predictors(predictors);
}

LayerTable read_table(const CsvTable& csv, const EvaluateTableOptions& options) {
  if (csv.has_column("candidate")) return layer_table_from_csv(csv);
  CallTableOptions read;
  read.kind = options.layer.empty() ? call_table_kind(csv) : parse_layer_kind(options.layer);
  read.time_column = options.time_column;
  return call_table_from_csv(csv, read);
}

void print_layers(const LayerTimePredictor& predictor, const std::vector<LayerErrors>& errors, bool json) {
  if (!json) return print_layer_errors(predictor, errors);
  for (const LayerErrors& each : errors) std::printf("%s\n", layer_errors_json(predictor, each).c_str());
}

void print_networks(const std::vector<TableNetwork>& networks, bool json) {
  if (!json) return print_table_networks(networks);
  for (const TableNetwork& each : networks) std::printf("%s\n", table_network_json(each).c_str());
}

}  // namespace

void evaluate_table(const EvaluateTableOptions& options) {
  const LayerTimePredictor predictor = load_predictors(options.models);
  const CsvTable csv = read_csv(options.data);
  if (is_network_table(csv)) {
    const NetworkTable table = network_table_from_csv(csv, {options.time_column, options.device});
    std::vector<Skipped> skipped = table.skipped;
    const std::vector<TableNetwork> networks = evaluate_networks(predictor, table, skipped);
    warn_of_skipped(options.data + ": networks", skipped);
    print_networks(networks, options.json);
    return;
  }
  const LayerTable table = read_table(csv, options);
  std::vector<Skipped> skipped = table.skipped;
  const std::vector<LayerErrors> errors = evaluate_layers(predictor, table, skipped);
  warn_of_skipped(options.data, skipped);
  print_layers(predictor, errors, options.json);
}

}  // namespace perfmodel::tools
