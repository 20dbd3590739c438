#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "predict/aligned.h"
#include "predict/simd/kernels.h"
#include "predict/tree_view.h"

namespace perfmodel {

/// An ensemble of trees of at most six decisions, as boosting makes them, laid out for kernels that compare all
/// decisions of a tree at once. Only the order of a feature's values matters to a tree, so a row is turned into ranks
/// first.
class PackedShallowTrees {
 public:
  /// None where a tree is deeper, most are mere stumps, there are more features or thresholds than kernels take, or the
  /// processor has no kernels for it.  REQUIRES: trees as make_tree_ensemble() checks them.
  static std::optional<PackedShallowTrees> pack(const TreeView& trees, const simd::Kernels& kernels);

  /// `base` plus the leaves of each row, added up as the ensemble says. A row's sum does not depend on the others.
  /// @param rows     a missing value counts as below all thresholds where none are taken
  /// @param scratch  scratch_bytes(), aligned to 64 bytes
  void sum_leaves(double base, MatrixView<const double> rows, Span<double> out, std::byte* scratch) const noexcept;
  static constexpr std::size_t scratch_bytes() noexcept {
    return simd::kTreeRows * (2 * simd::kTreeFeatures * sizeof(std::uint16_t) + sizeof(double));
  }

 private:
  PackedShallowTrees(const TreeView& trees, const simd::Kernels& kernels);
  std::vector<std::uint32_t> rank_thresholds(const TreeView& trees);
  void pack_tree(const TreeView& trees, const std::vector<std::uint32_t>& ranks, std::int32_t node, std::size_t tree,
                 std::size_t place);
  std::uint16_t rank(std::size_t feature, float value) const noexcept;
  bool rank_rows(MatrixView<const double> rows, std::uint16_t* ranks) const noexcept;

  simd::TreeLoops loops_;
  bool takes_missing_values_, float32_sums_;
  std::vector<std::vector<float>> thresholds_;  ///< per feature, ascending
  std::size_t num_trees_;
  AlignedVector<std::uint16_t> ranks_;  ///< of the trees and of empty ones up to a multiple of simd::kTreeLanes
  AlignedVector<std::uint8_t> features_;
  AlignedVector<float> leaves_;
};

}  // namespace perfmodel
