#include <gtest/gtest.h>

#include <limits>
#include <nlohmann/json.hpp>

#include "evaluators_for_tests.h"
#include "expect_error.h"

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

/// A tree of `num_splits` decisions, each made from a random leaf of the tree so far: some leaves lie deep, some not.
void append_random_tree(TreeEnsemble& trees, int num_splits, Random& random) {
  const auto root = static_cast<std::int32_t>(trees.feature.size());
  const auto add_leaf = [&] {
    trees.feature.push_back(-1);
    trees.threshold.push_back(static_cast<float>(random.integer(-1000, 1000)));  // sums of them are exact
    trees.left.push_back(-1);
  };
  trees.roots.push_back(root);
  add_leaf();
  for (int i = 0; i < num_splits; ++i) {
    const std::int64_t num_nodes = static_cast<std::int64_t>(trees.feature.size()) - root;
    std::size_t node = static_cast<std::size_t>(root + random.integer(0, num_nodes - 1));
    while (trees.feature[node] >= 0) {
      node = static_cast<std::size_t>(trees.left[node]) + static_cast<std::size_t>(random.integer(0, 1));
    }
    trees.feature[node] = static_cast<std::int32_t>(random.integer(0, static_cast<std::int64_t>(trees.num_inputs) - 1));
    trees.threshold[node] = static_cast<float>(random.uniform(-2, 2));
    trees.left[node] = static_cast<std::int32_t>(trees.feature.size());
    add_leaf();
    add_leaf();
  }
}

/// A row's answer, one node after another.
double answer_of(const TreeEnsemble& trees, Span<const double> row) {
  double sum = trees.base;
  for (const std::int32_t root : trees.roots) {
    auto node = static_cast<std::size_t>(root);
    while (trees.feature[node] >= 0) {
      const auto value = static_cast<float>(row[static_cast<std::size_t>(trees.feature[node])]);
      node = static_cast<std::size_t>(trees.left[node]) + (value < trees.threshold[node] ? 0 : 1);
    }
    sum += static_cast<double>(trees.threshold[node]);
  }
  return sum;
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

/// A tree of which no path has more than `depth` decisions; some are shorter.
void append_shallow_tree(TreeEnsemble& trees, int depth, Random& random) {
  struct Waiting {
    std::size_t node;
    int depth;
  };
  const auto add_leaf = [&] {
    trees.feature.push_back(-1);
    trees.threshold.push_back(static_cast<float>(random.integer(-1000, 1000)));  // sums of them are exact
    trees.left.push_back(-1);
    return trees.feature.size() - 1;
  };
  trees.roots.push_back(static_cast<std::int32_t>(add_leaf()));
  std::vector<Waiting> waiting = {{trees.feature.size() - 1, depth}};
  while (!waiting.empty()) {
    const Waiting next = waiting.back();
    waiting.pop_back();
    if (next.depth == 0 || random.chance(0.1)) continue;
    trees.feature[next.node] =
        static_cast<std::int32_t>(random.integer(0, static_cast<std::int64_t>(trees.num_inputs) - 1));
    trees.threshold[next.node] = static_cast<float>(random.integer(-8, 8)) / 4;
    trees.left[next.node] = static_cast<std::int32_t>(trees.feature.size());
    waiting.push_back({add_leaf(), next.depth - 1});
    waiting.push_back({add_leaf(), next.depth - 1});
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
