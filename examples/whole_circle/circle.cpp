#include "circle.h"

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <limits>
#include <map>
#include <optional>
#include <set>

#include "failure_summary.h"
#include "perfmodel/config/sampling.h"
#include "perfmodel/core/csv.h"
#include "perfmodel/core/error.h"
#include "perfmodel/learner/trees.h"
#include "perfmodel/transfer/transfer.h"
#include "progress_bar.h"
#include "stop_signal.h"

namespace perfmodel::tools {
namespace {

constexpr double kMostRisk = 0.5;  ///< share of a forest that says "fails"
constexpr int kMaxTries = 10;      ///< of a best configuration that does not fail
constexpr double kFailed = std::numeric_limits<double>::quiet_NaN();

/// Measures configurations as one campaign, in a file of that name; its rows are written as CSV, too.
class Campaigns {
 public:
  Campaigns(const Machine& machine, const ConfigSpace& space, const CircleOptions& options)
      : machine_(machine), space_(space), options_(options) {
    std::filesystem::create_directories(options.folder);
  }

  /// @param workload_name  what is measured; part of what identifies the campaign
  std::vector<MeasuredConfiguration> measure(const std::string& name, const std::string& workload_name,
                                             const Workload& workload,
                                             const std::vector<Configuration>& configurations) const {
    ProgressBar bar;
    ConfigurationCampaignOptions campaign;
    campaign.objectives = {options_.objective};
    campaign.warmup_runs = options_.warmup_runs;
    campaign.repeats = options_.repeats;
    campaign.seed = options_.seed;
    campaign.callbacks = bar.callbacks();
    campaign.callbacks.cancelled = is_stopped;
    CampaignStore store =
        CampaignStore::open(options_.folder + "/" + name + ".db",
                            configuration_campaign_schema(space_, configurations, machine_.driver, machine_.meters,
                                                          campaign, {{"workload", workload_name}}));
    run_configuration_campaign(store, space_, configurations, machine_.driver, machine_.meters, machine_.thermal,
                               workload, campaign);
    write_csv(store.to_csv_table(), options_.folder + "/" + name + ".csv");
    return values_of(store, configurations);
  }

 private:
  /// In the order of `configurations`, which the campaign's rows are not.
  std::vector<MeasuredConfiguration> values_of(const CampaignStore& store,
                                               const std::vector<Configuration>& configurations) const {
    std::map<std::uint64_t, CampaignRow> row_of;
    for (CampaignRow& row : store.rows()) {
      const std::uint64_t index = space_.index_of(space_.from_values({row.inputs.data(), space_.num_options()}));
      row_of[index] = std::move(row);
    }
    std::vector<MeasuredConfiguration> measured;
    for (const Configuration& configuration : configurations) {
      const CampaignRow& row = row_of.at(space_.index_of(configuration));
      measured.push_back({configuration, row.ok ? row.outputs.front() : kFailed, row.reason});
    }
    return measured;
  }

