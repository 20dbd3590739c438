#pragma once

#include <cstddef>
#include <limits>
#include <string>
#include <string_view>
#include <vector>

#include "perfmodel/core/export.h"
#include "predict/evaluators.h"

namespace perfmodel {

/// What XGBoost's JSON or UBJSON says of a model of trees with one output.
struct BoosterModel {
  TreeEnsemble trees;              ///< their float32 sum is the margin; base is what no tree adds, a margin too
  bool is_log = false;             ///< the prediction is exp(margin), else the margin itself
  std::vector<std::string> names;  ///< of the features; empty: the file has none
};

/// Reads what XGBoosterSaveModel() writes to a .json or .ubj file (gbtree, one output, numeric splits), told apart by
/// their first bytes. Missing values go XGBoost's default directions; importance is its total gain. The text is read
/// once, without a document in between: memory is at most a small multiple of its size.
///
/// @param name       stands for the text in messages
/// @param max_trees  keeps that many, the first, which is how early stopping's best round is kept
/// @throws Error kCorrupt: neither, truncated, inconsistent, a tree that does not end; kUnsupported: another booster,
///         objective or kind of split, several outputs.
PERFMODEL_EXPORT BoosterModel read_booster(std::string_view text, const std::string& name,
                                           std::size_t max_trees = std::numeric_limits<std::size_t>::max());

}  // namespace perfmodel
