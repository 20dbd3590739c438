#include "predict/packed_trees.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace perfmodel {
namespace {

constexpr std::size_t kLanes = 16;    ///< walks at a time
constexpr std::size_t kFewLanes = 4;  ///< where there are no more; these take as long as one alone

/// Walks down to a leaf in each lane and gives their values.
template <std::size_t kNumLanes, typename TreeOf, typename RowOf>
void walk(const TreeOf& tree_of, const RowOf& row_of, float* leaf_values) noexcept {
  constexpr int kStepsPerLook = 4;  // before looking whether all have arrived
  std::uint32_t reached[kNumLanes] = {};
  const auto step = [&](std::size_t lane) {
    const auto& node = tree_of(lane)[reached[lane]];
    return node.child() + (row_of(lane)[node.place()] >= node.threshold ? 1 : 0);
  };
  std::uint32_t moved = 1;
  while (moved != 0) {
    for (int i = 1; i < kStepsPerLook; ++i) {
      for (std::size_t lane = 0; lane < kNumLanes; ++lane) reached[lane] = step(lane);
    }
    moved = 0;
    for (std::size_t lane = 0; lane < kNumLanes; ++lane) {
      const std::uint32_t next = step(lane);
      moved |= next ^ reached[lane];
      reached[lane] = next;
    }
  }
  for (std::size_t lane = 0; lane < kNumLanes; ++lane) leaf_values[lane] = tree_of(lane)[reached[lane]].threshold;
}

/// Many rows through one tree; a multiple of kLanes.
template <typename Sum, typename AnyNode>
void add_leaves_of_tree(const AnyNode* tree, std::size_t width, const float* rows, Span<double> out) noexcept {
  float leaf_values[kLanes];
  for (std::size_t first = 0; first < out.size(); first += kLanes) {
    const float* const block = rows + first * width;
    walk<kLanes>([&](std::size_t) { return tree; }, [&](std::size_t lane) { return block + lane * width; },
                 leaf_values);
    for (std::size_t lane = 0; lane < kLanes; ++lane) {
      out[first + lane] =
          static_cast<double>(static_cast<Sum>(out[first + lane]) + static_cast<Sum>(leaf_values[lane]));
    }
  }
}

/// One row through trees, at most as many as lanes; the last lanes take the last tree again.
/// @return sum plus the leaves
template <typename Sum, std::size_t kNumLanes, typename AnyNode>
Sum add_leaves_of_row(const AnyNode* nodes, Span<const std::size_t> roots, const float* row, Sum sum) noexcept {
  float leaf_values[kNumLanes];
  const AnyNode* trees[kNumLanes];
  for (std::size_t lane = 0; lane < kNumLanes; ++lane) trees[lane] = nodes + roots[std::min(lane, roots.size() - 1)];
  walk<kNumLanes>([&](std::size_t lane) { return trees[lane]; }, [&](std::size_t) { return row; }, leaf_values);
  for (std::size_t i = 0; i < roots.size(); ++i) sum += static_cast<Sum>(leaf_values[i]);
  return sum;
}

}  // namespace

void PackedTrees::spread(MatrixView<const double> rows, float* out) const noexcept {
  constexpr float kInfinity = std::numeric_limits<float>::infinity();
  for (std::size_t i = 0; i < rows.rows(); ++i) {
    float* const values = out + i * width();
    for (std::size_t j = 0; j < num_inputs_; ++j) {
      const auto value = static_cast<float>(rows(i, j));
      if (takes_missing_values_) {
        values[2 * j] = std::isnan(value) ? -kInfinity : value;
        values[2 * j + 1] = std::isnan(value) ? kInfinity : value;
      } else {
        values[j] = value;
      }
    }
    values[leaf_place()] = -kInfinity;
  }
}

void PackedTrees::add_leaves(MatrixView<const double> rows, Span<double> out, float* scratch) const noexcept {
  spread(rows, scratch);
  if (wide_nodes_.empty()) {
    add_leaves(nodes_, scratch, out);
  } else {
    add_leaves(wide_nodes_, scratch, out);
  }
}

template <typename AnyNode>
void PackedTrees::add_leaves(const RawArray<AnyNode>& nodes, const float* rows, Span<double> out) const noexcept {
  if (float32_sums_) {
    add_leaves_as<float>(nodes, rows, out);
  } else {
    add_leaves_as<double>(nodes, rows, out);
  }
}

template <typename Sum, typename AnyNode>
void PackedTrees::add_leaves_as(const RawArray<AnyNode>& nodes, const float* rows, Span<double> out) const noexcept {
  const std::size_t num_in_lanes = out.size() / kLanes * kLanes;
  if (num_in_lanes > 0) {
    for (const std::size_t root : roots_) {
      add_leaves_of_tree<Sum>(nodes.data() + root, width(), rows, out.subspan(0, num_in_lanes));
    }
  }
  for (std::size_t i = num_in_lanes; i < out.size(); ++i) {
    const float* const row = rows + i * width();
    auto sum = static_cast<Sum>(out[i]);
    for (std::size_t first = 0; first < roots_.size(); first += kLanes) {
      const Span<const std::size_t> roots(roots_.data() + first, std::min(kLanes, roots_.size() - first));
      sum = roots.size() <= kFewLanes ? add_leaves_of_row<Sum, kFewLanes>(nodes.data(), roots, row, sum)
                                      : add_leaves_of_row<Sum, kLanes>(nodes.data(), roots, row, sum);
    }
    out[i] = static_cast<double>(sum);
  }
}

}  // namespace perfmodel
