#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>
#include <optional>

#include "perfmodel/core/error.h"
#include "predict/evaluators.h"
#include "predict/packed_trees.h"
#include "predict/part_tensors.h"
#include "predict/row_blocks.h"
#include "predict/shallow_trees.h"

namespace perfmodel {
namespace {

/// Memory for the float32 copy of a block of rows: large, as each block of rows goes through all trees.
constexpr std::size_t kBlockBytes = std::size_t{1} << 21;

class Trees final : public Evaluator {
 public:
  explicit Trees(TreeEnsemble trees)
      : trees_(std::move(trees)),
        shallow_(PackedShallowTrees::pack(trees_, simd::chosen_kernels())),
        packed_(shallow_ ? TreeEnsemble() : trees_) {}

  const char* kind() const noexcept override { return "trees"; }
  std::size_t num_inputs() const noexcept override { return trees_.num_inputs; }
  std::size_t scratch_bytes(std::size_t num_rows) const noexcept override {
    if (shallow_) return num_rows == 0 ? 0 : PackedShallowTrees::scratch_bytes();
    return std::min(num_rows, block_rows()) * packed_.width() * sizeof(float);
  }

  bool takes_missing_values() const noexcept override { return !trees_.missing_left.empty(); }

  void evaluate(MatrixView<const double> rows, Span<double> out, std::byte* scratch) const noexcept override {
    if (shallow_) {
      shallow_->sum_leaves(rows, out, scratch);
      for (double& sum : out) sum += trees_.base;
      return;
    }
    auto* const values = reinterpret_cast<float*>(scratch);
    for_each_block(rows.rows(), block_rows(), [&](std::size_t first, std::size_t count) {
      const Span<double> sums = out.subspan(first, count);
      std::fill(sums.begin(), sums.end(), trees_.base);
      packed_.add_leaves(row_slice(rows, first, count), sums, values);
    });
  }

  std::vector<double> feature_importance() const override { return trees_.importance; }

  nlohmann::json write(ArchiveWriter& archive, const std::string& path) const override {
    PartTensorsWriter tensors(archive, path);
    const std::size_t num_nodes = trees_.feature.size();
    tensors.add("roots", {trees_.roots.size()}, trees_.roots);
    tensors.add("feature", {num_nodes}, trees_.feature);
    tensors.add("threshold", {num_nodes}, trees_.threshold);
    tensors.add("left", {num_nodes}, trees_.left);
    if (takes_missing_values()) tensors.add("missing_left", {num_nodes}, trees_.missing_left);
    nlohmann::json part = {
        {"kind", kind()},         {"num_inputs", trees_.num_inputs},  {"base", trees_.base},
        {"num_nodes", num_nodes}, {"num_trees", trees_.roots.size()}, {"tensors_crc32c", tensors.digest()}};
    if (takes_missing_values()) part["missing_values"] = true;
    if (!trees_.importance.empty()) part["importance"] = trees_.importance;
    return part;
  }

 private:
  std::size_t block_rows() const noexcept {
    return std::max(kBlockBytes / (packed_.width() * sizeof(float)), kBlockRows);
  }

  TreeEnsemble trees_;
  std::optional<PackedShallowTrees> shallow_;  ///< where these are quicker
  PackedTrees packed_;                         ///< elsewhere
};

[[noreturn]] void fail(const std::string& what) {
  throw Error(ErrorCode::kCorrupt, "trees: " + what);
}

/// Whether a node's number is finite and, where it is a decision, its feature one of the inputs and its children nodes
/// that come after it.
bool is_sound(const TreeEnsemble& trees, std::size_t node) noexcept {
  const auto num_nodes = static_cast<std::int64_t>(trees.feature.size()), i = static_cast<std::int64_t>(node);
  const std::int64_t feature = trees.feature[node], left = trees.left[node];
  const bool is_leaf = feature == -1;
  const bool has_feature = (feature >= 0) & (feature < static_cast<std::int64_t>(trees.num_inputs));
  const bool has_children = (left > i) & (left + 1 < num_nodes);
  return std::isfinite(trees.threshold[node]) & (is_leaf | (has_feature & has_children));
}

[[noreturn]] void fail_at(const TreeEnsemble& trees, std::size_t node) {
  if (!std::isfinite(trees.threshold[node])) {
    fail(fmt::format("node {}: {} is not finite", node, trees.threshold[node]));
  }
  if (trees.feature[node] < -1 || static_cast<std::size_t>(trees.feature[node]) >= trees.num_inputs) {
    fail(fmt::format("node {}: feature {} is not one of {}", node, trees.feature[node], trees.num_inputs));
  }
  fail(fmt::format("node {}: left child {} and the one after it must lie after the node and before {}", node,
                   trees.left[node], trees.feature.size()));
}

/// Checks that no node is a root or a child twice.  REQUIRES: sound nodes and roots.
void require_one_way(const TreeEnsemble& trees) {
  const std::size_t num_nodes = trees.feature.size();
  std::vector<std::uint8_t> reached(num_nodes + 2, 0);  // leaves reach the two beyond the end
  const auto reach = [&](std::size_t node) {
    if ((reached[node] != 0) & (node < num_nodes)) {
      fail(fmt::format("node {} is reached in two ways, a tree has one", node));
    }
    reached[node] = 1;
  };
  for (const std::int32_t root : trees.roots) reach(static_cast<std::size_t>(root));
  for (std::size_t node = 0; node < num_nodes; ++node) {
    const std::size_t left = trees.feature[node] < 0 ? num_nodes : static_cast<std::size_t>(trees.left[node]);
    reach(left);
    reach(left + 1);
  }
}

/// Checks that every node has one parent at most, before it, and every index is in range: each walk ends, and all walks
/// of one row together visit a node once at most.
void check(const TreeEnsemble& trees) {
  const std::size_t num_nodes = trees.feature.size();
  if (trees.threshold.size() != num_nodes || trees.left.size() != num_nodes) {
    fail(fmt::format("{} features, {} thresholds and {} children, expected one of each per node", num_nodes,
                     trees.threshold.size(), trees.left.size()));
  }
  if (!trees.missing_left.empty() && trees.missing_left.size() != num_nodes) {
    fail(fmt::format("{} directions of missing values for {} nodes", trees.missing_left.size(), num_nodes));
  }
  for (const std::uint8_t left : trees.missing_left) {
    if (left > 1) fail(fmt::format("the direction of a missing value is {}, allowed are 0 and 1", left));
  }
  if (!std::isfinite(trees.base)) fail(fmt::format("the base is {}, it must be finite", trees.base));
  if (!trees.importance.empty() && trees.importance.size() != trees.num_inputs) {
    fail(fmt::format("{} importances for {} inputs", trees.importance.size(), trees.num_inputs));
  }
  for (const double importance : trees.importance) {
    if (!(importance >= 0 && importance <= 1)) fail(fmt::format("an importance is {}, allowed is 0 to 1", importance));
  }

  for (const std::int32_t root : trees.roots) {
    if (root < 0 || static_cast<std::size_t>(root) >= num_nodes) {
      fail(fmt::format("root {} is not one of {} nodes", root, num_nodes));
    }
  }
  for (std::size_t node = 0; node < num_nodes; ++node) {
    if (!is_sound(trees, node)) fail_at(trees, node);
  }
  require_one_way(trees);
}

}  // namespace

std::shared_ptr<const Evaluator> make_tree_ensemble(TreeEnsemble trees) {
  check(trees);
  return std::make_shared<Trees>(std::move(trees));
}

}  // namespace perfmodel
