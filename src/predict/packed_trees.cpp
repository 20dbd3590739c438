#include "predict/packed_trees.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace perfmodel {
namespace {

constexpr std::size_t kLanes = 16;    ///< walks at a time
constexpr std::size_t kFewLanes = 4;  ///< where there are no more; these take as long as one alone

bool lacks_values(const float* values, std::size_t count) noexcept {
  std::uint32_t num_missing = 0;  // without a branch, so that several are looked at together
  for (std::size_t i = 0; i < count; ++i) num_missing += std::isnan(values[i]) ? 1U : 0U;
  return num_missing > 0;
}

/// Walks down to a leaf in each lane and gives their values.
template <bool kTwice, std::size_t kNumLanes, typename TreeOf, typename RowOf>
void walk(const TreeOf& tree_of, const RowOf& row_of, float* leaf_values) noexcept {
  constexpr int kStepsPerLook = 4;  // before looking whether all have arrived
  std::uint32_t reached[kNumLanes] = {};
  const auto step = [&](std::size_t lane) { return tree_of(lane)[reached[lane]].template next<kTwice>(row_of(lane)); };
  std::uint32_t moved = 1;
  while (moved != 0) {
    for (int i = 1; i < kStepsPerLook; ++i) {
#pragma GCC unroll 16
      for (std::size_t lane = 0; lane < kNumLanes; ++lane) reached[lane] = step(lane);
    }
    moved = 0;
#pragma GCC unroll 16
    for (std::size_t lane = 0; lane < kNumLanes; ++lane) {
      const std::uint32_t next = step(lane);
      moved |= next ^ reached[lane];
      reached[lane] = next;
    }
  }
  for (std::size_t lane = 0; lane < kNumLanes; ++lane) leaf_values[lane] = tree_of(lane)[reached[lane]].threshold;
}

/// Many rows through one tree; a multiple of kLanes.
template <bool kTwice, typename AnyNode>
void add_leaves_of_tree(const AnyNode* tree, std::size_t width, const float* rows, Span<double> out) noexcept {
  float leaf_values[kLanes];
  for (std::size_t first = 0; first < out.size(); first += kLanes) {
    const float* const block = rows + first * width;
    walk<kTwice, kLanes>([&](std::size_t) { return tree; }, [&](std::size_t lane) { return block + lane * width; },
                         leaf_values);
    for (std::size_t lane = 0; lane < kLanes; ++lane) out[first + lane] += static_cast<double>(leaf_values[lane]);
  }
}

/// One row through trees, at most as many as lanes; the last lanes take the last tree again.
/// @return sum plus the leaves
template <bool kTwice, std::size_t kNumLanes, typename AnyNode>
double add_leaves_of_row(const AnyNode* nodes, Span<const std::size_t> roots, const float* row, double sum) noexcept {
  float leaf_values[kNumLanes];
  const AnyNode* trees[kNumLanes];
  for (std::size_t lane = 0; lane < kNumLanes; ++lane) trees[lane] = nodes + roots[std::min(lane, roots.size() - 1)];
  walk<kTwice, kNumLanes>([&](std::size_t lane) { return trees[lane]; }, [&](std::size_t) { return row; }, leaf_values);
  for (std::size_t i = 0; i < roots.size(); ++i) sum += static_cast<double>(leaf_values[i]);
  return sum;
}

}  // namespace

PackedTrees::PackedTrees(const TreeEnsemble& trees)
    : num_inputs_(trees.num_inputs), takes_missing_values_(!trees.missing_left.empty()) {
  if (pack(trees, nodes_)) return;
  nodes_ = {};
  pack(trees, wide_nodes_);
}

std::size_t PackedTrees::place_of(const TreeEnsemble& trees, std::size_t node) const noexcept {
  const bool sends_missing_right = takes_missing_values_ && trees.missing_left[node] == 0;
  return 2 * static_cast<std::size_t>(trees.feature[node]) + (sends_missing_right ? 1 : 0);
}

/// Lays out each tree depth first, children in pairs. Without a branch on whether a node is a leaf, which nothing
/// foretells.
template <typename AnyNode>
bool PackedTrees::pack(const TreeEnsemble& trees, std::vector<AnyNode>& nodes) {
  struct Waiting {
    std::size_t node, place;
  };
  if (2 * num_inputs_ > AnyNode::kMaxPlace) return false;
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
      const std::size_t value_place = is_leaf ? 2 * num_inputs_ : place_of(trees, node);
      const std::size_t child = is_leaf ? place : next;
      if (child - root > AnyNode::kMaxChild) return false;
      nodes[place] = AnyNode(trees.threshold[node], static_cast<std::uint32_t>(value_place),
                             static_cast<std::uint32_t>(child - root));
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

/// @param out  rows x num_inputs_ + 1, or rows x width() where values are there twice
/// @return     whether they are
bool PackedTrees::spread(MatrixView<const double> rows, float* out) const noexcept {
  constexpr float kInfinity = std::numeric_limits<float>::infinity();
  const std::size_t narrow = num_inputs_ + 1;
  for (std::size_t i = 0; i < rows.rows(); ++i) {
    float* const values = out + i * narrow;
    for (std::size_t j = 0; j < num_inputs_; ++j) values[j] = static_cast<float>(rows(i, j));
    values[num_inputs_] = -kInfinity;
  }
  if (!takes_missing_values_ || !lacks_values(out, rows.rows() * narrow)) return false;
  for (std::size_t i = 0; i < rows.rows(); ++i) {
    float* const values = out + i * width();
    for (std::size_t j = 0; j < num_inputs_; ++j) {
      const auto value = static_cast<float>(rows(i, j));
      values[2 * j] = std::isnan(value) ? -kInfinity : value;
      values[2 * j + 1] = std::isnan(value) ? kInfinity : value;
    }
    values[2 * num_inputs_] = -kInfinity;
  }
  return true;
}

void PackedTrees::add_leaves(MatrixView<const double> rows, Span<double> out, float* scratch) const noexcept {
  const bool twice = spread(rows, scratch), is_wide = !wide_nodes_.empty();
  if (twice && is_wide) add_leaves<true>(wide_nodes_, scratch, out);
  if (twice && !is_wide) add_leaves<true>(nodes_, scratch, out);
  if (!twice && is_wide) add_leaves<false>(wide_nodes_, scratch, out);
  if (!twice && !is_wide) add_leaves<false>(nodes_, scratch, out);
}

template <bool kTwice, typename AnyNode>
void PackedTrees::add_leaves(const std::vector<AnyNode>& nodes, const float* rows, Span<double> out) const noexcept {
  const std::size_t width = kTwice ? 2 * num_inputs_ + 1 : num_inputs_ + 1;
  const std::size_t num_in_lanes = out.size() / kLanes * kLanes;
  if (num_in_lanes > 0) {
    for (const std::size_t root : roots_) {
      add_leaves_of_tree<kTwice>(nodes.data() + root, width, rows, out.subspan(0, num_in_lanes));
    }
  }
  for (std::size_t i = num_in_lanes; i < out.size(); ++i) {
    const float* const row = rows + i * width;
    for (std::size_t first = 0; first < roots_.size(); first += kLanes) {
      const Span<const std::size_t> roots =
          Span<const std::size_t>(roots_).subspan(first, std::min(kLanes, roots_.size() - first));
      out[i] = roots.size() <= kFewLanes ? add_leaves_of_row<kTwice, kFewLanes>(nodes.data(), roots, row, out[i])
                                         : add_leaves_of_row<kTwice, kLanes>(nodes.data(), roots, row, out[i]);
    }
  }
}

}  // namespace perfmodel
