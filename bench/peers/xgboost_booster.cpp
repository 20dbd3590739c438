#include "xgboost_booster.h"

#include <fmt/format.h>
#include <xgboost/c_api.h>

#include <cstdint>
#include <nlohmann/json.hpp>

#include "perfmodel/core/error.h"
#include "predict/evaluators.h"

namespace perfmodel {
namespace {

using nlohmann::json;

void check(int status) {
  if (status == 0) return;
  const std::string text = XGBGetLastError();
  throw Error(ErrorCode::kInternal, fmt::format("XGBoost: {}", text.substr(0, text.find('\n'))));
}

/// The nodes of one tree, which are [first, last) of the ensemble's.
json tree_json(const TreeEnsemble& trees, std::int32_t first, std::int32_t last, std::size_t id) {
  constexpr std::int32_t kRootsParent = 2147483647;
  const auto size = static_cast<std::size_t>(last - first);
  std::vector<std::int32_t> left(size, -1), right(size, -1), parent(size, kRootsParent), feature(size, 0);
  std::vector<float> condition(size);
  for (std::size_t i = 0; i < size; ++i) {
    const std::size_t node = static_cast<std::size_t>(first) + i;
    condition[i] = trees.threshold[node];
    if (trees.feature[node] < 0) continue;
    feature[i] = trees.feature[node];
    left[i] = trees.left[node] - first;
    right[i] = left[i] + 1;
    parent[static_cast<std::size_t>(left[i])] = parent[static_cast<std::size_t>(right[i])] =
        static_cast<std::int32_t>(i);
  }
  const std::vector<float> zeros(size, 0.0F);
  const std::vector<int> none(size, 0);
  return {{"id", id},
          {"left_children", left},
          {"right_children", right},
          {"parents", parent},
          {"split_indices", feature},
          {"split_conditions", condition},
          {"split_type", none},
          {"default_left", none},
          {"base_weights", zeros},
          {"loss_changes", zeros},
          {"sum_hessian", zeros},
          {"categories", json::array()},
          {"categories_nodes", json::array()},
          {"categories_segments", json::array()},
          {"categories_sizes", json::array()},
          {"tree_param",
           {{"num_deleted", "0"},
            {"num_feature", std::to_string(trees.num_inputs)},
            {"num_nodes", std::to_string(size)},
            {"size_leaf_vector", "0"}}}};
}

}  // namespace

void XGBoostBooster::Free::operator()(void* handle) const noexcept {
  XGBoosterFree(handle);
}

XGBoostBooster::XGBoostBooster(std::string_view text) {
  BoosterHandle handle = nullptr;
  check(XGBoosterCreate(nullptr, 0, &handle));
  handle_.reset(handle);
  check(XGBoosterLoadModelFromBuffer(handle, text.data(), text.size()));
  check(XGBoosterSetParam(handle, "nthread", "1"));
}

void XGBoostBooster::set_rows(MatrixView<const float> rows) {
  rows_json_ = fmt::format(R"({{"data":[{},true],"shape":[{},{}],"typestr":"<f4","version":3}})",
                           reinterpret_cast<std::uintptr_t>(rows.data()), rows.rows(), rows.cols());
}

Span<const float> XGBoostBooster::predict() {
  constexpr const char* kConfig =
      R"({"type":0,"training":false,"iteration_begin":0,"iteration_end":0,"strict_shape":false,"missing":NaN,"cache_id":0})";
  const bst_ulong* shape = nullptr;
  bst_ulong dimensions = 0;
  const float* answers = nullptr;
  check(XGBoosterPredictFromDense(handle_.get(), rows_json_.c_str(), kConfig, nullptr, &shape, &dimensions, &answers));
  return {answers, shape[0]};
}

std::string to_xgboost_json(const TreeEnsemble& trees) {
  json all = json::array();
  for (std::size_t t = 0; t < trees.roots.size(); ++t) {
    const bool is_last = t + 1 == trees.roots.size();
    const auto last = is_last ? static_cast<std::int32_t>(trees.feature.size()) : trees.roots[t + 1];
    all.push_back(tree_json(trees, trees.roots[t], last, t));
  }
  const std::string num_trees = std::to_string(all.size());
  const json model = {
      {"gbtree_model_param", {{"num_parallel_tree", "1"}, {"num_trees", num_trees}, {"size_leaf_vector", "0"}}},
      {"tree_info", std::vector<int>(all.size(), 0)},
      {"trees", std::move(all)}};
  const json learner = {{"attributes", json::object()},
                        {"feature_names", json::array()},
                        {"feature_types", json::array()},
                        {"gradient_booster", {{"model", model}, {"name", "gbtree"}}},
                        {"learner_model_param",
                         {{"base_score", fmt::format("{:.9g}", trees.base)},
                          {"boost_from_average", "1"},
                          {"num_class", "0"},
                          {"num_feature", std::to_string(trees.num_inputs)},
                          {"num_target", "1"}}},
                        {"objective", {{"name", "reg:squarederror"}, {"reg_loss_param", {{"scale_pos_weight", "1"}}}}}};
  return json{{"version", {1, 7, 4}}, {"learner", learner}}.dump();
}

}  // namespace perfmodel
