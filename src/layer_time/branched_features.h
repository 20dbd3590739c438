#pragma once

#include "layer_time/feature_sets.h"

namespace perfmodel {

/// Features and cost terms of the kinds that networks with branches and attention have besides convolution, pooling and
/// dense: kBatchNorm2d to kMatMul. Few, as some dozen measured layers are to be enough; both feature sets have them.
Span<const LayerFeature> branched_features(LayerKind kind) noexcept;
Span<const LayerFeature> branched_cost_terms(LayerKind kind) noexcept;

}  // namespace perfmodel
