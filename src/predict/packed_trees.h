#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <vector>

#include "predict/evaluators.h"

namespace perfmodel {

/// The trees of an ensemble laid out for speed: a node's decision in 8 bytes, children beside each other and below
/// their parent, sixteen walks at a time so that the processor overlaps them.
class PackedTrees {
 public:
  /// REQUIRES: trees as make_tree_ensemble() checks them.
  explicit PackedTrees(const TreeEnsemble& trees);

  /// Values that add_leaves() wants per row: the inputs and one more.
  std::size_t width() const noexcept { return num_inputs_ + 1; }

  /// Adds the leaf that each row reaches in each tree, in the order of the trees.
  /// @param rows  n x width(), the last value of each minus infinity; NaN counts as below all thresholds
  /// @param out   n sums
  void add_leaves(const float* rows, Span<double> out) const noexcept;

 private:
  /// A leaf has its value as threshold and leads to itself: it asks for a row's last value, which is below any
  /// threshold. So a row that has arrived may walk on.
  struct Node {
    static constexpr int kFeatureBits = 12;
    static constexpr std::size_t kMaxFeature = (1U << kFeatureBits) - 1;
    static constexpr std::size_t kMaxChild = (1U << (32 - kFeatureBits)) - 1;

    Node(float threshold_, std::uint32_t feature, std::uint32_t child) noexcept
        : threshold(threshold_), link(child << kFeatureBits | feature) {}
    std::uint32_t next(const float* row) const noexcept {
      return (link >> kFeatureBits) + (row[link & kMaxFeature] >= threshold ? 1 : 0);
    }

    float threshold;
    std::uint32_t link;  ///< left child, counted from the root, and feature
  };
  /// For more features or larger trees than Node has bits for.
  struct WideNode {
    static constexpr std::size_t kMaxChild = std::numeric_limits<std::uint32_t>::max();

    WideNode(float threshold_, std::uint32_t feature_, std::uint32_t child_) noexcept
        : threshold(threshold_), feature(feature_), child(child_) {}
    std::uint32_t next(const float* row) const noexcept { return child + (row[feature] >= threshold ? 1 : 0); }

    float threshold;
    std::uint32_t feature, child;
  };

  /// @return whether all trees fit nodes of that kind
  template <typename AnyNode>
  bool pack(const TreeEnsemble& trees, std::vector<AnyNode>& nodes);
  template <typename AnyNode>
  void add_leaves(const std::vector<AnyNode>& nodes, const float* rows, Span<double> out) const noexcept;

  std::size_t num_inputs_;
  std::vector<std::size_t> roots_;  ///< first node of each tree
  std::vector<Node> nodes_;         ///< of all trees, or none where they need wide nodes
  std::vector<WideNode> wide_nodes_;
};

}  // namespace perfmodel