  const Machine& machine_;
  const ConfigSpace& space_;
  const CircleOptions& options_;
};

void require_a_good_row(const std::vector<MeasuredConfiguration>& measured, const std::string& workload_name) {
  if (count_rows(measured).num_ok > 0) return;
  std::vector<std::string> reasons;
  for (const MeasuredConfiguration& one : measured) reasons.push_back(one.failure);
  throw Error(ErrorCode::kInvalidArgument, "all " + std::to_string(reasons.size()) + " configurations of " +
                                               workload_name + " failed: " + failure_text(count_failures(reasons)));
}

Dataset dataset_of(const ConfigSpace& space, const std::vector<MeasuredConfiguration>& measured,
                   const std::string& objective) {
  std::vector<std::string> names;
  for (const Option& option : space.options()) names.push_back(option.name());
  Dataset data(names, objective);
  for (const MeasuredConfiguration& one : measured) {
    if (std::isfinite(one.value)) data.add_row(space.values(one.configuration), one.value);
  }
  return data;
}

Model fit_source(const Dataset& source, std::uint64_t seed) {
  ForestOptions forest;
  forest.tree.log_target = true;
  FitOptions fit;
  fit.seed = seed;
  return make_forest_learner(forest)->fit(source, fit);
}

std::vector<Prediction> predict(const Model& model, const ConfigSpace& space,
                                const std::vector<Configuration>& configurations) {
  std::vector<Prediction> predictions(configurations.size());
  Workspace workspace(model.workspace_bytes(1));
  for (std::size_t i = 0; i < configurations.size(); ++i) {
    const std::vector<double> row = space.values(configurations[i]);
    model.predict({row.data(), 1, row.size()}, {&predictions[i], 1}, workspace).throw_if_error();
  }
  return predictions;
}

/// Mean of 100 |predicted - measured| / measured over what did not fail.
double mape_pct(const std::vector<MeasuredConfiguration>& measured, const std::vector<Prediction>& predicted) {
  double sum = 0;
  std::size_t count = 0;
  for (std::size_t i = 0; i < measured.size(); ++i) {
    if (!std::isfinite(measured[i].value)) continue;
    sum += 100 * std::fabs(predicted[i].mean - measured[i].value) / measured[i].value;
    ++count;
  }
  return count == 0 ? kFailed : sum / static_cast<double>(count);
}

Outcome outcome_of(const MeasuredConfiguration& measured) {
  return std::isfinite(measured.value) ? Outcome{measured.value, ""} : Outcome{0, "failed"};
}

/// Says which configurations are likely to fail: a forest on what did and what did not; nothing while all did alike.
std::optional<Model> fit_failures(const ConfigSpace& space, const std::vector<MeasuredConfiguration>& measured,
                                  std::uint64_t seed) {
  std::vector<MeasuredConfiguration> failures = measured;
  std::size_t num_failed = 0;
  for (MeasuredConfiguration& one : failures) {
    const bool failed = !std::isfinite(one.value);
    one.value = failed ? 1 : 0;
    num_failed += failed ? 1 : 0;
  }
  if (num_failed == 0 || num_failed == failures.size()) return std::nullopt;
  FitOptions fit;
  fit.seed = seed;
  fit.interval_level = 0;
  return make_forest_learner()->fit(dataset_of(space, failures, "failed"), fit);
}

/// The candidate with the least prediction that is not known to fail, nor likely to.
std::size_t most_promising(const TransferProblem& task, const Model& adapted, const std::optional<Model>& failures,
                           const std::vector<MeasuredConfiguration>& known) {
  std::set<Configuration> failed;
  for (const MeasuredConfiguration& one : known) {
    if (!std::isfinite(one.value)) failed.insert(one.configuration);
  }
  const std::vector<Prediction> values = predict(adapted, task.target_space, task.candidates);
  std::vector<Prediction> risks(values.size());
  if (failures) risks = predict(*failures, task.target_space, task.candidates);
  std::size_t best = values.size();
  for (std::size_t i = 0; i < values.size(); ++i) {
    const bool is_likely_to_fail = risks[i].mean >= kMostRisk || failed.count(task.candidates[i]) > 0;
    if (!is_likely_to_fail && (best == values.size() || values[i].mean < values[best].mean)) best = i;
  }
  if (best == values.size())
    throw Error(ErrorCode::kInvalidArgument, "every candidate is likely to fail, measure more");
  return best;
}

/// Draws of the space without those of `taken`.
std::vector<Configuration> draw_others(const ConfigSpace& space, std::size_t count, std::uint64_t seed,
                                       const std::vector<Configuration>& taken) {
  const std::set<Configuration> is_taken(taken.begin(), taken.end());
  std::vector<Configuration> others;
  for (const Configuration& drawn : sample_random(space, count + taken.size(), seed)) {
    if (others.size() < count && is_taken.count(drawn) == 0) others.push_back(drawn);
  }
  return others;
}

}  // namespace

RowCounts count_rows(const std::vector<MeasuredConfiguration>& measured) {
  RowCounts counts;
  for (const MeasuredConfiguration& one : measured) ++(std::isfinite(one.value) ? counts.num_ok : counts.num_failed);
  return counts;
}

CircleResult go_round(const Machine& machine, const CircleProblem& problem, const CircleOptions& options) {
  const ConfigSpace& space = problem.space;
  const Campaigns campaigns(machine, space, options);
  const std::vector<MeasuredConfiguration> source_rows = campaigns.measure(
      "source", problem.source_name, problem.source, sample_random(space, options.num_source, options.seed));
  require_a_good_row(source_rows, problem.source_name);
  const Dataset source = dataset_of(space, source_rows, options.objective);
  const Model source_model = fit_source(source, options.seed);

  TransferOptions transfer;
  transfer.seed = options.seed;
  transfer.budget = options.budget;
  const TransferProblem task{space, space, source, sample_random(space, options.num_candidates, options.seed + 1)};
  const auto session = start_transfer("residual", task, source_model, nullptr, transfer);
  const std::vector<std::size_t> asked = session->ask(options.budget);
  std::vector<Configuration> wanted;
  for (const std::size_t candidate : asked) wanted.push_back(task.candidates[candidate]);
  std::vector<MeasuredConfiguration> known = campaigns.measure("target", problem.target_name, problem.target, wanted);
  require_a_good_row(known, problem.target_name);
  for (std::size_t i = 0; i < known.size(); ++i) session->tell(asked[i], outcome_of(known[i]));
  const Model adapted = session->model();
  adapted.save(model_path(options));

  CircleResult result;
  result.source = count_rows(source_rows);
  result.target = count_rows(known);
  result.best_measured = kFailed;
  while (!std::isfinite(result.best_measured) && result.num_tries < kMaxTries) {
    const std::size_t best = most_promising(task, adapted, fit_failures(space, known, options.seed), known);
    ++result.num_tries;
    known.push_back(campaigns
                        .measure("best_" + std::to_string(result.num_tries), problem.target_name, problem.target,
                                 {task.candidates[best]})
                        .front());
    result.best = task.candidates[best];
    result.best_predicted = predict(adapted, space, {result.best}).front();
    result.best_measured = known.back().value;
  }

  const std::vector<Configuration> unseen = draw_others(space, options.num_checks, options.seed + 2, wanted);
  result.checks = campaigns.measure("checks", problem.target_name, problem.target, unseen);
  result.by_source = predict(source_model, space, unseen);
  result.by_adapted = predict(adapted, space, unseen);
  result.source_mape_pct = mape_pct(result.checks, result.by_source);
  result.adapted_mape_pct = mape_pct(result.checks, result.by_adapted);
  return result;
}

}  // namespace perfmodel::tools
