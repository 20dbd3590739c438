#pragma once

#include "perfmodel/layer_time/layer_time_predictor.h"
#include "perfmodel/network/network.h"

/// The handles of perfmodel_c, completed here and for perfmodel_c alone.
struct perfmodel_predictor {
  perfmodel::LayerTimePredictor impl;
};

struct perfmodel_network {
  perfmodel::Network impl;
};
