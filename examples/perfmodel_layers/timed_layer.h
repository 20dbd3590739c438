#pragma once

#include <string>
#include <vector>

#include "perfmodel/layer_time/layer_time_predictor.h"
#include "text_table.h"

namespace perfmodel::tools {

/// A layer with its time, as a line of the output.
struct TimedLayer {
  const std::string& name;
  const LayerSpec& layer;
  const LayerTime& time;
  LayerContext context;
};

/// One JSON object: name, layer, estimates of the phases, what of it lies outside of what was learnt.
std::string layer_json(const LayerTimePredictor& predictor, const TimedLayer& timed);

/// A table of such layers.
TextTable layer_table(const LayerTimePredictor& predictor, const std::vector<LayerSpec>& layers);
std::vector<std::string> layer_cells(const LayerTimePredictor& predictor, const TimedLayer& timed);

}  // namespace perfmodel::tools
