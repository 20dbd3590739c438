#include "predict/packed_trees.h"

#include <algorithm>
#include <limits>

#include "predict/row_blocks.h"

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

constexpr std::size_t kRowsAtOnce = 512;

/// Steps all rows down one tree together: the processor overlaps their walks, which depend on nothing but themselves.
template <typename AnyNode>
void add_tree(const AnyNode* nodes, const float* leaf_values, const float* rows, std::size_t stride,
              Span<double> out) noexcept {
  std::uint32_t reached[kRowsAtOnce], walking[kRowsAtOnce];
  for (std::uint32_t i = 0; i < out.size(); ++i) {
    reached[i] = 0;
    walking[i] = i;
  }
  std::size_t num_walking = out.size();
  while (num_walking > 0) {
    std::size_t num_left = 0;
    for (std::size_t k = 0; k < num_walking; ++k) {
      const std::uint32_t i = walking[k];
      const float* const row = rows + i * stride;
      std::uint32_t node = reached[i];
      for (int step = 0; step < 3; ++step) node = nodes[node].next(row);
      const std::uint32_t last = nodes[node].next(row);
      reached[i] = last;
      walking[num_left] = i;
      num_left += last != node ? 1 : 0;
    }
    num_walking = num_left;
  }
  for (std::size_t i = 0; i < out.size(); ++i) out[i] += static_cast<double>(leaf_values[reached[i]]);
}

}  // namespace

PackedTrees::PackedTrees(const TreeEnsemble& trees) {
  std::vector<std::vector<std::int32_t>> orders;
  std::vector<std::uint32_t> places(trees.feature.size());  // of each node in its tree's order
  std::size_t num_nodes = 0, largest = 0;
  for (const std::int32_t root : trees.roots) {
    orders.push_back(layout(trees, root));
    const std::vector<std::int32_t>& order = orders.back();
    for (std::uint32_t i = 0; i < order.size(); ++i) places[static_cast<std::size_t>(order[i])] = i;
    num_nodes += order.size();
    largest = std::max(largest, order.size());
  }
  leaf_values_.reserve(num_nodes);
  const bool is_wide = trees.num_inputs > Node::kMaxFeature || largest > Node::kMaxChild;
  is_wide ? wide_nodes_.reserve(num_nodes) : nodes_.reserve(num_nodes);
  for (const std::vector<std::int32_t>& order : orders) {
    roots_.push_back(leaf_values_.size());
    is_wide ? append(trees, order, places, wide_nodes_) : append(trees, order, places, nodes_);
  }
}

template <typename AnyNode>
void PackedTrees::append(const TreeEnsemble& trees, const std::vector<std::int32_t>& order,
                         const std::vector<std::uint32_t>& places, std::vector<AnyNode>& nodes) {
  for (const std::int32_t index : order) {
    const auto node = static_cast<std::size_t>(index);
    const bool is_leaf = trees.feature[node] < 0;
    leaf_values_.push_back(is_leaf ? trees.threshold[node] : 0);
    if (is_leaf) {
      nodes.emplace_back(std::numeric_limits<float>::quiet_NaN(), 0, places[node]);
    } else {
      nodes.emplace_back(trees.threshold[node], static_cast<std::uint32_t>(trees.feature[node]),
                         places[static_cast<std::size_t>(trees.left[node])]);
    }
  }
}

void PackedTrees::add_leaves(const float* rows, std::size_t stride, Span<double> out) const noexcept {
  for (std::size_t t = 0; t < roots_.size(); ++t) {
    for_each_block(out.size(), kRowsAtOnce, [&](std::size_t first, std::size_t count) {
      const float* const block = rows + first * stride;
      const Span<double> sums = out.subspan(first, count);
      const float* const leaf_values = leaf_values_.data() + roots_[t];
      if (nodes_.empty()) {
        add_tree(wide_nodes_.data() + roots_[t], leaf_values, block, stride, sums);
      } else {
        add_tree(nodes_.data() + roots_[t], leaf_values, block, stride, sums);
      }
    });
  }
}

}  // namespace perfmodel
