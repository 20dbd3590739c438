#include "comparison.h"

#include <cmath>

#include "configuration_text.h"

namespace perfmodel::tools {
namespace {

double sum_over(const std::vector<std::size_t>& indices, Span<const double> values) {
  double sum = 0;
  for (const std::size_t index : indices) sum += values[index];
  return sum;
}

}  // namespace

Comparison compare(const std::string& strategy, const LearnerPair& learner, const Model& source,
                   const TransferProblem& problem, const MeasuredTable& target, const ComparisonOptions& options) {
  Comparison all;
  all.target = target.name;
  all.strategy = strategy;
  all.learner = learner.name;
  all.budget = options.transfer.budget;
  all.repeats = options.repeats;
  const double count = options.repeats;
  std::vector<double> errors_pct;
  for (int repeat = 0; repeat < options.repeats; ++repeat) {
    TransferOptions transfer = options.transfer;
    transfer.seed += static_cast<std::uint64_t>(repeat);
    const auto session = start_transfer(strategy, problem, source, learner.target, transfer);
    const ReplayResult result = replay_transfer(*session, problem, target.values, options.transfer.budget);
    if (repeat == 0) {
      all.words = session->explain();
      all.best_configuration = configuration_json(target.space, target.configurations[result.predicted_best]);
      all.best_regret_pct = result.regret_pct;
    }
    all.measured = result.measured.size();
    errors_pct.push_back(result.mape_pct);
    all.mape_pct += result.mape_pct / count;
    all.coverage_pct += result.coverage_pct / count;
    all.interval_width_pct += result.interval_width_pct / count;
    all.regret_pct += result.regret_pct / count;
    all.measuring_sum +=
        (options.costs.empty() ? result.measured_sum : sum_over(result.measured, options.costs)) / count;
    if (options.after_repeat) options.after_repeat();
  }
  double squares = 0;
  for (const double error_pct : errors_pct) squares += std::pow(error_pct - all.mape_pct, 2);
  all.mape_pct_std = options.repeats < 2 ? 0 : std::sqrt(squares / (count - 1));
  return all;
}

}  // namespace perfmodel::tools
