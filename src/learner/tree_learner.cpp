#include "learner/builtin.h"
#include "learner/calibration.h"
#include "learner/left_out.h"
#include "learner/left_out_rows.h"
#include "learner/training_info.h"
#include "learner/tree_options.h"
#include "learner/tree_problem.h"
#include "perfmodel/learner/trees.h"

namespace perfmodel {
namespace {

constexpr std::size_t kFolds = 10;

enum RandomStream : std::uint64_t { kTreeStream, kFoldStream };

class TreeLearner final : public Learner {
 public:
  explicit TreeLearner(const TreeOptions& options) : options_(options) {}

  std::string name() const override { return "tree"; }

  Model fit(const Dataset& data, const FitOptions& options) const override {
    check_fit(data, options);
    const TreeProblem problem(name(), data, options_.log_target);
    TreeGrower grower(problem.table(), options_);
    const Random random(options.seed);
    const std::vector<std::uint32_t> all(data.num_rows(), 1);
    Random tree_random = random.fork(kTreeStream);
    const Model model(training_info(name(), data),
                      problem.make_evaluator({grower.grow(problem.targets(), all, tree_random)}));
    if (options.interval_level == 0) return model;

    const auto folds = left_out_rows(data.num_rows(), kFolds, random.fork(kFoldStream).bits());
    const LeftOutAnswers left_out = leave_out(data.targets(), folds, [&](const auto&, const auto& rows) {
      std::vector<std::uint32_t> counts = all;
      for (const std::size_t row : rows) counts[row] = 0;
      const GrownTree tree = grower.grow_for(rows, problem.targets(), counts, tree_random);
      std::vector<double> answers;
      for (const std::size_t row : rows) answers.push_back(problem.to_answer(problem.leaf_of(tree, row)));
      return answers;
    });
    return model.with_info(
        calibrate_interval(model.info(), left_out.measured, left_out.predicted, {}, options.interval_level));
  }

 private:
  TreeOptions options_;
};

}  // namespace

std::unique_ptr<Learner> make_tree_learner(const TreeOptions& options) {
  check_options(options);
  return std::make_unique<TreeLearner>(options);
}

std::unique_ptr<Learner> tree_learner_from_json(const std::string& json) {
  const OptionReader reader("tree", json,
                            {"max_depth", "min_samples_split", "min_samples_leaf", "max_features", "log_target"});
  TreeOptions options;
  read_options(reader, options);
  return make_tree_learner(options);
}

}  // namespace perfmodel
