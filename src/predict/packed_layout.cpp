#include <cmath>
#include <utility>

#include "predict/finite.h"
#include "predict/packed_trees.h"

namespace perfmodel {
namespace {

/// Goes through a tree whose nodes lie depth first with children in pairs: the left child of the decision whose turn it
/// is comes next. Without a branch on whether a node is a leaf, which nothing foretells.
///
/// @return one past the last node; 0 where the nodes do not lie so, or too many decisions wait for their turn
std::size_t end_of_tree(const TreeView& trees, std::size_t root) noexcept {
  constexpr std::size_t kMaxWaiting = 256;
  std::int32_t waiting[kMaxWaiting + 2];  // left children
  std::size_t num_waiting = 0, next = root;
  const auto add = [&](std::size_t node) {
    waiting[num_waiting] = trees.left[node];
    num_waiting += trees.feature[node] >= 0 ? 1U : 0U;
  };
  add(next++);
  bool in_order = true;
  while (num_waiting > 0) {
    if (num_waiting > kMaxWaiting || next + 1 >= trees.feature.size()) return 0;
    in_order &= static_cast<std::size_t>(waiting[--num_waiting]) == next;
    add(next + 1);
    add(next);
    next += 2;
  }
  return in_order ? next : 0;
}

}  // namespace

PackedTrees::PackedTrees(const TreeView& trees)
    : num_inputs_(trees.num_inputs),
      takes_missing_values_(trees.takes_missing_values()),
      float32_sums_(trees.float32_sums) {
  check_ensemble(trees);
  if (take(trees, nodes_) || take(trees, wide_nodes_)) return;
  check_nodes(trees);
  if (!lay_out(trees, nodes_)) lay_out(trees, wide_nodes_);
}

/// Packs nodes where they lie in order.
/// @return false where they do not, do not fit nodes of that kind, or are not sound; check_nodes() says why not
template <typename AnyNode>
bool PackedTrees::take(const TreeView& trees, RawArray<AnyNode>& out) {
  if (leaf_place() > AnyNode::kMaxPlace) return false;
  RawArray<AnyNode> nodes(trees.feature.size());
  roots_.clear();
  std::size_t next = 0;
  for (const std::int32_t root : trees.roots) {
    if (static_cast<std::size_t>(root) != next || next >= nodes.size()) return false;
    const std::size_t end = end_of_tree(trees, next);
    if (end == 0 || end - next > AnyNode::kMaxChild || !take_tree(trees, next, end, nodes.data())) return false;
    roots_.push_back(next);
    next = end;
  }
  if (next != nodes.size()) return false;
  out = std::move(nodes);
  return true;
}

/// Packs the nodes of one tree that lie in order.
/// @return whether their numbers are finite, their features inputs and their directions 0 or 1
template <typename AnyNode>
bool PackedTrees::take_tree(const TreeView& trees, std::size_t root, std::size_t end, AnyNode* nodes) const noexcept {
  const auto num_inputs = static_cast<std::uint32_t>(num_inputs_), first = static_cast<std::uint32_t>(root);
  const auto values_of_input = static_cast<std::uint32_t>(values_per_input());
  std::uint32_t num_bad = 0;
  for (std::size_t node = root; node < end; ++node) {
    const std::int32_t feature = trees.feature[node];
    const bool is_leaf = feature < 0;
    const std::uint32_t missing_left = takes_missing_values_ ? trees.missing_left[node] : 1;
    const std::uint32_t right = is_leaf ? 0 : 1 - missing_left;
    const std::uint32_t place = values_of_input * (is_leaf ? num_inputs : static_cast<std::uint32_t>(feature)) + right;
    const auto child = static_cast<std::uint32_t>(is_leaf ? static_cast<std::int32_t>(node) : trees.left[node]);
    nodes[node] = AnyNode(trees.threshold[node], place, child - first);
    num_bad += (static_cast<std::uint32_t>(feature) + 1 > num_inputs ? 1U : 0U) + (missing_left > 1 ? 1U : 0U) +
               (is_finite(trees.threshold[node]) ? 0U : 1U);
  }
  return num_bad == 0;
}

/// Lays out each tree depth first, children in pairs, whatever the order of its nodes. Without a branch on whether a
/// node is a leaf.  REQUIRES: check_nodes().
/// @return whether all trees fit nodes of that kind
template <typename AnyNode>
bool PackedTrees::lay_out(const TreeView& trees, RawArray<AnyNode>& out) {
  struct Waiting {
    std::size_t node, place;
  };
  if (leaf_place() > AnyNode::kMaxPlace) return false;
  RawArray<AnyNode> nodes(trees.feature.size());
  roots_.clear();
  RawArray<Waiting> waiting(trees.feature.size() + 2);
  std::size_t next = 0;  // place that is free
  for (const std::int32_t tree_root : trees.roots) {
    const std::size_t root = next++;
    roots_.push_back(root);
    std::size_t num_waiting = 1;
    waiting[0] = {static_cast<std::size_t>(tree_root), root};
    while (num_waiting > 0) {
      const auto [node, place] = waiting[--num_waiting];
      const bool is_leaf = trees.feature[node] < 0;
      const std::size_t input = is_leaf ? num_inputs_ : static_cast<std::size_t>(trees.feature[node]);
      const auto right = static_cast<std::size_t>(!is_leaf & trees.sends_missing_right(node));
      const std::size_t child = is_leaf ? place : next;
      if (child - root > AnyNode::kMaxChild) return false;
      nodes[place] = AnyNode(trees.threshold[node], static_cast<std::uint32_t>(values_per_input() * input + right),
                             static_cast<std::uint32_t>(child - root));
      const auto left = static_cast<std::size_t>(trees.left[node]);  // of a leaf it says nothing and is not looked at
      waiting[num_waiting] = {left + 1, child + 1};
      waiting[num_waiting + 1] = {left, child};
      const std::size_t num_children = is_leaf ? 0 : 2;
      num_waiting += num_children;
      next += num_children;
    }
  }
  nodes.truncate(next);  // what no root leads to is left out
  out = std::move(nodes);
  return true;
}

TreeEnsemble PackedTrees::unpack() const {
  TreeEnsemble trees;
  trees.num_inputs = num_inputs_;
  trees.float32_sums = float32_sums_;
  if (wide_nodes_.empty()) {
    unpack(nodes_, trees);
  } else {
    unpack(wide_nodes_, trees);
  }
  return trees;
}

template <typename AnyNode>
void PackedTrees::unpack(const RawArray<AnyNode>& nodes, TreeEnsemble& out) const {
  for (std::size_t tree = 0; tree < roots_.size(); ++tree) {
    const std::size_t root = roots_[tree], end = tree + 1 < roots_.size() ? roots_[tree + 1] : nodes.size();
    out.roots.push_back(static_cast<std::int32_t>(root));
    for (std::size_t i = root; i < end; ++i) {
      const std::size_t place = nodes[i].place(), input = place / values_per_input();
      const bool is_leaf = place == leaf_place();
      out.feature.push_back(is_leaf ? -1 : static_cast<std::int32_t>(input));
      out.threshold.push_back(nodes[i].threshold);
      out.left.push_back(is_leaf ? -1 : static_cast<std::int32_t>(root + nodes[i].child()));
      if (takes_missing_values_) out.missing_left.push_back(is_leaf || place % 2 == 1 ? 0 : 1);
    }
  }
}

}  // namespace perfmodel
