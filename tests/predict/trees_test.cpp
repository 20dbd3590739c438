#include <gtest/gtest.h>

#include <limits>

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
