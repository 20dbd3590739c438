#include "learner/tree_growth.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <set>

namespace perfmodel {
namespace {

/// A small table with whole numbers as targets, so that every sum below is exact.
struct IntegerTable {
  std::size_t num_features = 0;
  std::vector<double> values;  ///< n x num_features, row-major
  std::vector<double> targets;
  std::vector<std::uint32_t> counts;

  MatrixView<const double> rows() const { return {values.data(), targets.size(), num_features}; }
  float value(std::size_t row, std::size_t feature) const {
    return static_cast<float>(values[row * num_features + feature]);
  }
};

IntegerTable random_table(Random& random) {
  IntegerTable table;
  table.num_features = static_cast<std::size_t>(random.integer(1, 4));
  const std::int64_t num_rows = random.integer(1, 40), num_levels = random.integer(1, 8);
  const bool is_resampled = random.chance(0.5);
  for (std::int64_t i = 0; i < num_rows; ++i) {
    for (std::size_t j = 0; j < table.num_features; ++j) {
      table.values.push_back(0.25 * static_cast<double>(random.integer(-num_levels, num_levels)));
    }
    table.targets.push_back(static_cast<double>(random.integer(0, 12)));
    table.counts.push_back(is_resampled ? static_cast<std::uint32_t>(random.integer(0, 3)) : 1);
  }
  table.counts.front() = 1;
  return table;
}

/// CART by the book: tries every threshold of every feature at every node on its rows, counting each anew, and compares
/// gains as fractions of whole numbers.
class NaiveTree {
 public:
  NaiveTree(const IntegerTable& table, const TreeOptions& options) : table_(table), options_(options) {
    std::vector<std::size_t> rows;
    for (std::size_t i = 0; i < table.targets.size(); ++i) {
      if (table.counts[i] > 0) rows.push_back(i);
    }
    tree.gain.assign(table.num_features, 0.0);
    grow(add_node(), rows, 0);
  }

  GrownTree tree;

 private:
  struct Sums {
    std::int64_t target = 0, count = 0;
  };
  struct Split {
    bool exists = false;
    std::size_t feature = 0;
    float low = 0, high = 0;
    std::int64_t squared = 0, product = 1;  ///< gain = squared / (product * count of the node)
  };

  std::size_t add_node() {
    tree.feature.push_back(-1);
    tree.threshold.push_back(0);
    tree.left.push_back(-1);
    return tree.feature.size() - 1;
  }

  Sums sums_of(const std::vector<std::size_t>& rows) const {
    Sums sums;
    for (const std::size_t row : rows) {
      sums.target += table_.counts[row] * static_cast<std::int64_t>(table_.targets[row]);
      sums.count += table_.counts[row];
    }
    return sums;
  }

  std::vector<std::size_t> below(const std::vector<std::size_t>& rows, std::size_t feature, float high) const {
    std::vector<std::size_t> left;
    for (const std::size_t row : rows) {
      if (table_.value(row, feature) < high) left.push_back(row);
    }
    return left;
  }

  Split best_split(const std::vector<std::size_t>& rows) const {
    Split best;
    const Sums all = sums_of(rows);
    for (std::size_t feature = 0; feature < table_.num_features; ++feature) {
      std::set<float> levels;
      for (const std::size_t row : rows) levels.insert(table_.value(row, feature));
      for (auto high = levels.begin(); high != levels.end(); ++high) {
        if (high == levels.begin()) continue;
        const Sums left = sums_of(below(rows, feature, *high));
        const std::int64_t right_count = all.count - left.count;
        if (left.count < options_.min_samples_leaf || right_count < options_.min_samples_leaf) continue;
        const std::int64_t difference = left.target * all.count - all.target * left.count;
        const std::int64_t squared = difference * difference, product = left.count * right_count;
        if (best.exists && squared * best.product <= best.squared * product) continue;
        best = {true, feature, *std::prev(high), *high, squared, product};
      }
    }
    return best;
  }

