#pragma once

#include <memory>

#include "perfmodel/core/export.h"
#include "perfmodel/learner/learner.h"

namespace perfmodel {

/// A learner "additive_cost": target = sum of weights >= 0 times the features named kCostPrefix..., which are the
/// terms of a cost (calls, bytes, elements); the others only tell whether a row lies in what was learnt. For what is
/// bound by memory: few parameters, so that some dozen rows are enough, and answers beyond the largest row measured
/// that go on as the terms do.
///
/// The weights make the sum of absolute relative errors least (learner/additive_trend.h). The interval is calibrated on
/// all rows, left out by tens. Same seed and data give the same bits; num_threads and validation_fraction do not
/// matter. fit() throws kInvalidArgument: a target <= 0, no feature named kCostPrefix... that costs.
PERFMODEL_EXPORT std::unique_ptr<Learner> make_additive_cost_learner();

}  // namespace perfmodel
