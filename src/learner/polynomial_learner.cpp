#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>
#include <set>

#include "core/progress.h"
#include "learner/builtin.h"
#include "learner/calibration.h"
#include "learner/left_out.h"
#include "learner/left_out_rows.h"
#include "learner/option_json.h"
#include "learner/option_range.h"
#include "learner/polynomial_fit.h"
#include "learner/regression_data.h"
#include "learner/training_info.h"
#include "perfmodel/core/error.h"
#include "perfmodel/core/random.h"
#include "perfmodel/learner/regression.h"

namespace perfmodel {
namespace {

constexpr std::size_t kFolds = 5;
constexpr int kHighestDegree = 8;

using Folds = std::vector<std::vector<std::size_t>>;

/// A degree that was tried on rows left out.
struct Trial {
  Monomials terms;
  double ridge = 0;
  LeftOutAnswers answers;
  double squared_error = 0;  ///< of the targets that are fitted
};

/// Rows that remain to fit on when the largest of the folds is left out.
std::size_t fewest_rows(std::size_t num_rows, const Folds& folds) {
  std::size_t fewest = num_rows;
  for (const std::vector<std::size_t>& fold : folds) fewest = std::min(fewest, num_rows - fold.size());
  return fewest;
}

/// A column of two levels has no square of its own, one of three no cube.
std::vector<int> highest_powers(const Eigen::MatrixXd& features, int max_degree) {
  std::vector<int> powers;
  for (Eigen::Index j = 0; j < features.cols(); ++j) {
    std::set<double> levels;
    for (Eigen::Index i = 0; i < features.rows() && levels.size() <= static_cast<std::size_t>(max_degree); ++i) {
      levels.insert(features(i, j));
    }
    powers.push_back(static_cast<int>(levels.size()) - 1);
  }
  return powers;
}

class PolynomialLearner final : public Learner {
 public:
  explicit PolynomialLearner(const PolynomialOptions& options) : options_(options) {}

  std::string name() const override { return "polynomial"; }

  Model fit(const Dataset& data, const FitOptions& options) const override {
    check_fit(data, options);
    const RegressionData regression(name(), data, options_.log_target);
    const Folds folds = left_out_rows(data.num_rows(), kFolds, Random(options.seed).bits());
    const Trial best = best_degree(data, regression, folds, options.callbacks);
    const PolynomialFit fit = fit_polynomial(best.terms, regression.features, regression.targets, best.ridge);
    const Model model(training_info(name(), data),
                      regression.make_evaluator(best.terms.polynomial(fit.base, fit.coefficients)));
    return model.with_info(
        calibrate_interval(model.info(), best.answers.measured, best.answers.predicted, {}, options.interval_level));
  }

 private:
  Trial best_degree(const Dataset& data, const RegressionData& regression, const Folds& folds,
                    const Callbacks& callbacks) const {
    const std::vector<int> powers = highest_powers(regression.features, options_.max_degree);
    const auto max_terms = static_cast<std::size_t>(options_.max_terms);
    const int num_degrees = options_.max_degree - options_.min_degree + 1;
    ProgressReporter reporter(callbacks, "fitting polynomials", static_cast<std::size_t>(num_degrees));
    std::optional<Trial> best;
    std::size_t num_terms = 0;
    for (int degree = options_.min_degree; degree <= options_.max_degree; ++degree) {
      Trial trial = {Monomials(powers, degree, max_terms), 0, {}, 0};
      if (trial.terms.size() > max_terms) {
        if (best) break;
        throw Error(ErrorCode::kInvalidArgument,
                    fmt::format("a polynomial of degree {} in {} features has more than {} terms, option 'max_terms' "
                                "allows no more",
                                degree, powers.size(), max_terms));
      }
      if (best && trial.terms.size() == num_terms) break;  // no levels left for higher powers
      num_terms = trial.terms.size();
      if (num_terms >= fewest_rows(data.num_rows(), folds)) trial.ridge = options_.ridge;
      trial.answers = leave_out(data.targets(), folds, [&](const auto& kept, const auto& left_out) {
        reporter.throw_if_cancelled();
        return answer_left_out(regression, kept, left_out, trial);
      });
      if (!best || trial.squared_error < best->squared_error) best = std::move(trial);
      reporter.update(static_cast<std::size_t>(degree - options_.min_degree + 1));
    }
    return *std::move(best);
  }

  /// Adds to the trial's squared error.
  static std::vector<double> answer_left_out(const RegressionData& regression, const std::vector<std::size_t>& kept,
                                             const std::vector<std::size_t>& left_out, Trial& trial) {
    const PolynomialFit fit = fit_polynomial(trial.terms, take_rows(regression.features, kept),
                                             take_rows(regression.targets, kept), trial.ridge);
    const Eigen::VectorXd targets = answers_of(fit, trial.terms, take_rows(regression.features, left_out));
    trial.squared_error += (targets - take_rows(regression.targets, left_out)).squaredNorm();
    std::vector<double> answers;
    for (const double target : targets) answers.push_back(regression.to_answer(target));
    return answers;
  }

  PolynomialOptions options_;
};

}  // namespace

std::unique_ptr<Learner> make_polynomial_learner(const PolynomialOptions& options) {
  require_between("min_degree", options.min_degree, 1, kHighestDegree);
  require_between("max_degree", options.max_degree, options.min_degree, kHighestDegree);
  require_at_least("ridge", options.ridge, 0);
  require_between("max_terms", options.max_terms, 1, 100000);
  return std::make_unique<PolynomialLearner>(options);
}

std::unique_ptr<Learner> polynomial_learner_from_json(const std::string& json) {
  const OptionReader reader("polynomial", json, {"min_degree", "max_degree", "ridge", "max_terms", "log_target"});
  PolynomialOptions options;
  reader.read("min_degree", options.min_degree);
  reader.read("max_degree", options.max_degree);
  reader.read("ridge", options.ridge);
  reader.read("max_terms", options.max_terms);
  reader.read("log_target", options.log_target);
  return make_polynomial_learner(options);
}

}  // namespace perfmodel
