#pragma once

#include <memory>
#include <vector>

#include "perfmodel/config/config_space.h"
#include "perfmodel/data/dataset.h"
#include "perfmodel/layer_time/layer_time_predictor.h"
#include "perfmodel/layer_time/network_correction.h"
#include "perfmodel/learner/learner.h"
#include "perfmodel/network/network.h"
#include "perfmodel/transfer/online_correction.h"
#include "perfmodel/transfer/transfer.h"
#include "perfmodel_transfer_c.h"

/// The handles of perfmodel_c, completed here and for perfmodel_c alone.
struct perfmodel_predictor {
  perfmodel::LayerTimePredictor impl;
};

struct perfmodel_network {
  perfmodel::Network impl;
};

struct perfmodel_network_correction {
  perfmodel::NetworkCorrection impl;
};

struct perfmodel_space {
  perfmodel::ConfigSpace impl;
};

struct perfmodel_dataset {
  perfmodel::Dataset impl;
};

struct perfmodel_learner {
  std::shared_ptr<const perfmodel::Learner> impl;
};

struct perfmodel_model {
  perfmodel::Model impl;
};

struct perfmodel_transfer {
  std::unique_ptr<perfmodel::TransferSession> impl;
  perfmodel::ConfigSpace target_space;
  std::vector<perfmodel::Configuration> candidates;
};

struct perfmodel_correction {
  perfmodel::OnlineCorrection impl;
};
