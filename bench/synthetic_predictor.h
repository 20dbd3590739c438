#pragma once

#include "perfmodel/layer_time/layer_time_predictor.h"

namespace perfmodel {

/// Which fit a synthetic predictor looks like.
enum class SyntheticFit {
  kPaper,    ///< the paper's features; one network per model
  kDefault,  ///< physics features, cost terms as trend; two networks per model, averaged
};

/// A predictor for all layer kinds whose nine models have the size and the parts of fitted ones, as the presets "paper"
/// and "default" of ResPerfNetOptions make them, with random weights: it costs what a real one costs, its answers mean
/// nothing. The same bits on every call.
LayerTimePredictor synthetic_predictor(SyntheticFit fit);

}  // namespace perfmodel
