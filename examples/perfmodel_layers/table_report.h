#pragma once

#include <string>
#include <vector>

#include "table_evaluation.h"

namespace perfmodel::tools {

/// Errors of a predictor on a table of layers: one JSON object per kind and phase, and a table for people.
/// @param skipped  rows of the table that were left out
std::string layer_errors_json(const LayerTimePredictor& predictor, const LayerErrors& errors,
                              const std::vector<Skipped>& skipped = {});
void print_layer_errors(const LayerTimePredictor& predictor, const std::vector<LayerErrors>& errors);

/// Networks of a table beside their predictions: one JSON object per network and one of all, and tables for people that
/// end with the mean error of each network and device.
std::string table_network_json(const TableNetwork& network);
std::string table_networks_json(const std::vector<TableNetwork>& networks, const std::vector<Skipped>& skipped);
void print_table_networks(const std::vector<TableNetwork>& networks);

}  // namespace perfmodel::tools
