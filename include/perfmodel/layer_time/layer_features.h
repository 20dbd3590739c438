#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "perfmodel/core/export.h"
#include "perfmodel/core/span.h"
#include "perfmodel/network/layer.h"

namespace perfmodel {

/// How a layer is described to a learner.
enum class FeatureSet {
  kPaper,    ///< ResPerfNet, table 3 and section 4: 9 numbers for convolution, 5 dense, 6 pooling (square shapes: the
             ///< geometric mean of height and width stands for both); other kinds as with kPhysics
  kPhysics,  ///< sizes, work, traffic, intensity, what blocks and tiles waste, the costs of a convolution's algorithms,
             ///< distance of the weights from the cache
  kPhysicsTiles,  ///< kPhysics, and of convolution and dense layers remainders, tiles and waves of their matrix product
                  ///< in tiles of 32, 64 and 128, and Fourier costs with the transforms; other kinds as with kPhysics
};

PERFMODEL_EXPORT const char* feature_set_name(FeatureSet set) noexcept;  ///< "paper", "physics", "physics_tiles"
/// @throws Error kInvalidArgument: another name.
PERFMODEL_EXPORT FeatureSet parse_feature_set(const std::string& name);

/// Names of the features, in order; their unit is the suffix as in tables.
PERFMODEL_EXPORT const std::vector<std::string>& layer_feature_names(FeatureSet set, LayerKind kind);

/// Most features that any set has.
constexpr std::size_t kMaxLayerFeatures = 128;

/// Writes layer_feature_names(set, layer.kind).size() numbers into `out`. REQUIRES: out is that long, the layer is
/// valid.
PERFMODEL_EXPORT void encode_layer(FeatureSet set, const LayerSpec& layer, const LayerContext& context,
                                   Span<double> out) noexcept;

}  // namespace perfmodel
