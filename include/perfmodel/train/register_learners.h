#pragma once

#include "perfmodel/core/export.h"
#include "perfmodel/learner/registry.h"

namespace perfmodel {

/// Adds the learners that fit through LibTorch: mlp, perfnet, resperfnet. Their options in JSON are named as the fields
/// of MlpOptions and ResPerfNetOptions; "preset" is read first, the others change what it says. In a build without
/// LibTorch the registry answers kUnsupported for them.
PERFMODEL_EXPORT void add_torch_learners(LearnerRegistry& registry);

/// Adds the learner that fits through XGBoost: xgboost, with the fields of XGBoostOptions as options. In a build
/// without XGBoost the registry answers kUnsupported for it.
PERFMODEL_EXPORT void add_xgboost_learners(LearnerRegistry& registry);

}  // namespace perfmodel
