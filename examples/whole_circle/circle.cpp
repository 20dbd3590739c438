#include "circle.h"

#include <cmath>
#include <filesystem>
#include <limits>
#include <map>
#include <set>

#include "perfmodel/config/sampling.h"
#include "perfmodel/core/error.h"
#include "perfmodel/learner/trees.h"
#include "perfmodel/transfer/transfer.h"
#include "progress_bar.h"

namespace perfmodel::tools {
namespace {

constexpr double kFailed = std::numeric_limits<double>::quiet_NaN();

/// Measures configurations as one campaign, in a file of that name.
class Campaigns {
 public:
  Campaigns(const Machine& machine, const ConfigSpace& space, const CircleOptions& options)
      : machine_(machine), space_(space), options_(options) {
    std::filesystem::create_directories(options.folder);
  }

  std::vector<MeasuredConfiguration> measure(const std::string& name, const Workload& workload,
                                             const std::vector<Configuration>& configurations) const {
    ProgressBar bar;
    ConfigurationCampaignOptions campaign;
    campaign.objectives = {options_.objective};
    campaign.repeats = options_.repeats;
    campaign.seed = options_.seed;
    campaign.callbacks = bar.callbacks();
    CampaignStore store =
        CampaignStore::open(options_.folder + "/" + name + ".db",
                            configuration_campaign_schema(space_, configurations, machine_.driver, machine_.meters,
                                                          campaign, {{"workload", name}}));
    run_configuration_campaign(store, space_, configurations, machine_.driver, machine_.meters, machine_.thermal,
                               workload, campaign);
    return values_of(store, configurations);
  }

 private:
  /// In the order of `configurations`, which the campaign's rows are not.
  std::vector<MeasuredConfiguration> values_of(const CampaignStore& store,
                                               const std::vector<Configuration>& configurations) const {
    std::map<std::uint64_t, double> value_at;
    for (const CampaignRow& row : store.rows()) {
      const std::uint64_t index = space_.index_of(space_.from_values({row.inputs.data(), space_.num_options()}));
      value_at[index] = row.ok ? row.outputs.front() : kFailed;
    }
    std::vector<MeasuredConfiguration> measured;
    for (const Configuration& configuration : configurations) {
      measured.push_back({configuration, value_at.at(space_.index_of(configuration))});
    }
    return measured;
  }

  const Machine& machine_;
  const ConfigSpace& space_;
  const CircleOptions& options_;
};

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

CircleResult go_round(const Machine& machine, const CircleProblem& problem, const CircleOptions& options) {
  const ConfigSpace& space = problem.space;
  const Campaigns campaigns(machine, space, options);
  const Dataset source = dataset_of(
      space, campaigns.measure("source", problem.source, sample_random(space, options.num_source, options.seed)),
      options.objective);
  const Model source_model = fit_source(source, options.seed);

  TransferOptions transfer;
  transfer.seed = options.seed;
  transfer.budget = options.budget;
  TransferProblem task{space, space, source, sample_random(space, options.num_candidates, options.seed + 1)};
  const auto session = start_transfer("residual", task, source_model, nullptr, transfer);
  std::vector<Configuration> wanted;
  const std::vector<std::size_t> asked = session->ask(options.budget);
  for (const std::size_t candidate : asked) wanted.push_back(task.candidates[candidate]);
  const std::vector<MeasuredConfiguration> told = campaigns.measure("target", problem.target, wanted);
  CircleResult result;
  for (std::size_t i = 0; i < told.size(); ++i) {
    const bool failed = !std::isfinite(told[i].value);
    session->tell(asked[i], {failed ? 0 : told[i].value, failed ? "failed" : ""});
    result.num_failed += failed ? 1 : 0;
  }
  const Model adapted = session->model();
  adapted.save(options.folder + "/target.safetensors");

  const std::vector<Prediction> answers = predict(adapted, space, task.candidates);
  std::size_t best = 0;
  for (std::size_t i = 1; i < answers.size(); ++i) {
    if (answers[i].mean < answers[best].mean) best = i;
  }
  result.best = task.candidates[best];
  result.best_predicted = answers[best];
  result.best_measured = campaigns.measure("best", problem.target, {result.best}).front().value;
  result.default_measured = campaigns.measure("default", problem.target, {space.default_configuration()}).front().value;

  const std::vector<Configuration> unseen = draw_others(space, options.num_checks, options.seed + 2, wanted);
  result.checks = campaigns.measure("checks", problem.target, unseen);
  result.by_source = predict(source_model, space, unseen);
  result.by_adapted = predict(adapted, space, unseen);
  result.source_mape_pct = mape_pct(result.checks, result.by_source);
  result.adapted_mape_pct = mape_pct(result.checks, result.by_adapted);
  return result;
}

}  // namespace perfmodel::tools
