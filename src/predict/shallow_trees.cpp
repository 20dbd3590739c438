#include "predict/shallow_trees.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstring>
#include <limits>
#include <utility>

#include "predict/row_blocks.h"

namespace perfmodel {
namespace {

constexpr std::size_t kFewRows = 6;      // sixteen together take about as long as so many one by one
constexpr std::size_t kFewestNodes = 5;  // of a tree, on average: each takes the memory of a full one

constexpr std::size_t round_up_to_lanes(std::size_t count) noexcept {
  return (count + simd::kTreeLanes - 1) / simd::kTreeLanes * simd::kTreeLanes;
}

/// Whether no path from `node` has more than `depth` decisions.
bool is_within(const TreeView& trees, std::int32_t node, int depth) {
  const auto i = static_cast<std::size_t>(node);
  if (trees.feature[i] < 0) return true;
  return depth > 0 && is_within(trees, trees.left[i], depth - 1) && is_within(trees, trees.left[i] + 1, depth - 1);
}

/// A number whose order among others is that of the value.
std::uint32_t order_of(float value) noexcept {
  std::uint32_t bits;
  value += 0.0F;  // so that -0 is 0, as it compares
  std::memcpy(&bits, &value, sizeof bits);
  constexpr std::uint32_t kSign = 0x80000000;
  return (bits & kSign) != 0 ? ~bits : bits | kSign;
}

struct Threshold {
  std::uint32_t order;
  std::uint32_t node;
};

/// Sorts by order, eleven bits at a time: there may be hundreds of thousands, and a model is to load in milliseconds.
void sort_by_order(std::vector<Threshold>& thresholds) {
  constexpr int kDigitBits = 11;
  constexpr std::size_t kDigits = std::size_t{1} << kDigitBits;
  std::vector<Threshold> sorted(thresholds.size());
  for (int shift = 0; shift < 32; shift += kDigitBits) {
    const auto digit = [shift](const Threshold& t) { return (t.order >> shift) % kDigits; };
    std::array<std::size_t, kDigits> places{};
    for (const Threshold& threshold : thresholds) ++places[digit(threshold)];
    std::size_t next = 0;
    for (std::size_t& place : places) next += std::exchange(place, next);
    for (const Threshold& threshold : thresholds) sorted[places[digit(threshold)]++] = threshold;
    thresholds.swap(sorted);
  }
}

/// Copies ranks, above all others where a value is missing.
void send_missing_right(MatrixView<const double> rows, const std::uint16_t* ranks,
                        std::uint16_t* right_ranks) noexcept {
  for (std::size_t i = 0; i < rows.rows(); ++i) {
    for (std::size_t j = 0; j < rows.cols(); ++j) {
      const std::size_t at = i * simd::kTreeFeatures + j;
      right_ranks[at] = std::isnan(rows(i, j)) ? std::numeric_limits<std::uint16_t>::max() : ranks[at];
    }
  }
}

}  // namespace

std::optional<PackedShallowTrees> PackedShallowTrees::pack(const TreeView& trees, const simd::Kernels& kernels) {
  if (trees.feature.size() < kFewestNodes * trees.roots.size()) return std::nullopt;
  if (kernels.trees.sum_leaves_of_rows == nullptr || trees.num_inputs > simd::kTreeFeatures) return std::nullopt;
  for (const std::int32_t root : trees.roots) {
    if (!is_within(trees, root, simd::kTreeDepth)) return std::nullopt;
  }
  PackedShallowTrees packed(trees, kernels);
  for (const std::vector<float>& thresholds : packed.thresholds_) {
    if (thresholds.size() >= std::numeric_limits<std::uint16_t>::max()) return std::nullopt;
  }
  return packed;
}

PackedShallowTrees::PackedShallowTrees(const TreeView& trees, const simd::Kernels& kernels)
    : loops_(kernels.trees),
      takes_missing_values_(trees.takes_missing_values()),
      float32_sums_(trees.float32_sums),
      thresholds_(trees.num_inputs),
      num_trees_(trees.roots.size()),
      ranks_(round_up_to_lanes(num_trees_) * simd::kTreeNodes),
      features_(ranks_.size()),
      leaves_(ranks_.size()) {
  const std::vector<std::uint32_t> ranks = rank_thresholds(trees);
  for (std::size_t tree = 0; tree < trees.roots.size(); ++tree) pack_tree(trees, ranks, trees.roots[tree], tree, 1);
}

/// Collects the thresholds of each feature, and tells the rank of each node's.
std::vector<std::uint32_t> PackedShallowTrees::rank_thresholds(const TreeView& trees) {
  std::vector<std::vector<Threshold>> of_feature(trees.num_inputs);
  for (std::size_t i = 0; i < trees.feature.size(); ++i) {
    if (trees.feature[i] < 0) continue;
    of_feature[static_cast<std::size_t>(trees.feature[i])].push_back(
        {order_of(trees.threshold[i]), static_cast<std::uint32_t>(i)});
  }
  std::vector<std::uint32_t> ranks(trees.feature.size());
  for (std::size_t j = 0; j < trees.num_inputs; ++j) {
    sort_by_order(of_feature[j]);
    for (const Threshold& threshold : of_feature[j]) {
      const float value = trees.threshold[threshold.node];
      if (thresholds_[j].empty() || thresholds_[j].back() != value) thresholds_[j].push_back(value);
      ranks[threshold.node] = static_cast<std::uint32_t>(thresholds_[j].size() - 1);
    }
  }
  return ranks;
}

/// Puts the tree below `node` at node `place` of a full tree; below a leaf, whatever is decided leads to its value.
void PackedShallowTrees::pack_tree(const TreeView& trees, const std::vector<std::uint32_t>& ranks, std::int32_t node,
                                   std::size_t tree, std::size_t place) {
  const auto i = static_cast<std::size_t>(node);
  const bool is_leaf = trees.feature[i] < 0;
  if (place >= simd::kTreeNodes) {
    leaves_[tree * simd::kTreeNodes + place - simd::kTreeNodes] = trees.threshold[i];
    return;
  }
  if (!is_leaf) {
    ranks_[tree * simd::kTreeNodes + place] = static_cast<std::uint16_t>(ranks[i]);
    const std::size_t right = trees.sends_missing_right(i) ? simd::kTreeFeatures : 0;
    features_[tree * simd::kTreeNodes + place] =
        static_cast<std::uint8_t>(static_cast<std::size_t>(trees.feature[i]) + right);
  }
  pack_tree(trees, ranks, is_leaf ? node : trees.left[i], tree, 2 * place);
  pack_tree(trees, ranks, is_leaf ? node : trees.left[i] + 1, tree, 2 * place + 1);
}

/// The number of thresholds that are not above the value, found without branches on it.
std::uint16_t PackedShallowTrees::rank(std::size_t feature, float value) const noexcept {
  const std::vector<float>& thresholds = thresholds_[feature];
  const float* first = thresholds.data();
  std::size_t count = thresholds.size();
  while (count > 1) {
    const std::size_t half = count / 2;
    first += half * static_cast<std::size_t>(first[half - 1] <= value);  // no branch: it would be a coin's toss
    count -= half;
  }
  const bool is_above_last = count == 1 && *first <= value;
  return static_cast<std::uint16_t>(first - thresholds.data() + (is_above_last ? 1 : 0));
}

/// @return whether a value is missing
bool PackedShallowTrees::rank_rows(MatrixView<const double> rows, std::uint16_t* ranks) const noexcept {
  bool is_missing = false;
  for (std::size_t i = 0; i < rows.rows(); ++i) {
    for (std::size_t j = 0; j < rows.cols(); ++j) {
      const auto value = static_cast<float>(rows(i, j));
      ranks[i * simd::kTreeFeatures + j] = rank(j, value);
      is_missing |= std::isnan(value);
    }
  }
  return is_missing;
}

void PackedShallowTrees::sum_leaves(double base, MatrixView<const double> rows, Span<double> out,
                                    std::byte* scratch) const noexcept {
  const simd::ShallowTrees trees = {ranks_.data(), features_.data(), leaves_.data(), num_trees_, base, float32_sums_};
  auto* const ranks = reinterpret_cast<std::uint16_t*>(scratch);
  auto* const right_ranks = ranks + simd::kTreeRows * simd::kTreeFeatures;
  auto* const sums = reinterpret_cast<double*>(right_ranks + simd::kTreeRows * simd::kTreeFeatures);
  for_each_block(rows.rows(), simd::kTreeRows, [&](std::size_t first, std::size_t count) {
    const MatrixView<const double> block = row_slice(rows, first, count);
    simd::RankedRows ranked = {ranks, nullptr};
    if (rank_rows(block, ranks) && takes_missing_values_) {
      send_missing_right(block, ranks, right_ranks);
      ranked.right_ranks = right_ranks;
    }
    if (count <= kFewRows) {
      for (std::size_t i = 0; i < count; ++i) out[first + i] = loops_.sum_leaves_of_row(trees, ranked, i);
    } else {
      loops_.sum_leaves_of_rows(trees, ranked, round_up_to_lanes(count), sums);
      std::copy_n(sums, count, out.begin() + static_cast<std::ptrdiff_t>(first));
    }
  });
}

}  // namespace perfmodel
