#pragma once

#include <string>
#include <vector>

#include "evaluation.h"

namespace perfmodel::tools {

/// Mean absolute percentage error over the networks that were, or were not, steered by; NaN without any.
double network_mape_pct(const std::vector<EvaluatedNetwork>& networks, bool steered);

/// Errors on layers and networks as one JSON object. Layer errors are the models' own on held-out layers; null where a
/// phase is a constant. Networks that steered no drawing stand under "unsteered", beside the others.
std::string evaluation_json(const LayerTimePredictor& predictor, const std::vector<EvaluatedNetwork>& networks);

/// Tables of measured beside predicted: every layer of every network, then the networks.
void print_evaluation(const std::vector<EvaluatedNetwork>& networks);

/// Draws measured beside predicted times of the networks.
void plot_evaluation(const std::string& path, const LayerTimePredictor& predictor,
                     const std::vector<EvaluatedNetwork>& networks);

}  // namespace perfmodel::tools
