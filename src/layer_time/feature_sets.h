#pragma once

#include "perfmodel/core/span.h"
#include "perfmodel/network/layer.h"

namespace perfmodel {

/// One number that describes a layer. Its unit is the suffix of the name, as in tables.
struct LayerFeature {
  const char* name;
  double (*value)(const LayerSpec& layer, const LayerContext& context);
};

/// What ResPerfNet describes a layer by: its feature list of section 4, in the authors' order.
Span<const LayerFeature> paper_features(LayerKind kind) noexcept;

/// What decides a layer's time on a machine with caches and vector units. Every value is positive, so that all of them
/// may go through a logarithm.
Span<const LayerFeature> physics_features(LayerKind kind) noexcept;

}  // namespace perfmodel
