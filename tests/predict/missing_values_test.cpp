#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <nlohmann/json.hpp>

#include "evaluators_for_tests.h"
#include "expect_error.h"
#include "predict/simd/instruction_set.h"
#include "trees_for_tests.h"

namespace perfmodel {
namespace {

constexpr double kMissing = std::numeric_limits<double>::quiet_NaN();

/// x0 < 1 ? 1 : (x1 < 2 ? 2 : 4) on a base of 0.5; without x0 to the right, without x1 to the left.
TreeEnsemble one_tree() {
  TreeEnsemble trees;
  trees.num_inputs = 2;
  trees.base = 0.5;
  trees.roots = {0};
  trees.feature = {0, -1, 1, -1, -1};
  trees.threshold = {1, 1, 2, 2, 4};
  trees.left = {1, 0, 3, 0, 0};
  trees.missing_left = {0, 0, 1, 0, 0};
  return trees;
}

std::vector<double> answers(const std::shared_ptr<const Evaluator>& evaluator, const std::vector<double>& rows) {
  const std::size_t width = evaluator->num_inputs();
  return evaluate(*evaluator, {rows.data(), rows.size() / width, width});
}

TEST(MissingValues, GoWhereTheNodeSays) {
  const auto evaluator = make_tree_ensemble(one_tree());
  EXPECT_TRUE(evaluator->takes_missing_values());
  EXPECT_EQ(answers(evaluator, {0, kMissing, kMissing, 3, 1, kMissing, kMissing, kMissing, 1, 3}),
            (std::vector<double>{1.5, 4.5, 2.5, 2.5, 4.5}));
}

TEST(MissingValues, OfSomeRowsChangeNothingForOthers) {
  constexpr std::size_t kInputs = 4, kRows = 300;
  Random random(5);
  TreeEnsemble trees = random_trees(kInputs, 40, random);
  for (float& threshold : trees.threshold) threshold = std::round(threshold * 1024) / 1024;  // sums are exact
  const auto without = make_tree_ensemble(trees);
  EXPECT_FALSE(without->takes_missing_values());
  draw_missing_directions(trees, random);
  const auto evaluator = make_tree_ensemble(trees);

  std::vector<double> rows = random_rows(kRows, kInputs, random);
  const MatrixView<const double> view(rows.data(), kRows, kInputs);
  EXPECT_EQ(evaluate(*evaluator, view), evaluate(*without, view));
  for (std::size_t i = 0; i < kRows; i += 3) {
    for (std::size_t j = 0; j < kInputs; ++j) {
      if (random.chance(0.5)) rows[i * kInputs + j] = kMissing;
    }
  }
  const std::vector<double> sums = evaluate(*evaluator, view);
  for (std::size_t i = 0; i < kRows; ++i) EXPECT_EQ(sums[i], answer_of(trees, view.row(i))) << i;
}

/// Multiples of a quarter from -2.5 to 2.5; in every third run of 64 rows some values are missing.
std::vector<double> rows_that_lack_values(std::size_t num_rows, std::size_t num_inputs, Random& random) {
  std::vector<double> rows(num_rows * num_inputs);
  for (std::size_t i = 0; i < num_rows; ++i) {
    for (std::size_t j = 0; j < num_inputs; ++j) {
      const bool is_missing = i / 64 % 3 == 0 && random.chance(0.3);
      rows[i * num_inputs + j] = is_missing ? kMissing : static_cast<double>(random.integer(-10, 10)) / 4;
    }
  }
  return rows;
}

// Shallow trees of few inputs, trees in narrow nodes, in wide ones: by every kernel, one row and many.
TEST(MissingValues, GoWhereTheNodeSaysInEveryLayout) {
  Random random(7);
  for (const simd::InstructionSet set : simd::available_instruction_sets()) {
    const simd::ForcedInstructionSet forced(set);
    for (const std::size_t num_inputs :
         {std::size_t{1}, std::size_t{9}, std::size_t{32}, std::size_t{33}, std::size_t{3000}}) {
      for (const int depth : {6, 9}) {
        TreeEnsemble trees;
        trees.num_inputs = num_inputs;
        for (int t = 0; t < 40; ++t) append_shallow_tree(trees, depth, random);
        draw_missing_directions(trees, random);
        const auto evaluator = make_tree_ensemble(trees);
        for (const std::size_t num_rows : {std::size_t{1}, std::size_t{6}, std::size_t{7}, std::size_t{200}}) {
          SCOPED_TRACE(std::string(simd::instruction_set_name(set)) + " " + std::to_string(num_inputs) + " inputs, " +
                       std::to_string(num_rows) + " rows");
          const std::vector<double> rows = rows_that_lack_values(num_rows, num_inputs, random);
          const MatrixView<const double> view(rows.data(), num_rows, num_inputs);
          const std::vector<double> sums = evaluate(*evaluator, view);
          for (std::size_t i = 0; i < num_rows; ++i) ASSERT_EQ(sums[i], answer_of(trees, view.row(i))) << i;
        }
      }
    }
  }
}

TEST(MissingValues, AreKeptInFiles) {
  ArchiveWriter writer;
  const nlohmann::json part = write_evaluator(*make_tree_ensemble(one_tree()), writer, "model");
  EXPECT_EQ(part["missing_values"], true);
  const std::string file = writer.finish();
  const ArchiveReader reader = ArchiveReader::parse({reinterpret_cast<const std::byte*>(file.data()), file.size()});
  const auto again = read_evaluator(part, reader, "model");
  EXPECT_TRUE(again->takes_missing_values());
  EXPECT_EQ(answers(again, {kMissing, 3, kMissing, kMissing}), (std::vector<double>{4.5, 2.5}));

  nlohmann::json without = part;  // what older versions wrote
  without.erase("missing_values");
  EXPECT_PM_ERROR(read_evaluator(without, reader, "model"), ErrorCode::kCorrupt, "the tensors are not those");
  TreeEnsemble trees = one_tree();
  trees.missing_left.clear();
  ArchiveWriter older;
  EXPECT_FALSE(write_evaluator(*make_tree_ensemble(trees), older, "model").contains("missing_values"));
}

TEST(MissingValues, StayMissingBehindATransform) {
  std::vector<ColumnTransform> columns(3);
  columns[0].shape = ColumnTransform::Shape::kLog;
  columns[1].used = false;
  columns[2].shape = ColumnTransform::Shape::kBoxCox;
  columns[2].lambda = 0.5;
  TargetTransform target;
  target.scale = 2;
  const auto transformed = make_transformed(FeatureTransform(columns), make_tree_ensemble(one_tree()), target);
  ASSERT_TRUE(transformed->takes_missing_values());
  EXPECT_EQ(answers(transformed, {kMissing, 1, 100, 1, kMissing, kMissing, 100, 1, kMissing}),
            (std::vector<double>{2.25, 0.75, 1.25}));
}

TEST(MissingValues, AreNotTakenByTrendsAndCosts) {
  const FeatureTransform identity(std::vector<ColumnTransform>(2));
  TargetTransform trend, costs;
  trend.kind = costs.kind = TargetTransform::Kind::kLog;
  trend.trend = {1, 0};
  costs.costs = {1, 0};
  EXPECT_FALSE(make_transformed(identity, make_tree_ensemble(one_tree()), trend)->takes_missing_values());
  EXPECT_FALSE(make_transformed(identity, make_tree_ensemble(one_tree()), costs)->takes_missing_values());
}

TEST(MissingValues, StayMissingBehindAMap) {
  const auto remapped =
      make_remapped(3, {2, 0}, {{{0, 10}, {0, 1}}, {{1, 2}, {10, 20}}}, make_tree_ensemble(one_tree()));
  ASSERT_TRUE(remapped->takes_missing_values());
  EXPECT_EQ(answers(remapped, {1, 7, kMissing, kMissing, 7, 10}), (std::vector<double>{4.5, 2.5}));
}

TEST(MissingValues, AreTakenByAMeanOfWhatTakesThem) {
  const auto trees = make_tree_ensemble(one_tree());
  const auto mean = make_mean({trees, make_constant(2, 0.5)}, {1, 1}, false);
  ASSERT_TRUE(mean->takes_missing_values());
  EXPECT_EQ(answers(mean, {kMissing, 3}), std::vector<double>{2.5});
  EXPECT_FALSE(make_mean({trees, make_polynomial({2, 1, {}, {0}, {}})}, {1, 1}, false)->takes_missing_values());
}

TEST(MissingValues, AreTakenByAStackThatShowsThemToWhatTakesThem) {
  Random random(6);
  const auto trees = make_tree_ensemble(one_tree());
  const auto doubled = make_polynomial({1, 0, {2}, {0, 1}, {{0, 1}}});
  const auto stacked = make_stacked(trees, doubled, /*keep_row=*/false, /*log_inner=*/false);
  ASSERT_TRUE(stacked->takes_missing_values());
  EXPECT_EQ(answers(stacked, {kMissing, 3}), std::vector<double>{9});
  const auto process = make_gaussian_process(random_process(3, 4, random));
  EXPECT_FALSE(make_stacked(trees, process, /*keep_row=*/true, /*log_inner=*/false)->takes_missing_values());
}

TEST(MissingValues, HaveADirectionForEveryNode) {
  TreeEnsemble trees = one_tree();
  trees.missing_left.pop_back();
  EXPECT_PM_ERROR(make_tree_ensemble(trees), ErrorCode::kCorrupt, "4 directions of missing values for 5 nodes");
  trees.missing_left = {0, 0, 2, 0, 0};
  EXPECT_PM_ERROR(make_tree_ensemble(trees), ErrorCode::kCorrupt, "the direction of a missing value is 2");
}

}  // namespace
}  // namespace perfmodel
