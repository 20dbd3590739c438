#pragma once

#include "perfmodel/core/random.h"
#include "perfmodel/core/span.h"
#include "predict/evaluators.h"

namespace perfmodel {

/// Appends a tree of `num_splits` decisions, each made from a random leaf of the tree so far: some leaves lie deep,
/// some not. Leaves are whole numbers up to 1000 in size, sums of which are exact.
void append_random_tree(TreeEnsemble& trees, int num_splits, Random& random);

/// Appends a tree of which no path has more than `depth` decisions; some are shorter. Leaves as above, thresholds are
/// quarters from -2 to 2, of which many are equal.
void append_shallow_tree(TreeEnsemble& trees, int depth, Random& random);

/// Draws where missing values go, node by node.
void draw_missing_directions(TreeEnsemble& trees, Random& random);

/// A row's answer by the definition of TreeEnsemble, one node after another.
double answer_of(const TreeEnsemble& trees, Span<const double> row);

}  // namespace perfmodel
