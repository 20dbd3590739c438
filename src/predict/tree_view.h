#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>

#include "perfmodel/core/span.h"
#include "predict/evaluators.h"

namespace perfmodel {

/// What a TreeEnsemble holds, wherever it lies: in vectors, or in the bytes of a model file.
struct TreeView {
  std::size_t num_inputs = 0;
  double base = 0;
  Span<const std::int32_t> roots, feature;
  Span<const float> threshold;
  Span<const std::int32_t> left;
  Span<const std::uint8_t> missing_left;
  Span<const double> importance;
  bool float32_sums = false;

  bool takes_missing_values() const noexcept { return !missing_left.empty(); }
  bool sends_missing_right(std::size_t node) const noexcept {
    return takes_missing_values() && missing_left[node] == 0;
  }
};

TreeView view_of(const TreeEnsemble& trees) noexcept;

/// @throws Error kCorrupt: as make_tree_ensemble(), but for nodes.
void check_ensemble(const TreeView& trees);
/// Checks that every node has one parent at most, before it, and every index is in range: each walk ends, and all walks
/// of one row together visit a node once at most.  REQUIRES: check_ensemble().
/// @throws Error kCorrupt: as make_tree_ensemble(); names the node.
void check_nodes(const TreeView& trees);

/// make_tree_ensemble() of what somebody else holds; nothing of it is kept but copies.
std::shared_ptr<const Evaluator> make_tree_ensemble(const TreeView& trees);

}  // namespace perfmodel
