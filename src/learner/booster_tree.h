#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "predict/evaluators.h"

namespace perfmodel {

/// One tree in XGBoost's form: arrays with one element per node, children anywhere.
struct BoosterTree {
  std::vector<std::int32_t> left, right;   ///< children; left is -1 at a leaf
  std::vector<std::int32_t> feature;       ///< that a split compares
  std::vector<std::int32_t> default_left;  ///< 1 where a missing value goes left, else 0
  std::vector<std::int32_t> kind;          ///< of the split: 0 numeric, 1 categorical; old files have none
  std::vector<float> condition;            ///< threshold of a split, value of a leaf
  std::vector<float> gain;                 ///< of the loss by the split; may be empty
};

/// Appends a tree, its nodes in breadth-first order, so that the two children of a node are neighbours. Nodes that
/// pruning cut off are not reached.
/// @param gains  of all nodes of `out`, extended likewise
/// @param where  the tree, for messages
/// @throws Error kCorrupt: arrays of different sizes, an index out of range, a node with two parents, more nodes than
///         an index counts; kUnsupported: a categorical split.
void append_tree(const BoosterTree& tree, const std::string& where, TreeEnsemble& out, std::vector<float>& gains);

/// The share of each input in all gains; all 0 where there are none.  REQUIRES: features of `trees` in range.
std::vector<double> shares_of_gains(const TreeEnsemble& trees, const std::vector<float>& gains);

}  // namespace perfmodel
