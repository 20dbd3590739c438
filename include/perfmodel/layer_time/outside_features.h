#pragma once

#include <string>
#include <vector>

#include "perfmodel/core/export.h"
#include "perfmodel/layer_time/layer_time_predictor.h"
#include "perfmodel/learner/model.h"

namespace perfmodel {

/// What makes a layer lie outside of what was learnt.
struct OutsideFeature {
  FeatureInfo feature;  ///< with the range that was learnt
  double value = 0;     ///< that of the layer
};

/// The features of `layer` that lie outside of the range that the predictor has learnt, each once, the furthest first:
/// by ratio to the range's nearer end where both are above 0, else in widths of the range. None if the layer is in
/// the domain (LayerTime::in_domain).
/// @param context  as for LayerTimePredictor::predict(); of a network {Network::footprint_bytes()}
/// @throws Error kUnsupported (a kind without a model), kInvalidArgument (an invalid layer, a context that is not
/// finite
///         and > 0).
PERFMODEL_EXPORT std::vector<OutsideFeature> outside_features(const LayerTimePredictor& predictor,
                                                              const LayerSpec& layer, const LayerContext& context);

/// In words: "input_bytes 1.2e+04, learnt from 1.04e+05 to 3.1e+08".
PERFMODEL_EXPORT std::string describe(const OutsideFeature& outside);

}  // namespace perfmodel