  void grow(std::size_t node, const std::vector<std::size_t>& rows, int depth) {
    const Sums all = sums_of(rows);
    const bool is_pure = std::all_of(
        rows.begin(), rows.end(), [&](std::size_t row) { return table_.targets[row] == table_.targets[rows.front()]; });
    const bool is_deep = options_.max_depth > 0 && depth == options_.max_depth;
    const Split split = best_split(rows);
    if (is_pure || is_deep || all.count < options_.min_samples_split || !split.exists) {
      tree.threshold[node] = static_cast<float>(static_cast<double>(all.target) / static_cast<double>(all.count));
      return;
    }
    const std::size_t left_node = add_node(), right_node = add_node();
    tree.feature[node] = static_cast<std::int32_t>(split.feature);
    tree.threshold[node] = (split.low + split.high) / 2;  // exact: quarters
    tree.left[node] = static_cast<std::int32_t>(left_node);
    tree.gain[split.feature] += static_cast<double>(split.squared) / static_cast<double>(split.product * all.count);
    const std::vector<std::size_t> left = below(rows, split.feature, split.high);
    std::vector<std::size_t> right;
    std::set_difference(rows.begin(), rows.end(), left.begin(), left.end(), std::back_inserter(right));
    grow(left_node, left, depth + 1);
    grow(right_node, right, depth + 1);
  }

