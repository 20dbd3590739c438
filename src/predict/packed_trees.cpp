#include "predict/packed_trees.h"

#include <algorithm>

namespace perfmodel {
namespace {

constexpr std::size_t kLanes = 16;  ///< walks at a time

/// Walks down to a leaf in each lane and gives their values.
template <typename TreeOf, typename RowOf>
void walk(const TreeOf& tree_of, const RowOf& row_of, float* leaf_values) noexcept {
  constexpr int kStepsPerLook = 4;  // before looking whether all have arrived
  std::uint32_t reached[kLanes] = {};
  const auto step = [&](std::size_t lane) { return tree_of(lane)[reached[lane]].next(row_of(lane)); };
  std::uint32_t moved = 1;
  while (moved != 0) {
    for (int i = 1; i < kStepsPerLook; ++i) {
      for (std::size_t lane = 0; lane < kLanes; ++lane) reached[lane] = step(lane);
    }
    moved = 0;
    for (std::size_t lane = 0; lane < kLanes; ++lane) {
      const std::uint32_t next = step(lane);
      moved |= next ^ reached[lane];
      reached[lane] = next;
    }
  }
  for (std::size_t lane = 0; lane < kLanes; ++lane) leaf_values[lane] = tree_of(lane)[reached[lane]].threshold;
}

}  // namespace

PackedTrees::PackedTrees(const TreeEnsemble& trees) : num_inputs_(trees.num_inputs) {
  if (num_inputs_ <= Node::kMaxFeature && pack(trees, nodes_)) return;
  nodes_ = {};
  pack(trees, wide_nodes_);
}

/// Lays out each tree depth first, children in pairs. Without a branch on whether a node is a leaf, which nothing
/// foretells.
template <typename AnyNode>
bool PackedTrees::pack(const TreeEnsemble& trees, std::vector<AnyNode>& nodes) {
  struct Waiting {
    std::size_t node, place;
  };
  nodes.assign(trees.feature.size(), AnyNode(0, 0, 0));
  roots_.clear();
  std::vector<Waiting> waiting(trees.feature.size() + 2);
  std::size_t next = 0;  // place that is free
  for (const std::int32_t tree_root : trees.roots) {
    const std::size_t root = next++;
    roots_.push_back(root);
    std::size_t num_waiting = 1;
    waiting[0] = {static_cast<std::size_t>(tree_root), root};
    while (num_waiting > 0) {
      const auto [node, place] = waiting[--num_waiting];
      const bool is_leaf = trees.feature[node] < 0;
      const std::size_t feature = is_leaf ? num_inputs_ : static_cast<std::size_t>(trees.feature[node]);
      const std::size_t child = is_leaf ? place : next;
      if (child - root > AnyNode::kMaxChild) return false;
      nodes[place] =
          AnyNode(trees.threshold[node], static_cast<std::uint32_t>(feature), static_cast<std::uint32_t>(child - root));
      const auto left = static_cast<std::size_t>(trees.left[node]);  // of a leaf it says nothing and is not looked at
      waiting[num_waiting] = {left + 1, child + 1};
      waiting[num_waiting + 1] = {left, child};
      const std::size_t num_children = is_leaf ? 0 : 2;
      num_waiting += num_children;
      next += num_children;
    }
  }
  return true;
}

void PackedTrees::add_leaves(const float* rows, Span<double> out) const noexcept {
  if (wide_nodes_.empty()) {
    add_leaves(nodes_, rows, out);
  } else {
    add_leaves(wide_nodes_, rows, out);
  }
}

template <typename AnyNode>
void PackedTrees::add_leaves(const std::vector<AnyNode>& nodes, const float* rows, Span<double> out) const noexcept {
  float leaf_values[kLanes];
  const std::size_t num_in_lanes = out.size() / kLanes * kLanes;
  for (const std::size_t root : roots_) {  // one tree, many rows
    const AnyNode* const tree = nodes.data() + root;
    for (std::size_t first = 0; first < num_in_lanes; first += kLanes) {
      const float* const block = rows + first * width();
      walk([&](std::size_t) { return tree; }, [&](std::size_t lane) { return block + lane * width(); }, leaf_values);
      for (std::size_t lane = 0; lane < kLanes; ++lane) out[first + lane] += static_cast<double>(leaf_values[lane]);
    }
  }
  for (std::size_t i = num_in_lanes; i < out.size(); ++i) {  // one row, many trees; in the last lanes the last again
    const float* const row = rows + i * width();
    for (std::size_t first = 0; first < roots_.size(); first += kLanes) {
      const std::size_t count = std::min(kLanes, roots_.size() - first);
      const AnyNode* trees[kLanes];
      for (std::size_t lane = 0; lane < kLanes; ++lane) {
        trees[lane] = nodes.data() + roots_[first + std::min(lane, count - 1)];
      }
      walk([&](std::size_t lane) { return trees[lane]; }, [&](std::size_t) { return row; }, leaf_values);
      for (std::size_t lane = 0; lane < count; ++lane) out[i] += static_cast<double>(leaf_values[lane]);
    }
  }
}

}  // namespace perfmodel
