#include <fmt/format.h>

#include <limits>

#include "core/progress.h"
#include "learner/builtin.h"
#include "learner/calibration.h"
#include "learner/left_out.h"
#include "learner/left_out_rows.h"
#include "learner/option_json.h"
#include "learner/option_range.h"
#include "learner/regression_data.h"
#include "learner/stepwise_selection.h"
#include "learner/training_info.h"
#include "perfmodel/core/error.h"
#include "perfmodel/core/random.h"

namespace perfmodel {
namespace {

constexpr std::size_t kFolds = 5;

void check_options(const StepwiseOptions& options) {
  require_between("max_order", options.max_order, 1, 64);
  require_above_zero("significance", options.significance);
  require_between("significance", options.significance, 0, 1);
  require_at_least("min_coefficient", options.min_coefficient, 0);
}

Polynomial to_polynomial(const StepwiseResult& result, std::size_t num_inputs) {
  Polynomial polynomial;
  polynomial.num_inputs = num_inputs;
  polynomial.base = result.intercept;
  polynomial.first_factor.push_back(0);
  for (const StepwiseTerm& term : result.terms) {
    polynomial.coefficients.push_back(term.coefficient);
    for (const std::size_t feature : term.features) {
      polynomial.factors.push_back({static_cast<std::int32_t>(feature), 1});
    }
    polynomial.first_factor.push_back(static_cast<std::int32_t>(polynomial.factors.size()));
  }
  return polynomial;
}

double answer_of(const StepwiseResult& result, const Eigen::MatrixXd& features, std::size_t row) {
  double answer = result.intercept;
  for (const StepwiseTerm& term : result.terms) {
    double product = term.coefficient;
    for (const std::size_t feature : term.features) {
      product *= features(static_cast<Eigen::Index>(row), static_cast<Eigen::Index>(feature));
    }
    answer += product;
  }
  return answer;
}

class StepwiseLearner final : public Learner {
 public:
  explicit StepwiseLearner(const StepwiseOptions& options) : options_(options) {}

  std::string name() const override { return "stepwise"; }

  Model fit(const Dataset& data, const FitOptions& options) const override {
    check_fit(data, options);
    const RegressionData regression(name(), data, options_.log_target);
    const StepwiseResult result = select_terms(regression.features, regression.targets, options_, options.callbacks);
    const Model model(training_info(name(), data),
                      regression.make_evaluator(to_polynomial(result, regression.transform.num_outputs())));
    if (options.interval_level == 0) return model;

    const auto folds = left_out_rows(data.num_rows(), kFolds, Random(options.seed).bits());
    ProgressReporter reporter(options.callbacks, "leaving rows out of stepwise regression", folds.size());
    std::size_t num_done = 0;
    const LeftOutAnswers left_out = leave_out(data.targets(), folds, [&](const auto& kept, const auto& rows) {
      const StepwiseResult without = select_terms(take_rows(regression.features, kept),
                                                  take_rows(regression.targets, kept), options_, options.callbacks);
      std::vector<double> answers;
      for (const std::size_t row : rows) {
        answers.push_back(regression.to_answer(answer_of(without, regression.features, row)));
      }
      reporter.update(++num_done);
      return answers;
    });
    return model.with_info(
        calibrate_interval(model.info(), left_out.measured, left_out.predicted, {}, options.interval_level));
  }

 private:
  StepwiseOptions options_;
};

}  // namespace

std::unique_ptr<Learner> make_stepwise_learner(const StepwiseOptions& options) {
  check_options(options);
  return std::make_unique<StepwiseLearner>(options);
}

std::unique_ptr<Learner> stepwise_learner_from_json(const std::string& json) {
  using Criterion = StepwiseOptions::Criterion;
  const OptionReader reader("stepwise", json,
                            {"criterion", "max_order", "significance", "min_coefficient", "log_target"});
  StepwiseOptions options;
  reader.read("criterion", options.criterion,
              {std::pair("significance", Criterion::kSignificance), std::pair("aic", Criterion::kAic)});
  reader.read("max_order", options.max_order);
  reader.read("significance", options.significance);
  reader.read("min_coefficient", options.min_coefficient);
  reader.read("log_target", options.log_target);
  return make_stepwise_learner(options);
}

StepwiseResult stepwise_regression(const Dataset& data, const StepwiseOptions& options, const Callbacks& callbacks) {
  return stepwise_regression_in_groups(data, options, {}, callbacks);
}

StepwiseResult stepwise_regression_in_groups(const Dataset& data, const StepwiseOptions& options,
                                             const std::vector<std::size_t>& groups, const Callbacks& callbacks) {
  check_options(options);
  require_rows(data, 3, "stepwise regression");
  const RegressionData regression("stepwise", data, options.log_target);
  if (regression.features.cols() == 0) {
    throw Error(ErrorCode::kInvalidArgument, fmt::format("none of the {} features varies over the {} rows, stepwise "
                                                         "regression needs one that does",
                                                         data.num_features(), data.num_rows()));
  }
  if (regression.targets.minCoeff() == regression.targets.maxCoeff()) {
    throw Error(ErrorCode::kInvalidArgument, fmt::format("{} is {} in all {} rows, stepwise regression needs one that "
                                                         "varies",
                                                         data.target_name(), data.targets()[0], data.num_rows()));
  }
  std::vector<std::size_t> used, groups_of_used;  // features of the data by column of the matrix
  for (std::size_t j = 0; j < data.num_features(); ++j) {
    if (!regression.transform.columns()[j].used) continue;
    used.push_back(j);
    if (!groups.empty()) groups_of_used.push_back(groups[j]);
  }
  StepwiseResult result = select_terms(regression.features, regression.targets, options, callbacks, groups_of_used);
  for (StepwiseTerm& term : result.terms) {
    for (std::size_t& feature : term.features) feature = used[feature];
  }
  return result;
}

}  // namespace perfmodel
