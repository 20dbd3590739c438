#include "train_xgboost/booster_json.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <nlohmann/json.hpp>
#include <numeric>
#include <string>
#include <vector>

#include "core/json.h"
#include "perfmodel/core/error.h"

namespace perfmodel {
namespace {

constexpr const char* kWhere = "XGBoost's model";

[[noreturn]] void refuse(const std::string& what) {
  throw Error(ErrorCode::kInternal, fmt::format("{}: {}", kWhere, what));
}

template <typename T>
std::vector<T> values_at(const nlohmann::json& tree, const char* key, std::size_t size) {
  const nlohmann::json& array = array_at(tree, key, kWhere, ErrorCode::kCorrupt);
  if (array.size() != size) refuse(fmt::format("'{}' has {} values for {} nodes", key, array.size(), size));
  std::vector<T> values;
  values.reserve(size);
  for (const nlohmann::json& value : array) {
    if (!value.is_number()) refuse(fmt::format("'{}' holds {}", key, value.dump()));
    values.push_back(value.get<T>());
  }
  return values;
}

/// "5E-1" up to XGBoost 3.0, "[5E-1]" since.
double parse_base_score(std::string text) {
  if (text.size() > 2 && text.front() == '[' && text.back() == ']') text = text.substr(1, text.size() - 2);
  char* end = nullptr;
  const float value = std::strtof(text.c_str(), &end);
  if (end == text.c_str() || *end != '\0') refuse(fmt::format("base_score '{}' is not a number", text));
  return static_cast<double>(value);
}

/// Appends one tree, its nodes in breadth-first order, so that the two children of a node are neighbours. Nodes that
/// pruning cut off are not reached. Adds each split's gain to the importance of its feature.
void append_tree(const nlohmann::json& tree, TreeEnsemble& out) {
  const std::size_t size = array_at(tree, "left_children", kWhere, ErrorCode::kCorrupt).size();
  const auto left = values_at<std::int32_t>(tree, "left_children", size);
  const auto right = values_at<std::int32_t>(tree, "right_children", size);
  const auto feature = values_at<std::int32_t>(tree, "split_indices", size);
  const auto condition = values_at<float>(tree, "split_conditions", size);  // a leaf's value at a leaf
  const auto kind = values_at<std::int32_t>(tree, "split_type", size);
  const auto gain = values_at<double>(tree, "loss_changes", size);

  const auto root = static_cast<std::int32_t>(out.feature.size());
  out.roots.push_back(root);
  std::vector<std::int32_t> order = {0};
  for (std::size_t i = 0; i < order.size(); ++i) {
    const std::int32_t node = order[i];
    if (node < 0 || static_cast<std::size_t>(node) >= size) refuse(fmt::format("node {} of {}", node, size));
    const auto at = static_cast<std::size_t>(node);
    const bool is_leaf = left[at] == -1;
    if (!is_leaf && kind[at] != 0) refuse("a categorical split, only numeric ones are known");
    if (order.size() > size) refuse("a node with two parents");
    out.feature.push_back(is_leaf ? -1 : feature[at]);
    out.threshold.push_back(condition[at]);
    out.left.push_back(is_leaf ? -1 : root + static_cast<std::int32_t>(order.size()));
    if (is_leaf) continue;
    order.insert(order.end(), {left[at], right[at]});
    if (feature[at] < 0 || static_cast<std::size_t>(feature[at]) >= out.num_inputs) {
      refuse(fmt::format("a split of feature {}, there are {}", feature[at], out.num_inputs));
    }
    out.importance[static_cast<std::size_t>(feature[at])] += std::max(gain[at], 0.0);
  }
}

void scale_to_shares(std::vector<double>& importance) {
  const double total = std::accumulate(importance.begin(), importance.end(), 0.0);
  if (!(total > 0)) return;
  for (double& share : importance) share /= total;
}

}  // namespace

TreeEnsemble trees_from_json(std::string_view json, std::size_t num_inputs, std::size_t num_trees) {
  const nlohmann::json document = nlohmann::json::parse(json, nullptr, false);
  if (document.is_discarded()) throw Error(ErrorCode::kCorrupt, fmt::format("{} is not JSON", kWhere));
  const auto object = [](const nlohmann::json& parent, const char* key) -> const nlohmann::json& {
    return object_at(parent, key, kWhere, ErrorCode::kCorrupt);
  };
  const nlohmann::json& learner = object(document, "learner");
  const nlohmann::json& booster = object(learner, "gradient_booster");
  const std::string kind = string_at(booster, "name", kWhere, ErrorCode::kCorrupt);
  if (kind != "gbtree") refuse(fmt::format("booster '{}', only gbtree is known", kind));
  const nlohmann::json& trees = array_at(object(booster, "model"), "trees", kWhere, ErrorCode::kCorrupt);
  if (num_trees > trees.size()) refuse(fmt::format("{} trees of {}", num_trees, trees.size()));

  TreeEnsemble out;
  out.num_inputs = num_inputs;
  out.importance.assign(num_inputs, 0.0);
  out.base =
      parse_base_score(string_at(object(learner, "learner_model_param"), "base_score", kWhere, ErrorCode::kCorrupt));
  for (std::size_t i = 0; i < num_trees; ++i) append_tree(trees[i], out);
  scale_to_shares(out.importance);
  return out;
}

}  // namespace perfmodel
