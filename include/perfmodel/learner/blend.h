#pragma once

#include <memory>
#include <vector>

#include "perfmodel/core/export.h"
#include "perfmodel/learner/learner.h"

namespace perfmodel {

/// Options of a blend of learners.
struct BlendOptions {
  bool geometric = true;   ///< mean of the logarithms of the members' answers: errors count relatively; targets > 0
  double shrinkage = 0.1;  ///< in [0, 1]: from the weights that fit best (0) to equal ones (1)
  int folds = 0;  ///< 0: weights and interval from rows that are set aside; 2 to 100: by cross-validation in so
                  ///< many parts, for few rows
};

/// A learner "blend": a weighted mean of what several learners answer (stacked generalisation: Wolpert, 1992; weights
/// >= 0 that sum to 1: Breiman, 1996).
///
/// fit() sets FitOptions::validation_fraction of the rows aside, fits the members to the others, takes the weights that
/// make the least squared error on the rows set aside (with `geometric` of the logarithm, where a factor beyond 2
/// counts as 2), and fits the members once more, to all rows. The interval is calibrated on the rows set aside. With
/// fewer than 20 of these, or a fraction of 0, members count alike and there is one fit and no interval. With `folds`
/// all rows take part: each is left out once, in as many further fits of the members, which see all other rows and set
/// none aside (give members that need no validation rows). Same seed and data give the same bits. fit() throws what the
/// members throw, and kInvalidArgument: a target <= 0 with `geometric`.
/// @throws Error kInvalidArgument: no members, or one that is null; shrinkage or folds out of range.
PERFMODEL_EXPORT std::unique_ptr<Learner> make_blend_learner(std::vector<std::shared_ptr<const Learner>> members,
                                                             const BlendOptions& options = {});

}  // namespace perfmodel
