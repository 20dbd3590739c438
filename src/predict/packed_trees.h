#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "predict/evaluators.h"

namespace perfmodel {

/// The trees of an ensemble laid out for speed: a node's decision in 8 bytes, nodes that a row meets one after another
/// near each other.
class PackedTrees {
 public:
  /// REQUIRES: trees as make_tree_ensemble() checks them.
  explicit PackedTrees(const TreeEnsemble& trees);

  /// Adds the leaf that each row reaches in each tree, tree by tree.
  /// @param rows  n x `stride` values, those of a row first; at least one per row
  /// @param out   n sums
  void add_leaves(const float* rows, std::size_t stride, Span<double> out) const noexcept;

 private:
  /// A leaf's threshold is NaN and its child itself, so that a row that has arrived stays.
  struct Node {
    static constexpr int kFeatureBits = 12;
    static constexpr std::uint32_t kMaxFeature = (1U << kFeatureBits) - 1;
    static constexpr std::uint32_t kMaxChild = (1U << (32 - kFeatureBits)) - 1;

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
    WideNode(float threshold_, std::uint32_t feature_, std::uint32_t child_) noexcept
        : threshold(threshold_), feature(feature_), child(child_) {}
    std::uint32_t next(const float* row) const noexcept { return child + (row[feature] >= threshold ? 1 : 0); }

    float threshold;
    std::uint32_t feature, child;
  };

  template <typename AnyNode>
  void append(const TreeEnsemble& trees, const std::vector<std::int32_t>& order,
              const std::vector<std::uint32_t>& places, std::vector<AnyNode>& nodes);

  std::vector<std::size_t> roots_;  ///< first node of each tree
  std::vector<Node> nodes_;         ///< all trees, or none where some need wide nodes
  std::vector<WideNode> wide_nodes_;
  std::vector<float> leaf_values_;  ///< per node; 0 at a decision
};

}  // namespace perfmodel
