#include <cmath>
#include <limits>

#include "core/progress.h"
#include "learner/builtin.h"
#include "learner/calibration.h"
#include "learner/left_out_rows.h"
#include "learner/option_range.h"
#include "learner/run_tasks.h"
#include "learner/training_info.h"
#include "learner/tree_options.h"
#include "learner/tree_problem.h"

namespace perfmodel {
namespace {

enum RandomStream : std::uint64_t { kTreeStream, kRowStream };

constexpr float kSeen = std::numeric_limits<float>::quiet_NaN();

struct GrownForest {
  std::vector<GrownTree> trees;
  std::vector<std::size_t> rows;  ///< to calibrate the interval on
  std::vector<std::vector<float>>
      leaves;  ///< per tree: the leaf of each of `rows`, kSeen where it was grown on the row
};

/// How often each row is among as many as there are, drawn with replacement.
void draw_bootstrap(Random& random, std::vector<std::uint32_t>& counts) {
  std::fill(counts.begin(), counts.end(), 0U);
  const auto last = static_cast<std::int64_t>(counts.size()) - 1;
  for (std::size_t i = 0; i < counts.size(); ++i) ++counts[static_cast<std::size_t>(random.integer(0, last))];
}

/// Some rows to ask the trees about that were grown without them.
std::vector<std::size_t> draw_rows(std::size_t num_rows, std::uint64_t seed) {
  const double share = static_cast<double>(kEnoughLeftOutRows) / static_cast<double>(num_rows);
  return random_split(num_rows, std::min(share, 1.0), seed).second;
}

std::vector<float> unseen_leaves(const TreeProblem& problem, const GrownTree& tree,
                                 const std::vector<std::size_t>& rows, const std::vector<std::uint32_t>& counts) {
  std::vector<float> leaves;
  leaves.reserve(rows.size());
  for (const std::size_t row : rows) {
    leaves.push_back(counts[row] > 0 ? kSeen : static_cast<float>(problem.leaf_of(tree, row)));
  }
  return leaves;
}

GrownForest grow_forest(const TreeProblem& problem, const ForestOptions& options, const FitOptions& fit) {
  struct Worker {
    TreeGrower grower;
    std::vector<std::uint32_t> counts;
  };
  const auto num_trees = static_cast<std::size_t>(options.num_trees);
  const std::size_t num_rows = problem.table().num_rows();
  const Random random(fit.seed), tree_random = random.fork(kTreeStream);
  const std::vector<std::uint32_t> all(num_rows, 1);
  std::vector<Worker> workers(std::min(num_trees, static_cast<std::size_t>(fit.num_threads)),
                              {TreeGrower(problem.table(), options.tree), all});
  GrownForest forest;
  forest.trees.resize(num_trees);
  forest.leaves.resize(num_trees);
  if (options.bootstrap) forest.rows = draw_rows(num_rows, random.fork(kRowStream).bits());

  ProgressReporter reporter(fit.callbacks, "growing trees", num_trees);
  const auto grow = [&](std::size_t t, std::size_t worker) {
    auto& [grower, counts] = workers[worker];
    Random own = tree_random.fork(t);  // so that it does not matter which thread grows the tree
    if (options.bootstrap) draw_bootstrap(own, counts);
    forest.trees[t] = grower.grow(problem.targets(), counts, own);
    forest.leaves[t] = unseen_leaves(problem, forest.trees[t], forest.rows, counts);
  };
  run_tasks(num_trees, fit.num_threads, grow, [&](std::size_t num_done) {
    reporter.update(num_done);
    reporter.throw_if_cancelled();
  });
  return forest;
}

ModelInfo calibrate(const Model& model, const Dataset& data, const TreeProblem& problem, const GrownForest& forest,
                    double level) {
  std::vector<double> measured, predicted;
  for (std::size_t i = 0; i < forest.rows.size(); ++i) {
    double sum = 0;
    int num_unseen = 0;
    for (const std::vector<float>& leaves : forest.leaves) {
      if (std::isnan(leaves[i])) continue;
      sum += static_cast<double>(leaves[i]);
      ++num_unseen;
    }
    if (num_unseen == 0) continue;
    measured.push_back(data.targets()[forest.rows[i]]);
    predicted.push_back(problem.to_answer(sum / num_unseen));
  }
  return calibrate_interval(model.info(), measured, predicted, {}, level);
}

class ForestLearner final : public Learner {
 public:
  explicit ForestLearner(const ForestOptions& options) : options_(options) {}

  std::string name() const override { return "forest"; }

  Model fit(const Dataset& data, const FitOptions& options) const override {
    check_fit(data, options);
    const TreeProblem problem(name(), data, options_.tree.log_target);
    const GrownForest forest = grow_forest(problem, options_, options);
    const Model model(training_info(name(), data), problem.make_evaluator(forest.trees));
    return model.with_info(calibrate(model, data, problem, forest, options.interval_level));
  }

 private:
  ForestOptions options_;
};

}  // namespace

std::unique_ptr<Learner> make_forest_learner(const ForestOptions& options) {
  require_between("num_trees", options.num_trees, 1, 100000);
  check_options(options.tree);
  return std::make_unique<ForestLearner>(options);
}

std::unique_ptr<Learner> forest_learner_from_json(const std::string& json) {
  const OptionReader reader(
      "forest", json,
      {"num_trees", "bootstrap", "max_depth", "min_samples_split", "min_samples_leaf", "max_features", "log_target"});
  ForestOptions options;
  reader.read("num_trees", options.num_trees);
  reader.read("bootstrap", options.bootstrap);
  read_options(reader, options.tree);
  return make_forest_learner(options);
}

}  // namespace perfmodel
