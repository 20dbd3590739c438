#include "learner/left_out.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

#include "learner/calibration.h"
#include "learner/left_out_rows.h"
#include "perfmodel/core/error.h"
#include "predict/evaluator.h"

namespace perfmodel {
namespace {

constexpr std::size_t kLeastRows = 3;

void append(std::vector<double>& values, Span<const double> more) {
  values.insert(values.end(), more.begin(), more.end());
}

/// 0..num_rows-1 without `fold`, which is ascending.
std::vector<std::size_t> rows_without(std::size_t num_rows, const std::vector<std::size_t>& fold) {
  std::vector<std::size_t> others;
  auto next = fold.begin();
  for (std::size_t row = 0; row < num_rows; ++row) {
    if (next != fold.end() && *next == row) {
      ++next;
    } else {
      others.push_back(row);
    }
  }
  return others;
}

/// As assume_normal_interval() takes them; not finite where a logarithm does not exist.
std::vector<double> standardised_errors(const LeftOutAnswers& answers) {
  std::vector<double> errors;
  for (std::size_t i = 0; i < answers.measured.size(); ++i) {
    const bool is_positive = answers.measured[i] > 0 && answers.predicted[i] > 0;
    const double deviation = answers.deviation.empty() ? 1 : answers.deviation[i] / answers.predicted[i];
    errors.push_back(is_positive ? std::log(answers.measured[i] / answers.predicted[i]) / deviation
                                 : std::numeric_limits<double>::quiet_NaN());
  }
  return errors;
}

bool all_finite(Span<const double> values) {
  return std::all_of(values.begin(), values.end(), [](double value) { return std::isfinite(value); });
}

}  // namespace

LeftOutAnswers leave_out(Span<const double> targets, const std::vector<std::vector<std::size_t>>& folds,
                         const AnswerRows& answer) {
  LeftOutAnswers answers;
  for (const std::vector<std::size_t>& fold : folds) {
    append(answers.predicted, answer(rows_without(targets.size(), fold), fold));
    for (const std::size_t row : fold) answers.measured.push_back(targets[row]);
  }
  return answers;
}

LeftOutAnswers leave_out(const Dataset& rows, const FitRows& fit, std::size_t num_folds, std::uint64_t seed) {
  if (rows.num_rows() < kLeastRows) return {};
  std::vector<double> deviation;
  const AnswerRows answer = [&](const std::vector<std::size_t>& kept, const std::vector<std::size_t>& left_out) {
    const Model model = fit(rows.subset(kept));
    const Evaluator& evaluator = model.evaluator();
    std::vector<double> means(left_out.size()), deviations(left_out.size());
    Workspace workspace(evaluator.scratch_bytes(left_out.size()));
    evaluator.evaluate_with_deviation(rows.subset(left_out).features(), means, deviations, workspace.data());
    if (evaluator.has_deviation()) append(deviation, deviations);
    return means;
  };
  try {
    LeftOutAnswers answers = leave_out(rows.targets(), left_out_rows(rows.num_rows(), num_folds, seed), answer);
    answers.deviation = std::move(deviation);
    return answers;
  } catch (const Error& error) {
    if (error.code() != ErrorCode::kInvalidArgument) throw;
    return {};
  }
}

double relative_error(const LeftOutAnswers& answers) {
  if (answers.measured.empty()) return std::numeric_limits<double>::infinity();
  double sum = 0;
  for (std::size_t i = 0; i < answers.measured.size(); ++i) {
    sum += std::abs(answers.predicted[i] / answers.measured[i] - 1);
  }
  return sum / static_cast<double>(answers.measured.size());
}

Model with_interval(const Model& model, const LeftOutAnswers& answers, double level) {
  const bool has_deviation = model.evaluator().has_deviation();
  if (answers.measured.size() < kLeastRows ||
      answers.deviation.size() != (has_deviation ? answers.measured.size() : 0)) {
    return model;
  }
  ModelInfo info = calibrate_interval(model.info(), answers.measured, answers.predicted, answers.deviation, level);
  if (info.interval_level == 0) {
    const std::vector<double> errors = standardised_errors(answers);
    if (!all_finite(errors)) return model;
    info = assume_normal_interval(model.info(), errors, level, has_deviation ? 1 : 0);
  }
  return model.with_info(std::move(info));
}

}  // namespace perfmodel
