#include "predict/packed_trees.h"

#include <algorithm>

namespace perfmodel {
namespace {

/// The nodes of a tree in the order they are laid out: children in pairs, depth first.
std::vector<std::int32_t> layout(const TreeEnsemble& trees, std::int32_t root) {
  std::vector<std::int32_t> order = {root}, waiting = {root};
  while (!waiting.empty()) {
    const auto node = static_cast<std::size_t>(waiting.back());
    waiting.pop_back();
    if (trees.feature[node] < 0) continue;
    const std::int32_t left = trees.left[node];
    order.insert(order.end(), {left, left + 1});
    waiting.insert(waiting.end(), {left + 1, left});
  }
  return order;
}

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
  std::vector<std::vector<std::int32_t>> orders;
  std::size_t largest = 0;
  for (const std::int32_t root : trees.roots) {
    orders.push_back(layout(trees, root));
    largest = std::max(largest, orders.back().size());
  }
  if (num_inputs_ <= Node::kMaxFeature && largest <= Node::kMaxChild) {
    pack(trees, orders, nodes_);
  } else {
    pack(trees, orders, wide_nodes_);
  }
}

template <typename AnyNode>
void PackedTrees::pack(const TreeEnsemble& trees, const std::vector<std::vector<std::int32_t>>& orders,
                       std::vector<AnyNode>& nodes) {
  nodes.reserve(trees.feature.size());
  std::vector<std::uint32_t> places(trees.feature.size());  // of each node in its tree's order
  for (const std::vector<std::int32_t>& order : orders) {
    roots_.push_back(nodes.size());
    for (std::uint32_t i = 0; i < order.size(); ++i) places[static_cast<std::size_t>(order[i])] = i;
    for (const std::int32_t index : order) {
      const auto node = static_cast<std::size_t>(index);
      const bool is_leaf = trees.feature[node] < 0;
      const std::size_t feature = is_leaf ? num_inputs_ : static_cast<std::size_t>(trees.feature[node]);
      const std::size_t child = is_leaf ? node : static_cast<std::size_t>(trees.left[node]);
      nodes.emplace_back(trees.threshold[node], static_cast<std::uint32_t>(feature), places[child]);
    }
  }
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
