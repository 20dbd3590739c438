#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <nlohmann/json.hpp>
#include <string>

#include "evaluators_for_tests.h"
#include "expect_error.h"
#include "predict/simd/instruction_set.h"
#include "trees_for_tests.h"

namespace perfmodel {
namespace {

/// Trees whose leaves are of very different sizes, so that the order and the precision of a sum show.
TreeEnsemble uneven_trees(std::size_t num_inputs, int num_trees, int depth, Random& random) {
  TreeEnsemble trees;
  trees.num_inputs = num_inputs;
  trees.base = static_cast<double>(0.1F);
  trees.float32_sums = true;
  for (int t = 0; t < num_trees; ++t) append_shallow_tree(trees, depth, random);
  for (std::size_t i = 0; i < trees.feature.size(); ++i) {
    if (trees.feature[i] < 0) trees.threshold[i] *= static_cast<float>(random.log_uniform(1e-6, 1));
  }
  draw_missing_directions(trees, random);
  return trees;
}

// By hand: 2^24 + 1 is 2^24 in float32, a tie that goes to the even number; the other way round the 1s add up first.
TEST(Float32Sums, AreAddedInTheOrderOfTheTrees) {
  constexpr float kLarge = 16777216;
  TreeEnsemble trees;
  trees.num_inputs = 1;
  trees.roots = {0, 1, 2};
  trees.feature = {-1, -1, -1};
  trees.left = {-1, -1, -1};
  trees.threshold = {kLarge, 1, 1};
  const double row = 0;
  const auto answer = [&] { return evaluate(*make_tree_ensemble(trees), {&row, 1, 1})[0]; };
  for (const simd::InstructionSet set : simd::available_instruction_sets()) {
    const simd::ForcedInstructionSet forced(set);
    trees.threshold = {kLarge, 1, 1};
    trees.float32_sums = true;
    EXPECT_EQ(answer(), kLarge);
    trees.threshold = {1, 1, kLarge};
    EXPECT_EQ(answer(), kLarge + 2);
    trees.float32_sums = false;
    EXPECT_EQ(answer(), kLarge + 2);
  }
}

// Shallow trees of few inputs, trees in narrow nodes, in wide ones: by every kernel, one row and many, with and without
// missing values.
TEST(Float32Sums, AreTheSameInEveryLayout) {
  Random random(1);
  for (const simd::InstructionSet set : simd::available_instruction_sets()) {
    const simd::ForcedInstructionSet forced(set);
    for (const std::size_t num_inputs : {std::size_t{9}, std::size_t{3000}}) {
      for (const int depth : {6, 9}) {
        for (const int num_trees : {1, 16, 90}) {
          const TreeEnsemble trees = uneven_trees(num_inputs, num_trees, depth, random);
          const auto evaluator = make_tree_ensemble(trees);
          for (const std::size_t num_rows : {std::size_t{1}, std::size_t{6}, std::size_t{7}, std::size_t{100}}) {
            SCOPED_TRACE(std::string(simd::instruction_set_name(set)) + " " + std::to_string(num_trees) + " trees, " +
                         std::to_string(num_rows) + " rows");
            std::vector<double> rows = random_rows(num_rows, num_inputs, random);
            for (const double missing_share : {0.0, 0.2}) {
              for (double& value : rows) {
                if (random.chance(missing_share)) value = std::numeric_limits<double>::quiet_NaN();
              }
              const MatrixView<const double> view(rows.data(), num_rows, num_inputs);
              const std::vector<double> sums = evaluate(*evaluator, view);
              for (std::size_t i = 0; i < num_rows; ++i) ASSERT_EQ(sums[i], answer_of(trees, view.row(i))) << i;
            }
          }
        }
      }
    }
  }
}

TEST(Float32Sums, BeginWithTheBaseInFloat32) {
  TreeEnsemble trees;
  trees.num_inputs = 1;
  trees.base = 0.1;
  const double row = 0;
  EXPECT_EQ(evaluate(*make_tree_ensemble(trees), {&row, 1, 1})[0], 0.1);
  trees.float32_sums = true;
  EXPECT_EQ(evaluate(*make_tree_ensemble(trees), {&row, 1, 1})[0], static_cast<double>(0.1F));
  trees.base = 1e300;
  EXPECT_PM_ERROR(make_tree_ensemble(trees), ErrorCode::kCorrupt, "the base is inf, it must be finite");
}

TEST(Float32Sums, AreKeptInFiles) {
  Random random(2);
  for (const bool float32_sums : {true, false}) {
    TreeEnsemble trees = uneven_trees(3, 50, 4, random);
    trees.float32_sums = float32_sums;
    ArchiveWriter writer;
    const nlohmann::json part = write_evaluator(*make_tree_ensemble(trees), writer, "model");
    EXPECT_EQ(part.contains("float32_sums"), float32_sums);  // files of older versions have no such key
    const std::string file = writer.finish();
    const ArchiveReader reader = ArchiveReader::parse({reinterpret_cast<const std::byte*>(file.data()), file.size()});
    const std::vector<double> rows = random_rows(20, 3, random);
    const MatrixView<const double> view(rows.data(), 20, 3);
    EXPECT_EQ(evaluate(*read_evaluator(part, reader, "model"), view), evaluate(*make_tree_ensemble(trees), view));
  }
}

}  // namespace
}  // namespace perfmodel
