#include <fmt/format.h>

#include <cmath>
#include <nlohmann/json.hpp>

#include "perfmodel/core/error.h"
#include "predict/evaluators.h"
#include "predict/part_tensors.h"

namespace perfmodel {
namespace {

class Trees final : public Evaluator {
 public:
  explicit Trees(TreeEnsemble trees) : trees_(std::move(trees)) {}

  const char* kind() const noexcept override { return "trees"; }
  std::size_t num_inputs() const noexcept override { return trees_.num_inputs; }
  std::size_t scratch_bytes(std::size_t) const noexcept override { return 0; }

  void evaluate(MatrixView<const double> rows, Span<double> out, std::byte*) const noexcept override {
    for (std::size_t i = 0; i < rows.rows(); ++i) {
      double sum = trees_.base;
      for (const std::int32_t root : trees_.roots) sum += static_cast<double>(leaf_value(root, rows.row(i)));
      out[i] = sum;
    }
  }

  nlohmann::json write(ArchiveWriter& archive, const std::string& path) const override {
    PartTensorsWriter tensors(archive, path);
    const std::size_t num_nodes = trees_.feature.size();
    tensors.add("roots", {trees_.roots.size()}, trees_.roots);
    tensors.add("feature", {num_nodes}, trees_.feature);
    tensors.add("threshold", {num_nodes}, trees_.threshold);
    tensors.add("left", {num_nodes}, trees_.left);
    return {{"kind", kind()},         {"num_inputs", trees_.num_inputs},  {"base", trees_.base},
            {"num_nodes", num_nodes}, {"num_trees", trees_.roots.size()}, {"tensors_crc32c", tensors.digest()}};
  }

 private:
  float leaf_value(std::int32_t root, Span<const double> row) const noexcept {
    auto node = static_cast<std::size_t>(root);
    while (trees_.feature[node] >= 0) {
      const auto value = static_cast<float>(row[static_cast<std::size_t>(trees_.feature[node])]);
      node = static_cast<std::size_t>(trees_.left[node]) + (value < trees_.threshold[node] ? 0 : 1);
    }
    return trees_.threshold[node];
  }

  TreeEnsemble trees_;
};

[[noreturn]] void fail(const std::string& what) {
  throw Error(ErrorCode::kCorrupt, "trees: " + what);
}

/// Checks that every node has one parent at most, before it, and every index is in range: each walk ends, and all walks
/// of one row together visit a node once at most.
void check(const TreeEnsemble& trees) {
  const std::size_t num_nodes = trees.feature.size();
  if (trees.threshold.size() != num_nodes || trees.left.size() != num_nodes) {
    fail(fmt::format("{} features, {} thresholds and {} children, expected one of each per node", num_nodes,
                     trees.threshold.size(), trees.left.size()));
  }
  if (!std::isfinite(trees.base)) fail(fmt::format("the base is {}, it must be finite", trees.base));

  std::vector<bool> reached(num_nodes, false);
  const auto reach = [&](std::size_t node) {
    if (reached[node]) fail(fmt::format("node {} is reached in two ways, a tree has one", node));
    reached[node] = true;
  };
  for (const std::int32_t root : trees.roots) {
    if (root < 0 || static_cast<std::size_t>(root) >= num_nodes) {
      fail(fmt::format("root {} is not one of {} nodes", root, num_nodes));
    }
    reach(static_cast<std::size_t>(root));
  }
  for (std::size_t node = 0; node < num_nodes; ++node) {
    if (!std::isfinite(trees.threshold[node]))
      fail(fmt::format("node {}: {} is not finite", node, trees.threshold[node]));
    if (trees.feature[node] == -1) continue;
    if (trees.feature[node] < -1 || static_cast<std::size_t>(trees.feature[node]) >= trees.num_inputs) {
      fail(fmt::format("node {}: feature {} is not one of {}", node, trees.feature[node], trees.num_inputs));
    }
    const auto left = static_cast<std::int64_t>(trees.left[node]);
    if (left <= static_cast<std::int64_t>(node) || static_cast<std::size_t>(left) + 1 >= num_nodes) {
      fail(fmt::format("node {}: left child {} and the one after it must lie after the node and before {}", node, left,
                       num_nodes));
    }
    reach(static_cast<std::size_t>(left));
    reach(static_cast<std::size_t>(left) + 1);
  }
}

}  // namespace

std::shared_ptr<const Evaluator> make_tree_ensemble(TreeEnsemble trees) {
  check(trees);
  return std::make_shared<Trees>(std::move(trees));
}

}  // namespace perfmodel
