#pragma once

#include "perfmodel/core/export.h"
#include "perfmodel/core/span.h"
#include "perfmodel/layer_time/layer_time_predictor.h"

namespace perfmodel {

/// One predictor that knows the layer kinds of all of `predictors`, which were fitted apart on one environment. Its
/// noise floor is the mean of those known, weighted by their layers.
/// @throws Error kInvalidArgument (none, or a kind that two of them know), kMismatch (measured in different
///         environments; says in what they differ).
PERFMODEL_EXPORT LayerTimePredictor merge_predictors(Span<const LayerTimePredictor> predictors);

}  // namespace perfmodel
