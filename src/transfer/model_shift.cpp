#include "transfer/model_shift.h"

#include "learner/left_out.h"
#include "perfmodel/learner/trees.h"
#include "predict/evaluators.h"
#include "transfer/session_base.h"

namespace perfmodel {
namespace {

constexpr std::size_t kFolds = 20;
constexpr int kForestTrees = 16;  // as the authors' code

/// Least squares y = base + slope x; slope 0 where x does not vary.
std::shared_ptr<const Evaluator> fit_line(Span<const double> x, Span<const double> y) {
  const double count = static_cast<double>(x.size());
  double mean_x = 0, mean_y = 0, square = 0, product = 0;
  for (std::size_t i = 0; i < x.size(); ++i) {
    mean_x += x[i] / count;
    mean_y += y[i] / count;
  }
  for (std::size_t i = 0; i < x.size(); ++i) {
    square += (x[i] - mean_x) * (x[i] - mean_x);
    product += (x[i] - mean_x) * (y[i] - mean_y);
  }
  const double slope = square > 0 ? product / square : 0;
  Polynomial line;
  line.num_inputs = 1;
  line.base = mean_y - slope * mean_x;
  line.coefficients = {slope};
  line.first_factor = {0, 1};
  line.factors = {{0, 1}};
  return make_polynomial(std::move(line));
}

/// A forest on one number.
std::shared_ptr<const Evaluator> fit_forest(Span<const double> x, Span<const double> y, const FitOptions& options) {
  Dataset rows({"source_prediction"}, "target");
  for (std::size_t i = 0; i < x.size(); ++i) rows.add_row({x.data() + i, 1}, y[i]);
  ForestOptions forest;
  forest.num_trees = kForestTrees;
  return make_forest_learner(forest)->fit(rows, options).shared_evaluator();
}

std::vector<double> answers_of(const Model& source, const Dataset& rows) {
  std::vector<double> answers(rows.num_rows());
  Workspace workspace(source.evaluator().scratch_bytes(rows.num_rows()));
  source.evaluator().evaluate(rows.features(), answers, workspace.data());
  return answers;
}

std::shared_ptr<const Evaluator> stack(const Model& source, std::shared_ptr<const Evaluator> shift) {
  return make_stacked(source.shared_evaluator(), std::move(shift), false, false);
}

/// A shift fitted on random measurements.
class ModelShift : public RandomSession {
 protected:
  using RandomSession::RandomSession;

  virtual std::shared_ptr<const Evaluator> fit(const Dataset& rows) const = 0;

  Model adapt() const override {
    const Dataset rows = told_rows();
    const FitRows fit_rows = [this](const Dataset& some) { return Model(target_info(strategy()), fit(some)); };
    return with_interval(fit_rows(rows), leave_out(rows, fit_rows, kFolds, fit_options().seed),
                         fit_options().interval_level);
  }
};

class LinearModelShift final : public ModelShift {
 public:
  explicit LinearModelShift(TransferSetup setup) : ModelShift("lms", std::move(setup), 2, false) {}

 protected:
  std::shared_ptr<const Evaluator> fit(const Dataset& rows) const override {
    return fit_linear_shift(matched_source(), rows);
  }
};

class NonlinearModelShift final : public ModelShift {
 public:
  explicit NonlinearModelShift(TransferSetup setup) : ModelShift("nlms", std::move(setup), 2, false) {}

 protected:
  std::shared_ptr<const Evaluator> fit(const Dataset& rows) const override {
    return fit_nonlinear_shift(matched_source(), rows, fit_options_without_interval());
  }
};

}  // namespace

std::shared_ptr<const Evaluator> fit_linear_shift(const Model& source, const Dataset& rows) {
  return stack(source, fit_line(answers_of(source, rows), rows.targets()));
}

std::shared_ptr<const Evaluator> fit_nonlinear_shift(const Model& source, const Dataset& rows,
                                                     const FitOptions& options) {
  return stack(source, fit_forest(answers_of(source, rows), rows.targets(), options));
}

std::unique_ptr<SessionBase> make_linear_model_shift(TransferSetup setup) {
  return std::make_unique<LinearModelShift>(std::move(setup));
}

std::unique_ptr<SessionBase> make_nonlinear_model_shift(TransferSetup setup) {
  return std::make_unique<NonlinearModelShift>(std::move(setup));
}

}  // namespace perfmodel