  const IntegerTable& table_;
  const TreeOptions& options_;
};

GrownTree grow(const IntegerTable& table, const TreeOptions& options, std::uint64_t seed = 0) {
  const TreeTable sorted(table.rows());
  Random random(seed);
  return TreeGrower(sorted, options).grow(table.targets, table.counts, random);
}

/// A table of one feature whose rows count once.
IntegerTable line(std::vector<double> values, std::vector<double> targets) {
  IntegerTable table;
  table.num_features = 1;
  table.values = std::move(values);
  table.counts.assign(targets.size(), 1);
  table.targets = std::move(targets);
  return table;
}

TEST(TreeGrowth, IsCartToTheLetter) {
  Random random(1);
  for (int i = 0; i < 2000; ++i) {
    SCOPED_TRACE(i);
    const IntegerTable table = random_table(random);
    TreeOptions options;
    if (random.chance(0.3)) options.max_depth = static_cast<int>(random.integer(1, 4));
    if (random.chance(0.3)) options.min_samples_split = static_cast<int>(random.integer(2, 8));
    if (random.chance(0.3)) options.min_samples_leaf = static_cast<int>(random.integer(1, 5));
    const GrownTree ours = grow(table, options), naive = NaiveTree(table, options).tree;
    ASSERT_EQ(ours.feature, naive.feature);
    ASSERT_EQ(ours.threshold, naive.threshold);
    ASSERT_EQ(ours.left, naive.left);
    for (std::size_t j = 0; j < table.num_features; ++j) EXPECT_NEAR(ours.gain[j], naive.gain[j], 1e-9);
  }
}

TEST(TreeGrowth, OneGrowerGrowsManyTrees) {
  Random random(2);
  const IntegerTable table = random_table(random);
  const TreeTable sorted(table.rows());
  TreeGrower grower(sorted, TreeOptions());
  const std::vector<std::uint32_t> all(table.targets.size(), 1);
  const GrownTree first = grower.grow(table.targets, all, random);
  grower.grow(table.targets, table.counts, random);
  const GrownTree again = grower.grow(table.targets, all, random);
  EXPECT_EQ(first.threshold, again.threshold);
  EXPECT_EQ(first.left, again.left);
}

double leaf_of(const GrownTree& tree, const IntegerTable& table, std::size_t row) {
  std::size_t node = 0;
  while (tree.feature[node] >= 0) {
    const float value = table.value(row, static_cast<std::size_t>(tree.feature[node]));
    node = static_cast<std::size_t>(tree.left[node]) + (value < tree.threshold[node] ? 0 : 1);
  }
  return static_cast<double>(tree.threshold[node]);
}

TEST(TreeGrowth, GrowsNoFurtherThanItIsAskedFor) {
  Random random(4);
  std::size_t num_nodes = 0, num_nodes_asked = 0;
  for (int i = 0; i < 100; ++i) {
    IntegerTable table = random_table(random);
    const std::vector<std::size_t> asked = {0, table.targets.size() - 1};
    const TreeTable sorted(table.rows());
    TreeGrower grower(sorted, TreeOptions());
    const GrownTree whole = grower.grow(table.targets, table.counts, random);
    const GrownTree part = grower.grow_for(asked, table.targets, table.counts, random);
    for (const std::size_t row : asked) EXPECT_EQ(leaf_of(part, table, row), leaf_of(whole, table, row));
    EXPECT_LE(part.feature.size(), whole.feature.size());
    num_nodes += whole.feature.size();
    num_nodes_asked += part.feature.size();
  }
  EXPECT_LT(num_nodes_asked, num_nodes / 2);
}

TEST(TreeGrowth, SplitsWhereOneSplitAloneExplainsNothing) {
  IntegerTable table;  // exclusive or
  table.num_features = 2;
  table.values = {0, 0, 0, 1, 1, 0, 1, 1};
  table.targets = {0.1, 0.7, 0.7, 0.1};
  table.counts = {1, 1, 1, 1};
  const GrownTree tree = grow(table, TreeOptions());
  EXPECT_EQ(tree.feature, (std::vector<std::int32_t>{0, 1, 1, -1, -1, -1, -1}));
}

TEST(TreeGrowth, ThresholdTellsNeighbouringFloatsApart) {
  const float low = 1.5F, high = std::nextafter(low, 2.0F);
  const GrownTree tree = grow(line({low, high}, {0, 1}), TreeOptions());
  EXPECT_EQ(tree.threshold[0], high);  // low < threshold goes left
}

TEST(TreeGrowth, ThresholdStaysFiniteBeyondFloat32) {
  const GrownTree tree = grow(line({-1e300, 1, 1e300}, {0, 1, 2}), TreeOptions());
  for (const float threshold : tree.threshold) EXPECT_TRUE(std::isfinite(threshold));
  EXPECT_EQ(tree.feature.size(), 5U);
}

TEST(TreeGrowth, TakesNoRoundingForASplit) {
  // One hundred equal targets that float32 and double do not hold exactly: their mean differs from each by rounding.
  std::vector<double> values, targets(100, 0.1);
  for (int i = 0; i < 100; ++i) values.push_back(i);
  EXPECT_EQ(grow(line(values, targets), TreeOptions()).feature, (std::vector<std::int32_t>{-1}));
}

TEST(TreeGrowth, DrawsFeaturesAnewForEachSplit) {
  constexpr std::size_t kRows = 200;
  IntegerTable table;
  table.num_features = 4;
  Random random(3);
  for (std::size_t i = 0; i < kRows; ++i) {
    for (std::size_t j = 0; j < table.num_features; ++j) table.values.push_back(random.uniform());
    table.targets.push_back(table.values[i * table.num_features]);  // the first feature explains everything
  }
  table.counts.assign(kRows, 1);
  TreeOptions options;
  options.max_features = 0.25;  // one
  const GrownTree tree = grow(table, options, 1);
  EXPECT_EQ(std::set<std::int32_t>(tree.feature.begin(), tree.feature.end()), (std::set<std::int32_t>{-1, 0, 1, 2, 3}));
  EXPECT_EQ(tree.feature, grow(table, options, 1).feature);
  EXPECT_NE(tree.feature, grow(table, options, 2).feature);
}

TEST(TreeTable, SortsEachFeatureStably) {
  for (const std::size_t num_rows : {std::size_t{1}, std::size_t{300}, std::size_t{3000}}) {
    SCOPED_TRACE(num_rows);
    Random random(num_rows);
    std::vector<double> values;
    for (std::size_t i = 0; i < num_rows; ++i) {
      values.push_back(random.uniform(-1, 1));
      values.push_back(static_cast<double>(random.integer(-2, 2)) * -1.0);  // -0 among them
      values.push_back(random.chance(0.5) ? 1e-42 : random.log_uniform(1e-30, 1e30));
    }
    const TreeTable table({values.data(), num_rows, 3});
    for (std::size_t j = 0; j < 3; ++j) {
      std::vector<std::uint32_t> order(num_rows);
      for (std::uint32_t i = 0; i < num_rows; ++i) order[i] = i;
      const auto value = [&](std::uint32_t row) { return static_cast<float>(values[row * 3 + j]); };
      std::stable_sort(order.begin(), order.end(),
                       [&](std::uint32_t a, std::uint32_t b) { return value(a) < value(b); });
      for (std::size_t i = 0; i < num_rows; ++i) {
        ASSERT_EQ(table.sorted(j)[i].row(), order[i]) << "feature " << j << ", place " << i;
        ASSERT_EQ(table.sorted(j)[i].value(), value(order[i]));
      }
    }
  }
}

}  // namespace
}  // namespace perfmodel
