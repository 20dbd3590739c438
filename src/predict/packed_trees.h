#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <vector>

#include "core/raw_array.h"
#include "predict/tree_view.h"

namespace perfmodel {

/// The trees of an ensemble laid out for speed: a node's decision in 8 bytes, tree after tree, each depth first with
/// children in pairs, sixteen walks at a time so that the processor overlaps them.
///
/// Trees see a row spread out in float32: its values and then minus infinity. Where missing values are taken each value
/// is there twice: a missing one as minus infinity and as infinity, of which a node takes the one that sends it where
/// it is to go.
class PackedTrees {
 public:
  /// Nodes that lie in this order already, as unpack() gives them, are checked and packed in one pass.
  /// @throws Error kCorrupt: as make_tree_ensemble().
  explicit PackedTrees(const TreeView& trees);

  std::size_t num_inputs() const noexcept { return num_inputs_; }
  bool takes_missing_values() const noexcept { return takes_missing_values_; }
  bool has_float32_sums() const noexcept { return float32_sums_; }

  /// Values of scratch memory for each row.
  std::size_t width() const noexcept { return leaf_place() + 1; }

  /// Adds the leaf that each row reaches in each tree, in the order of the trees; in float32 where the ensemble says
  /// so.
  /// @param rows     n rows; a missing value counts as below all thresholds where none are taken
  /// @param out      n sums
  /// @param scratch  n x width()
  void add_leaves(MatrixView<const double> rows, Span<double> out, float* scratch) const noexcept;

  /// The trees alone, as make_tree_ensemble() takes them.
  TreeEnsemble unpack() const;

 private:
  /// A decision: its threshold, the place of the value that it looks at, and its left child, counted from the root. A
  /// leaf has its value as threshold and leads to itself: it looks at minus infinity, which is below any threshold. So
  /// a row that has arrived may walk on.
  struct Node {
    static constexpr int kPlaceBits = 12;
    static constexpr std::size_t kMaxPlace = (1U << kPlaceBits) - 1;
    static constexpr std::size_t kMaxChild = (1U << (32 - kPlaceBits)) - 1;

    Node() = default;
    Node(float threshold_, std::uint32_t place, std::uint32_t child) noexcept
        : threshold(threshold_), link(child << kPlaceBits | place) {}
    std::uint32_t place() const noexcept { return link & kMaxPlace; }
    std::uint32_t child() const noexcept { return link >> kPlaceBits; }

    float threshold;
    std::uint32_t link;
  };
  /// For more inputs or larger trees than Node has bits for.
  struct WideNode {
    static constexpr std::size_t kMaxPlace = std::numeric_limits<std::uint32_t>::max();
    static constexpr std::size_t kMaxChild = std::numeric_limits<std::uint32_t>::max();

    WideNode() = default;
    WideNode(float threshold_, std::uint32_t place, std::uint32_t child) noexcept
        : threshold(threshold_), place_(place), child_(child) {}
    std::uint32_t place() const noexcept { return place_; }
    std::uint32_t child() const noexcept { return child_; }

    float threshold;
    std::uint32_t place_, child_;
  };

  std::size_t values_per_input() const noexcept { return takes_missing_values_ ? 2 : 1; }
  std::size_t leaf_place() const noexcept { return values_per_input() * num_inputs_; }
  template <typename AnyNode>
  bool take(const TreeView& trees, RawArray<AnyNode>& out);
  template <typename AnyNode>
  bool take_tree(const TreeView& trees, std::size_t root, std::size_t end, AnyNode* nodes) const noexcept;
  template <typename AnyNode>
  bool lay_out(const TreeView& trees, RawArray<AnyNode>& out);
  template <typename AnyNode>
  void unpack(const RawArray<AnyNode>& nodes, TreeEnsemble& out) const;

  void spread(MatrixView<const double> rows, float* out) const noexcept;
  template <typename AnyNode>
  void add_leaves(const RawArray<AnyNode>& nodes, const float* rows, Span<double> out) const noexcept;
  template <typename Sum, typename AnyNode>
  void add_leaves_as(const RawArray<AnyNode>& nodes, const float* rows, Span<double> out) const noexcept;

  std::size_t num_inputs_;
  bool takes_missing_values_;
  bool float32_sums_;
  std::vector<std::size_t> roots_;  ///< first node of each tree
  RawArray<Node> nodes_;            ///< of all trees, or none where they need wide nodes
  RawArray<WideNode> wide_nodes_;
};

}  // namespace perfmodel
