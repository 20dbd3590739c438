#pragma once

#include <string>

#include "perfmodel/layer_time/layer_time_predictor.h"
#include "perfmodel/layer_time/network_correction.h"
#include "perfmodel/learner/model.h"

namespace perfmodel::tools {

/// What a model file holds: for people on standard output, or as one JSON object.
void print_model(const Model& model);
void print_predictor(const LayerTimePredictor& predictor);
void print_correction(const NetworkCorrection& correction);
std::string model_json(const Model& model);
std::string predictor_json(const LayerTimePredictor& predictor);
std::string correction_json(const NetworkCorrection& correction);

}  // namespace perfmodel::tools
