#include "predict/tree_view.h"

#include <fmt/format.h>

#include <cmath>
#include <string>
#include <vector>

#include "perfmodel/core/error.h"

namespace perfmodel {
namespace {

[[noreturn]] void fail(const std::string& what) {
  throw Error(ErrorCode::kCorrupt, "trees: " + what);
}

/// Whether a node's number is finite and, where it is a decision, its feature one of the inputs and its children nodes
/// that come after it.
bool is_sound(const TreeView& trees, std::size_t node) noexcept {
  const auto num_nodes = static_cast<std::int64_t>(trees.feature.size()), i = static_cast<std::int64_t>(node);
  const std::int64_t feature = trees.feature[node], left = trees.left[node];
  const bool is_leaf = feature == -1;
  const bool has_feature = (feature >= 0) & (feature < static_cast<std::int64_t>(trees.num_inputs));
  const bool has_children = (left > i) & (left + 1 < num_nodes);
  return std::isfinite(trees.threshold[node]) & (is_leaf | (has_feature & has_children));
}

[[noreturn]] void fail_at(const TreeView& trees, std::size_t node) {
  if (!std::isfinite(trees.threshold[node])) {
    fail(fmt::format("node {}: {} is not finite", node, trees.threshold[node]));
  }
  if (trees.feature[node] < -1 || static_cast<std::size_t>(trees.feature[node]) >= trees.num_inputs) {
    fail(fmt::format("node {}: feature {} is not one of {}", node, trees.feature[node], trees.num_inputs));
  }
  fail(fmt::format("node {}: left child {} and the one after it must lie after the node and before {}", node,
                   trees.left[node], trees.feature.size()));
}

/// Checks that no node is a root or a child twice.  REQUIRES: sound nodes and roots.
void require_one_way(const TreeView& trees) {
  const std::size_t num_nodes = trees.feature.size();
  std::vector<std::uint8_t> reached(num_nodes + 2, 0);  // leaves reach the two beyond the end
  const auto reach = [&](std::size_t node) {
    if ((reached[node] != 0) & (node < num_nodes)) {
      fail(fmt::format("node {} is reached in two ways, a tree has one", node));
    }
    reached[node] = 1;
  };
  for (const std::int32_t root : trees.roots) reach(static_cast<std::size_t>(root));
  for (std::size_t node = 0; node < num_nodes; ++node) {
    const std::size_t left = trees.feature[node] < 0 ? num_nodes : static_cast<std::size_t>(trees.left[node]);
    reach(left);
    reach(left + 1);
  }
}

}  // namespace

TreeView view_of(const TreeEnsemble& trees) noexcept {
  return {trees.num_inputs, trees.base,         trees.roots,      trees.feature,     trees.threshold,
          trees.left,       trees.missing_left, trees.importance, trees.float32_sums};
}

void check_ensemble(const TreeView& trees) {
  const std::size_t num_nodes = trees.feature.size();
  if (trees.threshold.size() != num_nodes || trees.left.size() != num_nodes) {
    fail(fmt::format("{} features, {} thresholds and {} children, expected one of each per node", num_nodes,
                     trees.threshold.size(), trees.left.size()));
  }
  if (trees.takes_missing_values() && trees.missing_left.size() != num_nodes) {
    fail(fmt::format("{} directions of missing values for {} nodes", trees.missing_left.size(), num_nodes));
  }
  const double base = trees.float32_sums ? static_cast<double>(static_cast<float>(trees.base)) : trees.base;
  if (!std::isfinite(base)) fail(fmt::format("the base is {}, it must be finite", base));
  if (!trees.importance.empty() && trees.importance.size() != trees.num_inputs) {
    fail(fmt::format("{} importances for {} inputs", trees.importance.size(), trees.num_inputs));
  }
  for (const double importance : trees.importance) {
    if (!(importance >= 0 && importance <= 1)) fail(fmt::format("an importance is {}, allowed is 0 to 1", importance));
  }
}

void check_nodes(const TreeView& trees) {
  const std::size_t num_nodes = trees.feature.size();
  for (const std::uint8_t left : trees.missing_left) {
    if (left > 1) fail(fmt::format("the direction of a missing value is {}, allowed are 0 and 1", left));
  }
  for (const std::int32_t root : trees.roots) {
    if (root < 0 || static_cast<std::size_t>(root) >= num_nodes) {
      fail(fmt::format("root {} is not one of {} nodes", root, num_nodes));
    }
  }
  for (std::size_t node = 0; node < num_nodes; ++node) {
    if (!is_sound(trees, node)) fail_at(trees, node);
  }
  require_one_way(trees);
}

}  // namespace perfmodel
