#pragma once

#include <memory>

#include "perfmodel/config/config_space.h"
#include "perfmodel/core/export.h"
#include "perfmodel/learner/learner.h"

namespace perfmodel {

/// `learner` for rows of a space's option numbers, in which a label is its index: what it fits sees an indicator per
/// label of each categorical option with more than two, as labels have no order. Its models take option numbers all the
/// same. `learner` itself where there is no such option, and for the trees (tree, forest, xgboost), whose splits part
/// labels by their index as well. Fit a source's model by it where options are categorical; sessions do so by
/// themselves with their target learner.
/// @throws Error kInvalidArgument: no learner; more than 256 labels in all (names the option that has most).
PERFMODEL_EXPORT std::shared_ptr<const Learner> make_indicator_learner(std::shared_ptr<const Learner> learner,
                                                                       const ConfigSpace& space);

}  // namespace perfmodel
