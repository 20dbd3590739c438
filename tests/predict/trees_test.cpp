#include <gtest/gtest.h>

#include <limits>
#include <nlohmann/json.hpp>

#include "evaluators_for_tests.h"
#include "expect_error.h"
#include "trees_for_tests.h"

namespace perfmodel {
namespace {

/// Two trees on two features: (x0 < 1 ? 1 : (x1 < 0.1f ? 2 : 4)) and a lone leaf of 100, on a base of 0.5.
TreeEnsemble two_trees() {
  TreeEnsemble trees;
  trees.num_inputs = 2;
  trees.base = 0.5;
  trees.roots = {0, 5};
  trees.feature = {0, -1, 1, -1, -1, -1};
  trees.threshold = {1, 1, 0.1F, 2, 4, 100};
  trees.left = {1, 0, 3, 0, 0, 0};
  return trees;
}

TEST(Trees, SumTheLeavesThatARowReaches) {
  const std::vector<double> rows = {0, 9, 1, 0, 1, 0.2};
  EXPECT_EQ(evaluate(*make_tree_ensemble(two_trees()), {rows.data(), 3, 2}),
            (std::vector<double>{101.5, 102.5, 104.5}));
}

TEST(Trees, CompareInFloat32) {
  // As doubles 0.1 < 0.1f; rounded to float32 they are equal, and equal goes right.
  const std::vector<double> row = {1, 0.1};
  EXPECT_LT(0.1, static_cast<double>(0.1F));
  EXPECT_EQ(evaluate(*make_tree_ensemble(two_trees()), {row.data(), 1, 2})[0], 104.5);
}

TEST(Trees, AnswerTheBaseWithoutTrees) {
  TreeEnsemble trees;
  trees.num_inputs = 1;
  trees.base = 3;
  const double row = 0;
  EXPECT_EQ(evaluate(*make_tree_ensemble(trees), {&row, 1, 1})[0], 3);
}

TEST(Trees, AnswerRowsInAnyNumberAlike) {
  Random random(1);
  for (const std::size_t num_trees : {std::size_t{1}, std::size_t{3}, std::size_t{16}, std::size_t{37}}) {
    TreeEnsemble trees;
    trees.num_inputs = 3;
    trees.base = 0.5;
    for (std::size_t t = 0; t < num_trees; ++t)
      append_random_tree(trees, static_cast<int>(random.integer(0, 200)), random);
    const auto evaluator = make_tree_ensemble(trees);
    for (const std::size_t num_rows :
         {std::size_t{0}, std::size_t{1}, std::size_t{15}, std::size_t{16}, std::size_t{533}}) {
      SCOPED_TRACE(num_rows);
      const std::vector<double> rows = random_rows(num_rows, 3, random);
      const MatrixView<const double> view(rows.data(), num_rows, 3);
      const std::vector<double> answers = evaluate(*evaluator, view);
      for (std::size_t i = 0; i < num_rows; ++i) EXPECT_EQ(answers[i], answer_of(trees, view.row(i)));
    }
  }
}

// As boosting makes them: for these there are kernels of their own. Many values are equal to a threshold.
TEST(Trees, OfFewDecisionsAnswerAsOneNodeAfterAnother) {
  Random random(3);
  for (const std::size_t num_inputs : {std::size_t{1}, std::size_t{9}, std::size_t{32}, std::size_t{33}}) {
    for (const std::size_t num_trees : {std::size_t{1}, std::size_t{16}, std::size_t{70}, std::size_t{200}}) {
      TreeEnsemble trees;
      trees.num_inputs = num_inputs;
      trees.base = -0.25;
      for (std::size_t t = 0; t < num_trees; ++t) append_shallow_tree(trees, 6, random);
      const auto evaluator = make_tree_ensemble(trees);
      for (const std::size_t num_rows : {std::size_t{1}, std::size_t{6}, std::size_t{7}, std::size_t{16},
                                         std::size_t{17}, std::size_t{64}, std::size_t{200}}) {
        SCOPED_TRACE(num_rows);
        std::vector<double> rows(num_rows * num_inputs);
        for (double& value : rows) value = static_cast<double>(random.integer(-10, 10)) / 4;
        const MatrixView<const double> view(rows.data(), num_rows, num_inputs);
        const std::vector<double> answers = evaluate(*evaluator, view);
        for (std::size_t i = 0; i < num_rows; ++i) ASSERT_EQ(answers[i], answer_of(trees, view.row(i)));
      }
    }
  }
}

// More inputs than the short form of a node can tell apart, and more rows than one block of scratch memory holds.
TEST(Trees, TakeManyInputs) {
  constexpr std::size_t kInputs = 5000, kRows = 300;
  Random random(2);
  TreeEnsemble trees;
  trees.num_inputs = kInputs;
  for (int t = 0; t < 5; ++t) append_random_tree(trees, 100, random);
  const std::vector<double> rows = random_rows(kRows, kInputs, random);
  const MatrixView<const double> view(rows.data(), kRows, kInputs);
  const std::vector<double> answers = evaluate(*make_tree_ensemble(trees), view);
  for (std::size_t i = 0; i < kRows; ++i) EXPECT_EQ(answers[i], answer_of(trees, view.row(i)));
}

TEST(Trees, TakeValuesBeyondFloat32) {
  const std::vector<double> rows = {-1e300, 9, 1e300, 9};
  EXPECT_EQ(evaluate(*make_tree_ensemble(two_trees()), {rows.data(), 2, 2}), (std::vector<double>{101.5, 104.5}));
}

TEST(Trees, KeepFeatureImportance) {
  TreeEnsemble trees = two_trees();
  EXPECT_TRUE(make_tree_ensemble(trees)->feature_importance().empty());
  trees.importance = {0.75, 0.25};
  const auto evaluator = make_tree_ensemble(trees);
  EXPECT_EQ(evaluator->feature_importance(), trees.importance);

  ArchiveWriter writer;
  const nlohmann::json part = write_evaluator(*evaluator, writer, "model");
  const std::string file = writer.finish();
  const ArchiveReader reader = ArchiveReader::parse({reinterpret_cast<const std::byte*>(file.data()), file.size()});
  const auto again = read_evaluator(part, reader, "model");
  EXPECT_EQ(again->feature_importance(), trees.importance);

  // By the inputs of a transform, of which one is left out.
  std::vector<ColumnTransform> columns(3);
  columns[1].used = false;
  EXPECT_EQ(make_transformed(FeatureTransform(columns), evaluator, TargetTransform())->feature_importance(),
            (std::vector<double>{0.75, 0, 0.25}));
}

TEST(Trees, RejectsWhatWouldNotEndOrReadElsewhere) {
  struct Bad {
    const char* name;
    void (*damage)(TreeEnsemble&);
    const char* says;
  };
  const Bad kBad[] = {
      {"cycle", [](TreeEnsemble& t) { t.left[2] = 0; }, "node 2: left child 0"},
      {"self", [](TreeEnsemble& t) { t.left[2] = 2; }, "node 2: left child 2"},
      {"negative child", [](TreeEnsemble& t) { t.left[0] = -5; }, "node 0: left child -5"},
      {"right child beyond the end", [](TreeEnsemble& t) { t.left[2] = 5; }, "node 2: left child 5"},
      {"child far away", [](TreeEnsemble& t) { t.left[2] = std::numeric_limits<std::int32_t>::max(); }, "before 6"},
      {"shared child", [](TreeEnsemble& t) { t.left[0] = 2; }, "node 3 is reached in two ways"},
      {"root inside a tree", [](TreeEnsemble& t) { t.roots[1] = 2; }, "node 2 is reached in two ways"},
      {"root twice", [](TreeEnsemble& t) { t.roots[1] = 0; }, "node 0 is reached in two ways"},
      {"root beyond the end", [](TreeEnsemble& t) { t.roots[1] = 6; }, "root 6 is not one of 6 nodes"},
      {"negative root", [](TreeEnsemble& t) { t.roots[1] = -1; }, "root -1 is not one of 6 nodes"},
      {"feature beyond the end", [](TreeEnsemble& t) { t.feature[0] = 2; }, "node 0: feature 2 is not one of 2"},
      {"negative feature", [](TreeEnsemble& t) { t.feature[0] = -2; }, "node 0: feature -2 is not one of 2"},
      {"threshold that is no number", [](TreeEnsemble& t) { t.threshold[0] = std::numeric_limits<float>::quiet_NaN(); },
       "node 0: nan is not finite"},
      {"infinite base", [](TreeEnsemble& t) { t.base = std::numeric_limits<double>::infinity(); }, "the base is inf"},
      {"one importance", [](TreeEnsemble& t) { t.importance = {1}; }, "1 importances for 2 inputs"},
      {"negative importance",
       [](TreeEnsemble& t) {
         t.importance = {1, -0.5};
       },
       "an importance is -0.5"},
      {"few thresholds", [](TreeEnsemble& t) { t.threshold.pop_back(); }, "6 features, 5 thresholds and 6 children"},
  };
  for (const Bad& bad : kBad) {
    SCOPED_TRACE(bad.name);
    TreeEnsemble trees = two_trees();
    bad.damage(trees);
    EXPECT_PM_ERROR(make_tree_ensemble(trees), ErrorCode::kCorrupt, bad.says);
  }
}

}  // namespace
}  // namespace perfmodel
