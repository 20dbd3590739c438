#include "transfer/left_out.h"

#include <cmath>

#include "learner/calibration.h"
#include "learner/left_out_rows.h"
#include "predict/evaluator.h"

namespace perfmodel {
namespace {

constexpr std::size_t kLeastRows = 3;

std::vector<double> standardised_errors(const LeftOutAnswers& answers) {
  std::vector<double> errors;
  for (std::size_t i = 0; i < answers.measured.size(); ++i) {
    if (!(answers.measured[i] > 0 && answers.predicted[i] > 0)) continue;
    const double deviation = answers.deviation.empty() ? 1 : answers.deviation[i] / answers.predicted[i];
    errors.push_back(std::log(answers.measured[i] / answers.predicted[i]) / deviation);
  }
  return errors;
}

}  // namespace

LeftOutAnswers leave_out(const Dataset& rows, const FitRows& fit, std::size_t num_folds, std::uint64_t seed) {
  LeftOutAnswers answers;
  std::vector<bool> is_left_out(rows.num_rows());
  for (const std::vector<std::size_t>& fold : left_out_rows(rows.num_rows(), num_folds, seed)) {
    is_left_out.assign(rows.num_rows(), false);
    for (const std::size_t row : fold) is_left_out[row] = true;
    std::vector<std::size_t> kept;
    for (std::size_t i = 0; i < rows.num_rows(); ++i) {
      if (!is_left_out[i]) kept.push_back(i);
    }
    if (kept.empty()) continue;
    const Model model = fit(rows.subset(kept));
    const Dataset others = rows.subset(fold);
    std::vector<double> means(fold.size()), deviations(fold.size());
    Workspace workspace(model.evaluator().scratch_bytes(fold.size()));
    model.evaluator().evaluate_with_deviation(others.features(), means, deviations, workspace.data());
    answers.measured.insert(answers.measured.end(), others.targets().begin(), others.targets().end());
    answers.predicted.insert(answers.predicted.end(), means.begin(), means.end());
    if (model.evaluator().has_deviation()) {
      answers.deviation.insert(answers.deviation.end(), deviations.begin(), deviations.end());
    }
  }
  return answers;
}

double relative_error(const LeftOutAnswers& answers) {
  double sum = 0;
  for (std::size_t i = 0; i < answers.measured.size(); ++i) {
    sum += std::abs(answers.predicted[i] / answers.measured[i] - 1);
  }
  return sum / static_cast<double>(answers.measured.size());
}

Model with_interval(const Model& model, const LeftOutAnswers& answers, double level) {
  const bool mixed = !answers.deviation.empty() && answers.deviation.size() != answers.measured.size();
  if (answers.measured.size() < kLeastRows || mixed ||
      model.evaluator().has_deviation() != !answers.deviation.empty()) {
    return model;
  }
  ModelInfo info = calibrate_interval(model.info(), answers.measured, answers.predicted, answers.deviation, level);
  if (info.interval_level == 0) {
    const std::vector<double> errors = standardised_errors(answers);
    if (errors.size() < kLeastRows) return model;
    info = assume_normal_interval(model.info(), errors, level);
  }
  return model.with_info(std::move(info));
}

}  // namespace perfmodel
