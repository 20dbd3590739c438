#include "perfmodel/transfer/replay.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "perfmodel/core/error.h"

namespace perfmodel {
namespace {

void check_values(const TransferProblem& problem, Span<const double> values) {
  if (values.size() != problem.candidates.size()) {
    throw Error(ErrorCode::kMismatch,
                fmt::format("{} values for {} candidates", values.size(), problem.candidates.size()));
  }
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (values[i] > 0 && std::isfinite(values[i])) continue;
    throw Error(ErrorCode::kInvalidArgument,
                fmt::format("candidate {}: the value is {}, more than 0 is allowed", i, values[i]));
  }
}

std::vector<Prediction> predict_candidates(const Model& model, const TransferProblem& problem) {
  std::vector<double> rows;
  for (const Configuration& candidate : problem.candidates) {
    const std::vector<double> row = problem.target_space.values(candidate);
    rows.insert(rows.end(), row.begin(), row.end());
  }
  const std::size_t count = problem.candidates.size();
  std::vector<Prediction> predictions(count);
  Workspace workspace(model.workspace_bytes(count));
  model.predict({rows.data(), count, problem.target_space.num_options()}, predictions, workspace).throw_if_error();
  return predictions;
}

}  // namespace

ReplayResult replay_transfer(TransferSession& session, const TransferProblem& problem, Span<const double> values,
                             std::size_t budget) {
  check_values(problem, values);
  ReplayResult result;
  std::vector<bool> is_measured(values.size(), false);
  while (result.measured.size() < budget) {
    const std::vector<std::size_t> asked = session.ask(budget - result.measured.size());
    if (asked.empty()) break;
    for (const std::size_t candidate : asked) {
      session.tell(candidate, {values[candidate], {}});
      is_measured[candidate] = true;
      result.measured.push_back(candidate);
      result.measured_sum += values[candidate];
    }
  }
  const Model model = session.model();
  const std::vector<Prediction> predictions = predict_candidates(model, problem);

  double error_sum = 0, width_sum = 0, least = std::numeric_limits<double>::infinity();
  std::size_t num_covered = 0;
  for (std::size_t i = 0; i < values.size(); ++i) {
    const Prediction& prediction = predictions[i];
    const double expected = is_measured[i] ? values[i] : prediction.mean;
    if (expected < least) {
      least = expected;
      result.predicted_best = i;
    }
    if (is_measured[i]) continue;
    ++result.num_compared;
    error_sum += std::abs(prediction.mean - values[i]) / values[i];
    width_sum += (prediction.upper - prediction.lower) / std::abs(prediction.mean);
    num_covered += prediction.lower <= values[i] && values[i] <= prediction.upper ? 1 : 0;
  }
  if (result.num_compared == 0) {
    throw Error(ErrorCode::kInvalidArgument,
                fmt::format("all {} candidates were measured, none is left to compare with", values.size()));
  }
  const double count = static_cast<double>(result.num_compared);
  const bool has_interval = model.info().interval_level > 0;
  constexpr double kUnknown = std::numeric_limits<double>::quiet_NaN();
  result.mape_pct = 100 * error_sum / count;
  result.coverage_pct = has_interval ? 100 * static_cast<double>(num_covered) / count : kUnknown;
  result.interval_width_pct = has_interval ? 100 * width_sum / count : kUnknown;
  const double best = *std::min_element(values.begin(), values.end());
  result.regret_pct = 100 * (values[result.predicted_best] / best - 1);
  return result;
}

}  // namespace perfmodel
