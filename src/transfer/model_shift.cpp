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

/// LMS and NLMS (Iqbal et al., OpML 2019, section 2; Jamshidi et al., SEAMS 2017): a function of the source model's
/// answer alone, fitted on random measurements of the target.
class ModelShift : public RandomSession {
 protected:
  using RandomSession::RandomSession;

  /// Fits the function.  @param x  the source model's answers; y  what was measured there
  virtual std::shared_ptr<const Evaluator> fit(Span<const double> x, Span<const double> y) const = 0;

  Model adapt() const override {
    const Dataset rows = told_rows();
    const FitRows fit_rows = [this](const Dataset& some) { return shifted(some); };
    return with_interval(shifted(rows), leave_out(rows, fit_rows, kFolds, fit_options().seed),
                         fit_options().interval_level);
  }

 private:
  Model shifted(const Dataset& rows) const {
    const Evaluator& source = matched_source().evaluator();
    std::vector<double> answers(rows.num_rows());
    Workspace workspace(source.scratch_bytes(rows.num_rows()));
    source.evaluate(rows.features(), answers, workspace.data());
    return Model(target_info(strategy()),
                 make_stacked(matched_source().shared_evaluator(), fit(answers, rows.targets()), false, false));
  }
};

class LinearModelShift final : public ModelShift {
 public:
  explicit LinearModelShift(TransferSetup setup) : ModelShift("lms", std::move(setup), 2, false) {}

 protected:
  std::shared_ptr<const Evaluator> fit(Span<const double> x, Span<const double> y) const override {
    return fit_line(x, y);
  }
};

class NonlinearModelShift final : public ModelShift {
 public:
  explicit NonlinearModelShift(TransferSetup setup) : ModelShift("nlms", std::move(setup), 2, false) {}

 protected:
  std::shared_ptr<const Evaluator> fit(Span<const double> x, Span<const double> y) const override {
    return fit_forest(x, y, fit_options());
  }
};

}  // namespace

std::unique_ptr<SessionBase> make_linear_model_shift(TransferSetup setup) {
  return std::make_unique<LinearModelShift>(std::move(setup));
}

std::unique_ptr<SessionBase> make_nonlinear_model_shift(TransferSetup setup) {
  return std::make_unique<NonlinearModelShift>(std::move(setup));
}

}  // namespace perfmodel
