#pragma once

#include <cstddef>
#include <string_view>

#include "predict/evaluators.h"

namespace perfmodel {

/// The trees in a model that XGBoost wrote as JSON (gbtree, one output, numeric splits), for perfmodel's own evaluator.
/// The default direction of missing values is left out: rows are finite. Importance is XGBoost's total gain.
///
/// @param num_trees  takes the first that many, which is how early stopping's best round is kept
/// @throws Error kInternal: not that kind of model; kCorrupt: not JSON or a key that is missing.
TreeEnsemble trees_from_json(std::string_view json, std::size_t num_inputs, std::size_t num_trees);

}  // namespace perfmodel
