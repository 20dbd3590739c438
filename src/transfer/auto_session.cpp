#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <functional>

#include "learner/left_out.h"
#include "perfmodel/learner/gaussian_process.h"
#include "perfmodel/transfer/indicator_learner.h"
#include "transfer/model_shift.h"
#include "transfer/residual_session.h"

namespace perfmodel {
namespace {

constexpr std::size_t kFolds = 10;
constexpr std::size_t kLeastComparedRows = 6;  // fewer do not tell strategies apart

/// One way to learn the target from measured rows.
struct Contender {
  std::string name;
  std::function<std::shared_ptr<const Evaluator>(const Dataset& rows)> fit;
};

double relative_error(const LeftOutAnswers& answers, std::size_t row) {
  return std::abs(answers.predicted[row] / answers.measured[row] - 1);
}

/// Both answer for the same rows in the same order, or not at all.
bool is_clearly_better(const LeftOutAnswers& one, const LeftOutAnswers& other) {
  if (one.measured.empty() || other.measured.empty()) return other.measured.empty() && !one.measured.empty();
  const auto count = static_cast<double>(one.measured.size());
  double sum = 0, sum_of_squares = 0;
  for (std::size_t i = 0; i < one.measured.size(); ++i) {
    const double gain = relative_error(other, i) - relative_error(one, i);
    sum += gain;
    sum_of_squares += gain * gain;
  }
  const double mean = sum / count;
  return mean > std::sqrt(std::max(0.0, sum_of_squares / count - mean * mean) / (count - 1));
}

/// "auto": measures as "residual" does, and answers by whichever of residual, NLMS, LMS and the target's rows alone
/// (target_learner, or a Gaussian process) has the least mean relative error when rows are left out in turn. A source
/// that has nothing to do with the target so costs next to nothing. Fewer than 6 rows tell nothing apart: residual it
/// is.
class AutoSession final : public ResidualSession {
 public:
  explicit AutoSession(TransferSetup setup) : ResidualSession("auto", std::move(setup)) {
    const auto source = [this]() -> const Model& { return matched_source(); };
    contenders_.push_back({"nlms", [=](const Dataset& rows) {
                             return fit_nonlinear_shift(source(), rows, fit_options_without_interval());
                           }});
    contenders_.push_back({"lms", [=](const Dataset& rows) { return fit_linear_shift(source(), rows); }});
    const std::shared_ptr<const Learner> learner = target_learner();
    contenders_.push_back(
        {fmt::format("{} on the target's rows alone", learner->name()), [this, learner](const Dataset& rows) {
           return learner->fit(rows, fit_options_without_interval()).shared_evaluator();
         }});
    GaussianProcessOptions options;
    options.log_target = true;
    const std::shared_ptr<const Learner> process =
        make_indicator_learner(make_gaussian_process_learner(options), space());
    contenders_.push_back({"gp on the target's rows alone", [this, process](const Dataset& rows) {
                             return process->fit(rows, fit_options_without_interval()).shared_evaluator();
                           }});
  }

 protected:
  Model adapt() const override {
    if (told_candidates().size() < kLeastComparedRows) return ResidualSession::adapt();
    const std::vector<Result>& results = compare();
    const Result& choice = choice_of(results);
    if (choice.contender == nullptr) return with_interval_from(fit(told_rows()), choice.answers);
    return with_interval(model_of(*choice.contender, told_rows()), choice.answers, fit_options().interval_level);
  }

  std::vector<std::string> findings() const override {
    if (told_candidates().size() < kLeastComparedRows) return {};
    std::vector<std::string> lines;
    const std::vector<Result>& results = compare();
    for (const Result& result : results) {
      lines.push_back(fmt::format("{}: {:.2f} % mean error on rows left out{}", result.name, 100 * result.error,
                                  &result == &choice_of(results) ? ", taken" : ""));
    }
    return lines;
  }

 private:
  struct Result {
    std::string name;
    const Contender* contender;  ///< nullptr: residual
    LeftOutAnswers answers;
    double error;
  };

  Model model_of(const Contender& contender, const Dataset& rows) const {
    return Model(target_info(strategy()), contender.fit(rows));
  }

  /// Residual first. Of what was told so far, compared once.
  const std::vector<Result>& compare() const {
    if (num_compared_ == told_candidates().size()) return results_;
    std::vector<Result> results;
    results.push_back({"residual", nullptr, left_out(), 0});
    for (const Contender& contender : contenders_) {
      const FitRows fit_rows = [&](const Dataset& rows) { return model_of(contender, rows); };
      results.push_back({contender.name, &contender, leave_out(told_rows(), fit_rows, kFolds, fit_options().seed), 0});
    }
    for (Result& result : results) result.error = relative_error(result.answers);
    results_ = std::move(results);
    num_compared_ = told_candidates().size();
    return results_;
  }

  /// The contender of the least error, where that is below residual's by more than the standard error of the
  /// difference on the same rows: with few rows it is chance which of two alike is ahead. Else residual.
  static const Result& choice_of(const std::vector<Result>& results) {
    const Result* best = &results[0];
    for (const Result& result : results) {
      if (result.error < best->error && is_clearly_better(result.answers, results[0].answers)) best = &result;
    }
    return *best;
  }

  std::vector<Contender> contenders_;
  mutable std::vector<Result> results_;   ///< of compare()
  mutable std::size_t num_compared_ = 0;  ///< rows that it compared on
};

}  // namespace

std::unique_ptr<SessionBase> make_auto(TransferSetup setup) {
  return std::make_unique<AutoSession>(std::move(setup));
}

}  // namespace perfmodel
