#include "trees_for_tests.h"

#include <cmath>
#include <vector>

namespace perfmodel {
namespace {

std::size_t add_leaf(TreeEnsemble& trees, Random& random) {
  trees.feature.push_back(-1);
  trees.threshold.push_back(static_cast<float>(random.integer(-1000, 1000)));
  trees.left.push_back(-1);
  return trees.feature.size() - 1;
}

std::int32_t random_feature(const TreeEnsemble& trees, Random& random) {
  return static_cast<std::int32_t>(random.integer(0, static_cast<std::int64_t>(trees.num_inputs) - 1));
}

}  // namespace

void append_random_tree(TreeEnsemble& trees, int num_splits, Random& random) {
  const std::size_t root = add_leaf(trees, random);
  trees.roots.push_back(static_cast<std::int32_t>(root));
  for (int i = 0; i < num_splits; ++i) {
    std::size_t node =
        root + static_cast<std::size_t>(random.integer(0, static_cast<std::int64_t>(trees.feature.size() - root) - 1));
    while (trees.feature[node] >= 0) {
      node = static_cast<std::size_t>(trees.left[node]) + static_cast<std::size_t>(random.integer(0, 1));
    }
    trees.feature[node] = random_feature(trees, random);
    trees.threshold[node] = static_cast<float>(random.uniform(-2, 2));
    trees.left[node] = static_cast<std::int32_t>(add_leaf(trees, random));
    add_leaf(trees, random);
  }
}

void append_shallow_tree(TreeEnsemble& trees, int depth, Random& random) {
  struct Waiting {
    std::size_t node;
    int depth;
  };
  std::vector<Waiting> waiting = {{add_leaf(trees, random), depth}};
  trees.roots.push_back(static_cast<std::int32_t>(waiting.back().node));
  while (!waiting.empty()) {
    const Waiting next = waiting.back();
    waiting.pop_back();
    if (next.depth == 0 || random.chance(0.1)) continue;
    trees.feature[next.node] = random_feature(trees, random);
    trees.threshold[next.node] = static_cast<float>(random.integer(-8, 8)) / 4;
    trees.left[next.node] = static_cast<std::int32_t>(trees.feature.size());
    waiting.push_back({add_leaf(trees, random), next.depth - 1});
    waiting.push_back({add_leaf(trees, random), next.depth - 1});
  }
}

void draw_missing_directions(TreeEnsemble& trees, Random& random) {
  trees.missing_left.clear();
  for (std::size_t i = 0; i < trees.feature.size(); ++i) trees.missing_left.push_back(random.chance(0.5) ? 1 : 0);
}

double answer_of(const TreeEnsemble& trees, Span<const double> row) {
  double sum = trees.base;
  auto float32_sum = static_cast<float>(trees.base);
  for (const std::int32_t root : trees.roots) {
    auto node = static_cast<std::size_t>(root);
    while (trees.feature[node] >= 0) {
      const auto value = static_cast<float>(row[static_cast<std::size_t>(trees.feature[node])]);
      const bool goes_left = std::isnan(value) ? trees.missing_left[node] == 1 : value < trees.threshold[node];
      node = static_cast<std::size_t>(trees.left[node]) + (goes_left ? 0 : 1);
    }
    sum += static_cast<double>(trees.threshold[node]);
    float32_sum += trees.threshold[node];
  }
  return trees.float32_sums ? static_cast<double>(float32_sum) : sum;
}

}  // namespace perfmodel
