#pragma once

#include <memory>
#include <vector>

#include "perfmodel/core/export.h"
#include "perfmodel/learner/learner.h"

namespace perfmodel {

/// Options of a regression tree (CART: Breiman, Friedman, Olshen and Stone, 1984; squared error).
struct TreeOptions {
  int max_depth = 0;          ///< levels of decisions; 0: no limit
  int min_samples_split = 2;  ///< a node with fewer rows is a leaf
  int min_samples_leaf = 1;   ///< no split leaves fewer rows on a side; raise it on noisy data
  double max_features = 1;    ///< share of the features that a split may choose among, drawn anew for each split
  bool log_target = false;    ///< fit the logarithm of the target, so that relative errors count; targets > 0
};

/// Options of a random forest (Breiman, 2001).
struct ForestOptions {
  int num_trees = 100;
  bool bootstrap = true;  ///< each tree on n rows drawn with replacement; false: all rows
  TreeOptions tree;       ///< of each tree
};

/// A learner "tree". Splits at the midpoint between neighbouring values, in float32 as predictions compare; of equally
/// good splits the first feature's lowest wins. Needs no validation rows: trains on all, intervals are calibrated on
/// rows left out in turn.
/// @throws Error kInvalidArgument: an option out of range; names it.
PERFMODEL_EXPORT std::unique_ptr<Learner> make_tree_learner(const TreeOptions& options = {});

/// A learner "forest"; the mean of its trees. Intervals are calibrated on out-of-bag rows where trees are bootstrapped.
PERFMODEL_EXPORT std::unique_ptr<Learner> make_forest_learner(const ForestOptions& options = {});

/// How much each feature of a tree, forest or boosted ensemble lowers the squared error, summed over all splits and
/// divided by the sum over features; 0 for a feature that no split uses. One per feature.
/// @throws Error kUnsupported: the model is not made of trees that keep it.
PERFMODEL_EXPORT std::vector<double> feature_importance(const Model& model);

}  // namespace perfmodel
