#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "learner/booster_tree.h"
#include "predict/evaluators.h"

namespace perfmodel {

constexpr std::size_t kMaxBoosterFeatures = std::size_t{1} << 20;  ///< as many inputs as a model file takes

/// What an XGBoost model's text says, not yet judged: numbers that XGBoost writes as text stay text, "" where there is
/// none.
struct BoosterText {
  TreeEnsemble trees;        ///< without inputs and base
  std::vector<float> gains;  ///< of all their nodes
  std::size_t num_trees_read = 0;
  std::vector<std::string> feature_names;
  std::string booster, objective, base_score, num_feature, num_class, num_target, num_trees;
};

/// @param max_trees  keeps that many, the first
/// @throws Error kCorrupt: neither JSON nor UBJSON, nested deeper than kMaxJsonDepth, more values than bytes; as
///         append_tree().
BoosterText read_booster_text(std::string_view text, const std::string& name, std::size_t max_trees);

}  // namespace perfmodel
