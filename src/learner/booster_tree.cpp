#include "learner/booster_tree.h"

#include <fmt/format.h>

#include <cmath>
#include <limits>
#include <numeric>

#include "perfmodel/core/error.h"

namespace perfmodel {
namespace {

[[noreturn]] void refuse(const std::string& where, const std::string& what) {
  throw Error(ErrorCode::kCorrupt, fmt::format("{}: {}", where, what));
}

template <typename T>
void require_size(const std::vector<T>& values, const char* key, std::size_t size, const std::string& where) {
  if (values.size() != size) refuse(where, fmt::format("'{}' has {} values for {} nodes", key, values.size(), size));
}

void check_sizes(const BoosterTree& tree, const std::string& where) {
  const std::size_t size = tree.left.size();
  require_size(tree.right, "right_children", size, where);
  require_size(tree.feature, "split_indices", size, where);
  require_size(tree.default_left, "default_left", size, where);
  require_size(tree.condition, "split_conditions", size, where);
  if (!tree.gain.empty()) require_size(tree.gain, "loss_changes", size, where);
  if (!tree.kind.empty()) require_size(tree.kind, "split_type", size, where);
}

}  // namespace

void append_tree(const BoosterTree& tree, const std::string& where, TreeEnsemble& out, std::vector<float>& gains) {
  check_sizes(tree, where);
  const std::size_t size = tree.left.size();
  const std::size_t room = static_cast<std::size_t>(std::numeric_limits<std::int32_t>::max()) - out.feature.size();
  if (size > room / 2) {  // children of a broken tree wait twice as long in line as it has nodes
    refuse(where, "more nodes than an index counts");
  }
  const auto root = static_cast<std::int32_t>(out.feature.size());
  out.roots.push_back(root);
  std::vector<bool> is_reached(size, false);
  std::vector<std::int32_t> order = {0};
  for (std::size_t i = 0; i < order.size(); ++i) {
    const std::int32_t node = order[i];
    if (node < 0 || static_cast<std::size_t>(node) >= size) refuse(where, fmt::format("node {} of {}", node, size));
    const auto at = static_cast<std::size_t>(node);
    if (is_reached[at]) refuse(where, fmt::format("node {} is reached in two ways, a tree has one", node));
    is_reached[at] = true;
    const bool is_leaf = tree.left[at] == -1;
    if (!is_leaf && !tree.kind.empty() && tree.kind[at] != 0) {
      throw Error(ErrorCode::kUnsupported, where + ": a categorical split, only numeric ones are known");
    }
    if (!is_leaf && tree.feature[at] < 0) refuse(where, fmt::format("a split of feature {}", tree.feature[at]));
    out.feature.push_back(is_leaf ? -1 : tree.feature[at]);
    out.threshold.push_back(tree.condition[at]);
    out.left.push_back(is_leaf ? -1 : root + static_cast<std::int32_t>(order.size()));
    out.missing_left.push_back(!is_leaf && tree.default_left[at] != 0 ? 1 : 0);
    gains.push_back(is_leaf || tree.gain.empty() ? 0 : tree.gain[at]);
    if (!is_leaf) order.insert(order.end(), {tree.left[at], tree.right[at]});
  }
}

std::vector<double> shares_of_gains(const TreeEnsemble& trees, const std::vector<float>& gains) {
  std::vector<double> shares(trees.num_inputs, 0.0);
  for (std::size_t node = 0; node < gains.size(); ++node) {
    if (gains[node] > 0 && std::isfinite(gains[node])) {
      shares[static_cast<std::size_t>(trees.feature[node])] += static_cast<double>(gains[node]);
    }
  }
  const double total = std::accumulate(shares.begin(), shares.end(), 0.0);
  if (total > 0) {
    for (double& share : shares) share /= total;
  }
  return shares;
}

}  // namespace perfmodel
