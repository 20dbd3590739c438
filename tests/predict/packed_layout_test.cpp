#include <gtest/gtest.h>

#include <algorithm>
#include <numeric>
#include <vector>

#include "evaluators_for_tests.h"
#include "expect_error.h"
#include "predict/packed_trees.h"
#include "trees_for_tests.h"

namespace perfmodel {
namespace {

TreeEnsemble random_ensemble(std::size_t num_inputs, int num_trees, int num_splits, Random& random) {
  TreeEnsemble trees;
  trees.num_inputs = num_inputs;
  trees.base = 0.5;
  for (int t = 0; t < num_trees; ++t) append_random_tree(trees, num_splits, random);
  draw_missing_directions(trees, random);
  return trees;
}

TreeEnsemble laid_out(const TreeEnsemble& trees) {
  TreeEnsemble out = PackedTrees(view_of(trees)).unpack();
  out.base = trees.base;
  return out;
}

/// The same trees, their nodes elsewhere: pairs of children in a random order after their parents, trees mixed.
TreeEnsemble shuffled(const TreeEnsemble& trees, Random& random) {
  TreeEnsemble out;
  out.num_inputs = trees.num_inputs;
  out.base = trees.base;
  std::vector<std::size_t> origin;
  std::vector<std::size_t> waiting;  // nodes of `out` whose children have no place yet
  const auto add = [&](std::size_t node) {
    if (trees.feature[node] >= 0) waiting.push_back(origin.size());
    origin.push_back(node);
  };
  for (const std::int32_t root : trees.roots) {
    out.roots.push_back(static_cast<std::int32_t>(origin.size()));
    add(static_cast<std::size_t>(root));
  }
  std::vector<std::int32_t> left(trees.feature.size(), -1);
  while (!waiting.empty()) {
    std::swap(waiting.back(),
              waiting[static_cast<std::size_t>(random.integer(0, static_cast<std::int64_t>(waiting.size()) - 1))]);
    const std::size_t parent = waiting.back(), child = static_cast<std::size_t>(trees.left[origin[parent]]);
    waiting.pop_back();
    left[parent] = static_cast<std::int32_t>(origin.size());
    add(child);
    add(child + 1);
  }
  for (const std::size_t node : origin) {
    out.feature.push_back(trees.feature[node]);
    out.threshold.push_back(trees.threshold[node]);
    out.missing_left.push_back(trees.missing_left[node]);
  }
  out.left = left;
  return out;
}

void expect_same(const TreeEnsemble& a, const TreeEnsemble& b) {
  EXPECT_EQ(a.roots, b.roots);
  EXPECT_EQ(a.feature, b.feature);
  EXPECT_EQ(a.threshold, b.threshold);
  EXPECT_EQ(a.left, b.left);
  EXPECT_EQ(a.missing_left, b.missing_left);
}

// By hand: after the root's children come those of the left one, and its left child's, before the right one's.
TEST(PackedLayout, IsDepthFirstWithChildrenInPairs) {
  TreeEnsemble breadth_first;
  breadth_first.num_inputs = 2;
  breadth_first.roots = {0, 9};
  breadth_first.feature = {0, 1, 0, 0, -1, -1, -1, -1, -1, -1, -1};  // no root leads to the last
  breadth_first.threshold = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11};
  breadth_first.left = {1, 3, 5, 7, 0, 0, 0, 0, 0, 0, 0};
  const TreeEnsemble out = laid_out(breadth_first);
  EXPECT_EQ(out.roots, (std::vector<std::int32_t>{0, 9}));
  EXPECT_EQ(out.left, (std::vector<std::int32_t>{1, 3, 7, 5, -1, -1, -1, -1, -1, -1}));
  EXPECT_EQ(out.feature, (std::vector<std::int32_t>{0, 1, 0, 0, -1, -1, -1, -1, -1, -1}));
  EXPECT_EQ(out.threshold, (std::vector<float>{1, 2, 3, 4, 5, 8, 9, 6, 7, 10}));
}

TEST(PackedLayout, IsTheSameWhateverTheOrderOfTheNodes) {
  Random random(1);
  for (const std::size_t num_inputs : {std::size_t{3}, std::size_t{3000}}) {  // narrow and wide nodes
    const TreeEnsemble trees = random_ensemble(num_inputs, 20, 60, random);
    const TreeEnsemble expected = laid_out(trees);
    expect_same(laid_out(expected), expected);
    expect_same(laid_out(shuffled(trees, random)), expected);
    const std::vector<double> rows = random_rows(50, num_inputs, random);
    const MatrixView<const double> view(rows.data(), 50, num_inputs);
    for (std::size_t i = 0; i < view.rows(); ++i) {
      EXPECT_EQ(answer_of(expected, view.row(i)), answer_of(trees, view.row(i)));
    }
  }
}

/// A tree of `depth` levels, each with a decision on both sides of which the left one goes on.
TreeEnsemble long_tree(int depth) {
  TreeEnsemble trees;
  trees.num_inputs = 1;
  trees.roots = {0};
  trees.feature = {-1};
  trees.threshold = {0};
  trees.left = {-1};
  const auto split = [&](std::size_t node, float threshold) {
    trees.feature[node] = 0;
    trees.threshold[node] = threshold;
    trees.left[node] = static_cast<std::int32_t>(trees.feature.size());
    for (const float leaf : {threshold - 0.5F, threshold + 0.25F}) {
      trees.feature.push_back(-1);
      trees.threshold.push_back(leaf);
      trees.left.push_back(-1);
    }
    return trees.feature.size() - 2;
  };
  std::size_t node = 0;
  for (int i = 0; i < depth; ++i) {
    const std::size_t left = split(node, static_cast<float>(-2 * i));
    split(left + 1, static_cast<float>(-2 * i + 1));
    node = left;
  }
  return trees;
}

// More decisions wait for their turn than are looked at in one pass.
TEST(PackedLayout, TakesTreesOfManyLevels) {
  const TreeEnsemble trees = long_tree(2000);
  expect_same(laid_out(laid_out(trees)), laid_out(trees));
  const auto evaluator = make_tree_ensemble(laid_out(trees));
  for (const double value : {-1e9, -3999.0, -2000.5, -1.5, 0.5, 7.0}) {
    EXPECT_EQ(evaluate(*evaluator, {&value, 1, 1})[0], answer_of(trees, {&value, 1})) << value;
  }
}

/// Whether every index is in range, no node has two ways to it and every child comes after its parent.
bool is_sound(const TreeEnsemble& trees) {
  const auto num_nodes = static_cast<std::int32_t>(trees.feature.size());
  std::vector<int> ways(trees.feature.size(), 0);
  const auto reach = [&](std::int32_t node) {
    return node >= 0 && node < num_nodes && ++ways[static_cast<std::size_t>(node)] == 1;
  };
  for (const std::int32_t root : trees.roots) {
    if (!reach(root)) return false;
  }
  for (std::int32_t i = 0; i < num_nodes; ++i) {
    const auto node = static_cast<std::size_t>(i);
    if (trees.missing_left[node] > 1 || trees.feature[node] < -1) return false;
    if (trees.feature[node] == -1) continue;
    if (trees.feature[node] >= static_cast<std::int32_t>(trees.num_inputs) || trees.left[node] <= i) return false;
    if (trees.left[node] >= num_nodes - 1 || !reach(trees.left[node]) || !reach(trees.left[node] + 1)) return false;
  }
  return true;
}

// One number of an ensemble that lies in order is changed: what is sound still answers as its nodes say, all else is
// refused.
TEST(PackedLayout, RefusesExactlyWhatIsNotSound) {
  Random random(2);
  constexpr std::size_t kInputs = 3;
  int num_refused = 0, num_taken = 0;
  for (int trial = 0; trial < 4000; ++trial) {
    TreeEnsemble trees = laid_out(random_ensemble(kInputs, 3, 6, random));
    const auto num_nodes = static_cast<std::int64_t>(trees.feature.size());
    const auto node = static_cast<std::size_t>(random.integer(0, num_nodes - 1));
    switch (random.integer(0, 3)) {
      case 0:
        trees.left[node] = static_cast<std::int32_t>(random.integer(-1, num_nodes));
        break;
      case 1:
        trees.feature[node] = static_cast<std::int32_t>(random.integer(-2, kInputs));
        break;
      case 2:
        trees.roots[static_cast<std::size_t>(random.integer(0, 2))] =
            static_cast<std::int32_t>(random.integer(-1, num_nodes));
        break;
      default:
        trees.missing_left[node] = static_cast<std::uint8_t>(random.integer(0, 2));
    }
    if (!is_sound(trees)) {
      ++num_refused;
      EXPECT_PM_ERROR(make_tree_ensemble(trees), ErrorCode::kCorrupt, "trees: ");
      continue;
    }
    ++num_taken;
    const std::vector<double> rows = random_rows(5, kInputs, random);
    const MatrixView<const double> view(rows.data(), 5, kInputs);
    const std::vector<double> answers = evaluate(*make_tree_ensemble(trees), view);
    for (std::size_t i = 0; i < view.rows(); ++i) ASSERT_EQ(answers[i], answer_of(trees, view.row(i)));
  }
  EXPECT_GT(num_refused, 1000);
  EXPECT_GT(num_taken, 1000);
}

}  // namespace
}  // namespace perfmodel
