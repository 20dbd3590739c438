#pragma once

#include <memory>

#include "perfmodel/core/export.h"
#include "perfmodel/learner/learner.h"

namespace perfmodel {

/// A learner "few_layers", for some hundred measured layers: boosted trees and a Gaussian process on logarithms,
/// blended by cross-validation in 5 parts (perfmodel/learner/blend.h), so that all rows are learnt from and calibrate
/// the interval. Where another device was measured well, make_source_learner() or FitPredictorOptions::source makes
/// more of these rows.
/// @throws Error kUnsupported in a build without XGBoost.
PERFMODEL_EXPORT std::unique_ptr<Learner> make_few_layers_learner();

}  // namespace perfmodel
