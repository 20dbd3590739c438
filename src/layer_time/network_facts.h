#pragma once

#include <string>
#include <vector>

#include "perfmodel/core/span.h"
#include "perfmodel/layer_time/layer_time_predictor.h"

namespace perfmodel {

/// Facts of a network that tell how its time from end to end differs from the sum of its layers' times: what is handed
/// in, out and from layer to layer, work and traffic by kind of layer, shares of the sum. Those named kCostPrefix...
/// are terms of an additive cost relative to the sum: a sum of them with weights >= 0 is about the factor between the
/// two.
const std::vector<std::string>& network_fact_names();

/// Their values, in that order; all finite.
/// @param layers  one at least
/// @param time    what a predictor answers for them; its total is > 0
std::vector<double> network_facts(Span<const LayerSpec> layers, const NetworkTime& time);

}  // namespace perfmodel
