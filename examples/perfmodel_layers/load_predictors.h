#pragma once

#include <string>
#include <vector>

#include "perfmodel/layer_time/layer_time_predictor.h"

namespace perfmodel::tools {

/// One predictor of all files: that of a single one as it is, several as merge_predictors() puts them together.
/// @param paths  one at least
LayerTimePredictor load_predictors(const std::vector<std::string>& paths);

}  // namespace perfmodel::tools
