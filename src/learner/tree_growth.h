#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "learner/tree_table.h"
#include "perfmodel/core/export.h"
#include "perfmodel/core/random.h"
#include "perfmodel/learner/trees.h"

namespace perfmodel {

/// One regression tree, its nodes as in TreeEnsemble: children come in pairs, the root is node 0.
struct GrownTree {
  std::vector<std::int32_t> feature;  ///< -1 at a leaf
  std::vector<float> threshold;       ///< left when value < threshold; the leaf's value at a leaf
  std::vector<std::int32_t> left;     ///< -1 at a leaf
  std::vector<double> gain;           ///< per feature: what its splits lower the sum of squared errors by
};

/// Grows regression trees on one table. Every split is the best there is for the squared error, over all midpoints
/// between neighbouring values of the features it may choose among.
///
/// The rows of a node are kept sorted by every feature that still varies in it: a split is found in one pass over each
/// and divides these lists in one more, so that nothing is sorted below the root. One object per thread; it keeps its
/// memory from tree to tree.
class PERFMODEL_EXPORT TreeGrower {
 public:
  /// @param table    at least one row and feature; must outlive this object
  /// @param options  in range; log_target is the caller's to see to
  TreeGrower(const TreeTable& table, const TreeOptions& options);

  /// @param targets  one per row, of a size that float32 holds
  /// @param counts   how often each row counts; 0: not at all.  REQUIRES: one that is not 0.
  /// @param random   draws features where options.max_features < 1
  GrownTree grow(Span<const double> targets, Span<const std::uint32_t> counts, Random& random);
  /// The same as far as the rows at `asked` go down the tree; what no such row reaches stays a leaf.
  GrownTree grow_for(const std::vector<std::size_t>& asked, Span<const double> targets,
                     Span<const std::uint32_t> counts, Random& random);

 private:
  /// Sums over rows: of the targets less their mean, and of how often the rows count.
  struct Sums {
    double target = 0;
    double count = 0;
  };
  /// Rows that wait to be split.
  struct Node {
    std::size_t begin, end;  ///< their place in the list of each feature
    std::int32_t index;
    int depth;
    Sums sums;
    std::size_t list_feature;                 ///< one whose list holds the node's rows
    std::size_t first_asked, end_asked;       ///< in asked_: the rows that reach it
    std::size_t first_feature, num_features;  ///< in varying_: those that vary; of a waiting node, in its parent
  };
  struct Split {
    std::size_t feature = 0;
    std::size_t end_left = 0;  ///< of the rows on the left, in the feature's list
    Sums left;
    double score = -1;  ///< by how much the sum of squares falls, times the node's count
    double bar = -1;    ///< a better split's score lies above it
  };

  SortedValue* list(std::size_t feature) noexcept { return lists_.data() + feature * num_rows_; }
  void start(Span<const double> targets, Span<const std::uint32_t> counts);
  void grow_all(Random& random);
  void find_varying(Node& node);
  void draw_candidates(const Node& node, Random& random);
  Split best_split(const Node& node) noexcept;
  void scan(std::size_t feature, const Node& node, Split& best) noexcept;
  void apply(const Node& node, const Split& split);
  void divide_lists(const Node& node, const Split& split) noexcept;
  std::size_t divide_asked(const Node& node, std::size_t feature, float threshold) noexcept;
  bool may_split(const Node& node) noexcept;
  void make_leaf(const Node& node) noexcept;
  std::int32_t add_node();

  const TreeTable& table_;
  TreeOptions options_;
  std::size_t num_candidates_;  ///< features that a split may choose among
  double noise_ = 0;            ///< scores that differ by less are equal

  Span<const double> targets_;
  std::size_t num_rows_ = 0;         ///< rows that count
  std::vector<Sums> rows_;           ///< of each row of the table
  std::vector<SortedValue> lists_;   ///< feature by feature, num_rows_ each
  std::vector<SortedValue> buffer_;  ///< num_rows_
  std::vector<std::uint8_t> goes_left_;
  bool all_asked_ = true;           ///< else only nodes that some of asked_ reach are split
  std::vector<std::size_t> asked_;  ///< rows of the table
  std::vector<Node> waiting_;
  std::vector<std::size_t> varying_;     ///< lists of features of the nodes on the way to the current one
  std::vector<std::size_t> candidates_;  ///< of the current node
  GrownTree tree_;
};

}  // namespace perfmodel
