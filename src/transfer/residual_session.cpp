#include "transfer/residual_session.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numeric>

#include "learner/calibration.h"
#include "perfmodel/core/error.h"
#include "transfer/residual_plan.h"
#include "transfer/source_length_scales.h"

namespace perfmodel {
namespace {

using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::VectorXd;

enum RandomStream : std::uint64_t { kFeatureStream = 200, kLengthStream, kPlanStream };

constexpr std::size_t kLeastRows = 3, kFolds = 10;
constexpr double kBeyondSource = 5;  // answers of the source model beyond its measurements by that factor are mistaken
constexpr int kRowsOfBelief = 10;    // in the model's own deviations, beside the left out errors
constexpr std::size_t kConformalRows = 40;  // fewer have their largest errors alone beyond an interval
constexpr std::size_t kExplained = 5;

/// Checks before anything is computed from the logarithms.
TransferSetup require_positive_source(const std::string& strategy, TransferSetup setup) {
  const Span<const double> targets = setup.problem.source.targets();
  const auto bad = std::find_if(targets.begin(), targets.end(), [](double target) { return !(target > 0); });
  if (bad != targets.end()) {
    throw Error(ErrorCode::kInvalidArgument,
                fmt::format("source row {}: the target '{}' is {}, {} takes its logarithm: it must be > 0",
                            bad - targets.begin() + 1, setup.problem.source.target_name(), *bad, strategy));
  }
  return setup;
}

double smallest(Span<const double> values) {
  return *std::min_element(values.begin(), values.end());
}

double largest(Span<const double> values) {
  return *std::max_element(values.begin(), values.end());
}

double deviation_of(const VectorXd& values) {
  return std::sqrt((values.array() - values.mean()).square().mean());
}

VectorXd logarithms(Span<const double> values) {
  return Eigen::Map<const VectorXd>(values.data(), static_cast<Index>(values.size())).array().log();
}

}  // namespace

ResidualSession::ResidualSession(const std::string& strategy, TransferSetup setup)
    : SessionBase(strategy, require_positive_source(strategy, std::move(setup)), kLeastRows, true),
      features_(space(), matched_source(), candidate_rows(),
                smallest(this->setup().problem.source.targets()) / kBeyondSource,
                largest(this->setup().problem.source.targets()) * kBeyondSource, random(kFeatureStream)),
      candidate_features_(features_.of(candidate_rows())),
      process_(source_length_scales(candidate_features_, features_.num_options(), random(kLengthStream),
                                    fit_options().callbacks),
               features_.num_effects(), deviation_of(candidate_features_.rightCols(1))) {}

std::vector<std::size_t> ResidualSession::plan(std::size_t count) {
  std::vector<bool> taken(num_candidates());
  for (std::size_t i = 0; i < taken.size(); ++i) taken[i] = is_taken(i);
  return plan_measurements(process_, candidate_features_, taken, count, random(kPlanStream));
}

GaussianProcess ResidualSession::condition(const Dataset& rows) const {
  const MatrixXd features = features_.of(rows.features());
  const VectorXd targets = logarithms(rows.targets());
  return process_.condition(features, targets, process_.fit(features, targets, fit_options().callbacks));
}

Model ResidualSession::fit(const Dataset& rows) const {
  return Model(target_info(strategy()), features_.evaluator(condition(rows)));
}

LeftOutAnswers ResidualSession::left_out() const {
  return leave_out(
      told_rows(), [this](const Dataset& rows) { return fit(rows); }, kFolds, fit_options().seed);
}

Model ResidualSession::with_interval_from(const Model& model, const LeftOutAnswers& answers) const {
  if (answers.measured.size() >= kConformalRows) return with_interval(model, answers, fit_options().interval_level);
  std::vector<double> errors(kRowsOfBelief, 1.0);
  for (std::size_t i = 0; i < answers.measured.size(); ++i) {
    const double deviation = answers.deviation[i] / answers.predicted[i];  // of the logarithm
    errors.push_back(std::log(answers.measured[i] / answers.predicted[i]) / deviation);
  }
  return model.with_info(assume_normal_interval(model.info(), errors, fit_options().interval_level));
}

Model ResidualSession::adapt() const {
  return with_interval_from(fit(told_rows()), left_out());
}

std::vector<std::string> ResidualSession::findings() const {
  if (told_candidates().size() < kLeastRows) return {};
  const GaussianProcess process = condition(told_rows());
  std::vector<std::string> lines = {fmt::format(
      "log target changes by {:.2f} per log source; one measurement has a deviation of {:.1f} %, what the options do "
      "beyond the linear terms one of {:.1f} %",
      process.slopes.back(), 100 * std::sqrt(process.noise_variance), 100 * std::sqrt(process.signal_variance))};
  const std::vector<std::string>& names = features_.option_names();
  std::vector<std::size_t> order(names.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::sort(order.begin(), order.end(),
            [&](std::size_t a, std::size_t b) { return std::abs(process.slopes[a]) > std::abs(process.slopes[b]); });
  order.resize(std::min(order.size(), kExplained));
  for (const std::size_t j : order) {
    lines.push_back(fmt::format("{}: {:+.1f} % per standard deviation, beyond what the source says", names[j],
                                100 * std::expm1(process.slopes[j])));
  }
  return lines;
}

std::unique_ptr<SessionBase> make_residual(TransferSetup setup) {
  return std::make_unique<ResidualSession>(std::move(setup));
}

}  // namespace perfmodel
