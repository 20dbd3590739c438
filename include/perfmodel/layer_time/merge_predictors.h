#pragma once

#include "perfmodel/core/export.h"
#include "perfmodel/core/span.h"
#include "perfmodel/layer_time/layer_time_predictor.h"

namespace perfmodel {

/// One predictor that knows the layer kinds of all of `predictors`, which were fitted apart on one environment; a
/// single one as it is. Its noise floor is the mean of those known, weighted by their layers. Its network_interval() is
/// theirs where all have the same. Otherwise it is the default again, as what was fitted to the kinds of one says
/// nothing of networks that have the others' too: fit it anew to the merged predictor (fit_network_interval()).
/// @throws Error kInvalidArgument (none, or a kind that two of them know), kMismatch (measured in different
///         environments; says in what they differ).
PERFMODEL_EXPORT LayerTimePredictor merge_predictors(Span<const LayerTimePredictor> predictors);

}  // namespace perfmodel
