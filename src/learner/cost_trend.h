#pragma once

#include <string>
#include <vector>

#include "perfmodel/core/export.h"
#include "perfmodel/data/dataset.h"
#include "perfmodel/data/transform.h"

namespace perfmodel {

/// The additive cost of a data set whose features hold cost terms (kCostPrefix), as TargetTransform::costs wants it.
///
/// @param data  training rows, targets > 0.  REQUIRES: not empty
/// @return      one weight per feature, 0 for those that are no cost terms or negative somewhere; empty when none
/// counts
PERFMODEL_EXPORT std::vector<double> fit_costs(const Dataset& data);

/// Costs of a raw row, at least TargetTransform::kSmallestCost; 1 without costs.
PERFMODEL_EXPORT double cost_of_row(const std::vector<double>& costs, Span<const double> row);

/// `features` with the cost terms among `names` unused: they are told apart by what `costs` says of them already.
PERFMODEL_EXPORT FeatureTransform without_cost_terms(const FeatureTransform& features, const std::vector<std::string>& names,
                                    const std::vector<double>& costs);

}  // namespace perfmodel
