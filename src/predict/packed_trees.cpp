#include "predict/packed_trees.h"

#include <algorithm>
#include <cmath>
#include <cstring>
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

template <bool kTwice>
float value_at(const float* row, std::uint32_t place) noexcept {
  if (kTwice) return row[place];
  float value;  // in bytes from the row's beginning, so that the processor need not shift
  std::memcpy(&value, reinterpret_cast<const std::byte*>(row) + 2 * std::size_t{place & ~1U}, sizeof value);
  return value;
}

/// Walks down to a leaf in each lane and gives their values.
template <bool kTwice, std::size_t kNumLanes, typename TreeOf, typename RowOf>
void walk(const TreeOf& tree_of, const RowOf& row_of, float* leaf_values) noexcept {
  constexpr int kStepsPerLook = 4;  // before looking whether all have arrived
  std::uint32_t reached[kNumLanes] = {};
  const auto step = [&](std::size_t lane) {
    const auto& node = tree_of(lane)[reached[lane]];
    return node.child() + (value_at<kTwice>(row_of(lane), node.place()) >= node.threshold ? 1 : 0);
  };
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
void PackedTrees::add_leaves(const RawArray<AnyNode>& nodes, const float* rows, Span<double> out) const noexcept {
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
