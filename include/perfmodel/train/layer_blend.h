#pragma once

#include <memory>

#include "perfmodel/core/export.h"
#include "perfmodel/learner/learner.h"
#include "perfmodel/learner/registry.h"

namespace perfmodel {

/// A learner "layer_blend", the default for layer times: boosted trees and PerfNets with the preset "default", blended
/// (perfmodel/learner/blend.h). From 8 000 rows on, trees are up to 2 000 on half of the features each, and batches
/// twice as large. On a few thousand layers it errs about as ResPerfNet does, and answers in a small part of the time:
/// docs/learners.md.
/// @throws Error kUnsupported in a build without LibTorch or XGBoost.
PERFMODEL_EXPORT std::unique_ptr<Learner> make_layer_blend_learner();

/// Adds layer_blend and few_layers (few_layers.h), which take no options, and blend, of the learners that the registry
/// holds now and those of register_learners.h. Without "members" it blends xgboost, resperfnet with the preset
/// "default", and mlp on logarithms.
PERFMODEL_EXPORT void add_layer_learners(LearnerRegistry& registry);

}  // namespace perfmodel
