#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <limits>
#include <vector>

#include "perfmodel/core/span.h"
#include "predict/evaluators.h"

namespace perfmodel {

/// The trees of an ensemble laid out for speed: a node's decision in 8 bytes, children beside each other and below
/// their parent, sixteen walks at a time so that the processor overlaps them.
///
/// Trees see a row spread out in float32: its values and then minus infinity. Of a row that lacks values each is there
/// twice: a missing one as minus infinity and as infinity, of which a node takes the one that sends it where it is to
/// go.
class PackedTrees {
 public:
  /// REQUIRES: trees as make_tree_ensemble() checks them.
  explicit PackedTrees(const TreeEnsemble& trees);

  /// Values of scratch memory for each row.
  std::size_t width() const noexcept { return takes_missing_values_ ? 2 * num_inputs_ + 1 : num_inputs_ + 1; }

  /// Adds the leaf that each row reaches in each tree, in the order of the trees.
  /// @param rows     n rows; a missing value counts as below all thresholds where none are taken
  /// @param out      n sums
  /// @param scratch  n x width()
  void add_leaves(MatrixView<const double> rows, Span<double> out, float* scratch) const noexcept;

 private:
  /// A leaf has its value as threshold and leads to itself: it asks for minus infinity, which is below any threshold.
  /// So a row that has arrived may walk on.
  struct Node {
    static constexpr int kPlaceBits = 12;
    static constexpr std::size_t kMaxPlace = (1U << kPlaceBits) - 1;
    static constexpr std::size_t kMaxChild = (1U << (32 - kPlaceBits)) - 1;

    Node(float threshold_, std::uint32_t place, std::uint32_t child) noexcept
        : threshold(threshold_), link(child << kPlaceBits | place) {}
    template <bool kTwice>
    std::uint32_t next(const float* row) const noexcept {
      return (link >> kPlaceBits) + (value_at<kTwice>(row, link & kMaxPlace) >= threshold ? 1 : 0);
    }

    float threshold;
    std::uint32_t link;  ///< left child, counted from the root, and place
  };
  /// For more inputs or larger trees than Node has bits for.
  struct WideNode {
    static constexpr std::size_t kMaxPlace = std::numeric_limits<std::uint32_t>::max();
    static constexpr std::size_t kMaxChild = std::numeric_limits<std::uint32_t>::max();

    WideNode(float threshold_, std::uint32_t place_, std::uint32_t child_) noexcept
        : threshold(threshold_), place(place_), child(child_) {}
    template <bool kTwice>
    std::uint32_t next(const float* row) const noexcept {
      return child + (value_at<kTwice>(row, place) >= threshold ? 1 : 0);
    }

    float threshold;
    std::uint32_t place, child;
  };

  /// The value that a node asks for.
  /// @param place  twice the input, and one more where a missing value goes right
  template <bool kTwice>
  static float value_at(const float* row, std::uint32_t place) noexcept {
    if (kTwice) return row[place];
    float value;  // in bytes from the row's beginning, so that the processor need not shift
    std::memcpy(&value, reinterpret_cast<const std::byte*>(row) + 2 * std::size_t{place & ~1U}, sizeof value);
    return value;
  }

  std::size_t place_of(const TreeEnsemble& trees, std::size_t node) const noexcept;
  /// @return whether all trees fit nodes of that kind
  template <typename AnyNode>
  bool pack(const TreeEnsemble& trees, std::vector<AnyNode>& nodes);
  bool spread(MatrixView<const double> rows, float* out) const noexcept;
  template <bool kTwice, typename AnyNode>
  void add_leaves(const std::vector<AnyNode>& nodes, const float* rows, Span<double> out) const noexcept;

  std::size_t num_inputs_;
  bool takes_missing_values_;
  std::vector<std::size_t> roots_;  ///< first node of each tree
  std::vector<Node> nodes_;         ///< of all trees, or none where they need wide nodes
  std::vector<WideNode> wide_nodes_;
};

}  // namespace perfmodel
