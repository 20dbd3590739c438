#pragma once

#include "perfmodel/core/span.h"
#include "perfmodel/network/layer.h"

namespace perfmodel {

/// One number that describes a layer. Its unit is the suffix of the name, as in tables.
struct LayerFeature {
  const char* name;
  double (*value)(const LayerSpec& layer, const LayerContext& context);
};

/// What ResPerfNet describes a layer by: its feature list of section 4, in the authors' order. None for the kinds that
/// it does not have.
Span<const LayerFeature> paper_features(LayerKind kind) noexcept;

/// What decides a layer's time on a machine with caches and vector units. Every value is positive, so that all of them
/// may go through a logarithm.
Span<const LayerFeature> physics_features(LayerKind kind) noexcept;

/// What the algorithms cost that libraries choose among: tiles of matrix products, Winograd, Fourier transforms, and
/// what sizes and padding that do not suit them waste. Every value is positive. None for the kinds that have no choice.
Span<const LayerFeature> algorithm_features(LayerKind kind) noexcept;

/// What more there is to say of square tiles of 32, 64 and 128 of the matrix product: how many results are left over,
/// how many tiles there are and what they waste, and in how many waves processors work them off. How many processors a
/// device has no layer tells: 14, 28 and 56 stand for small, middling and large GPUs (Quadro P4000, GTX 1080 Ti, P100),
/// and a learner takes what suits its device. Every value is positive. None for the kinds that are no matrix product.
Span<const LayerFeature> tile_features(LayerKind kind) noexcept;

/// Terms whose weighted sum, with weights >= 0, is about the time of a layer: work, traffic and calls, each >= 0. Their
/// names begin with kCostPrefix: learners that can fit such a sum take it as their trend (docs/learners.md).
Span<const LayerFeature> cost_terms(LayerKind kind) noexcept;

}  // namespace perfmodel
