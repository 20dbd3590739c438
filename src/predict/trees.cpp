#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>
#include <optional>

#include "predict/packed_trees.h"
#include "predict/part_tensors.h"
#include "predict/row_blocks.h"
#include "predict/shallow_trees.h"
#include "predict/tree_view.h"

namespace perfmodel {
namespace {

/// Memory for the float32 copy of a block of rows: large, as each block of rows goes through all trees.
constexpr std::size_t kBlockBytes = std::size_t{1} << 21;

TreeView without_directions(TreeView trees) noexcept {
  trees.missing_left = {};
  return trees;
}

bool lacks_values(MatrixView<const double> rows) noexcept {
  std::size_t num_missing = 0;
  for (std::size_t i = 0; i < rows.rows(); ++i) {
    for (const double value : rows.row(i)) num_missing += std::isnan(value) ? 1U : 0U;
  }
  return num_missing > 0;
}

class Trees final : public Evaluator {
 public:
  explicit Trees(const TreeView& trees)
      : base_(trees.float32_sums ? static_cast<double>(static_cast<float>(trees.base)) : trees.base),
        importance_(trees.importance.begin(), trees.importance.end()),
        packed_(trees),
        shallow_(PackedShallowTrees::pack(trees, simd::chosen_kernels())) {
    if (!shallow_ && takes_missing_values()) for_complete_rows_.emplace(without_directions(trees));
  }

  const char* kind() const noexcept override { return "trees"; }
  std::size_t num_inputs() const noexcept override { return packed_.num_inputs(); }
  std::size_t scratch_bytes(std::size_t num_rows) const noexcept override {
    if (shallow_) return num_rows == 0 ? 0 : PackedShallowTrees::scratch_bytes();
    return std::min(num_rows, block_rows()) * packed_.width() * sizeof(float);
  }

  bool takes_missing_values() const noexcept override { return packed_.takes_missing_values(); }

  void evaluate(MatrixView<const double> rows, Span<double> out, std::byte* scratch) const noexcept override {
    if (shallow_) {
      shallow_->sum_leaves(base_, rows, out, scratch);
      return;
    }
    auto* const values = reinterpret_cast<float*>(scratch);
    for_each_block(rows.rows(), block_rows(), [&](std::size_t first, std::size_t count) {
      const MatrixView<const double> block = row_slice(rows, first, count);
      const Span<double> sums = out.subspan(first, count);
      std::fill(sums.begin(), sums.end(), base_);
      const bool is_complete = for_complete_rows_ && !lacks_values(block);
      (is_complete ? *for_complete_rows_ : packed_).add_leaves(block, sums, values);
    });
  }

  std::vector<double> feature_importance() const override { return importance_; }

  nlohmann::json write(ArchiveWriter& archive, const std::string& path) const override {
    const TreeEnsemble trees = packed_.unpack();
    PartTensorsWriter tensors(archive, path);
    const std::size_t num_nodes = trees.feature.size(), num_trees = trees.roots.size();
    tensors.add("roots", {num_trees}, trees.roots);
    tensors.add("feature", {num_nodes}, trees.feature);
    tensors.add("threshold", {num_nodes}, trees.threshold);
    tensors.add("left", {num_nodes}, trees.left);
    if (takes_missing_values()) tensors.add("missing_left", {num_nodes}, trees.missing_left);
    nlohmann::json part = {{"kind", kind()},         {"num_inputs", num_inputs()},
                           {"base", base_},          {"num_nodes", num_nodes},
                           {"num_trees", num_trees}, {"tensors_crc32c", tensors.digest()}};
    if (takes_missing_values()) part["missing_values"] = true;
    if (!importance_.empty()) part["importance"] = importance_;
    if (packed_.has_float32_sums()) part["float32_sums"] = true;
    return part;
  }

 private:
  std::size_t block_rows() const noexcept {
    return std::max(kBlockBytes / (packed_.width() * sizeof(float)), kBlockRows);
  }

  double base_;
  std::vector<double> importance_;
  PackedTrees packed_;
  std::optional<PackedShallowTrees> shallow_;     ///< where these are quicker
  std::optional<PackedTrees> for_complete_rows_;  ///< where directions of missing values would slow others down
};

}  // namespace

std::shared_ptr<const Evaluator> make_tree_ensemble(const TreeView& trees) {
  return std::make_shared<Trees>(trees);
}

std::shared_ptr<const Evaluator> make_tree_ensemble(const TreeEnsemble& trees) {
  return make_tree_ensemble(view_of(trees));
}

}  // namespace perfmodel
