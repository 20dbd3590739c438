#pragma once

#include <string>
#include <vector>

#include "perfmodel/layer_time/layer_time_predictor.h"

namespace perfmodel::tools {

/// The level of one model's interval; 0 where it was fitted on too few layers to calibrate one, or there is no model.
double interval_level(const LayerTimePredictor& predictor, LayerKind kind, Phase phase);

/// "1.200 .. 3.400", or "-" where the level is 0.
std::string interval_text(const TimeEstimate& time, double level);

/// "90 % interval" when all intervals that there are have one level, else "interval".
std::string interval_name(const std::vector<double>& levels);

/// {"mean_ms":..., "lower_ms":..., "upper_ms":..., "interval_level":...}; without an interval its ends are null.
std::string estimate_json(const TimeEstimate& time, double level);

}  // namespace perfmodel::tools
