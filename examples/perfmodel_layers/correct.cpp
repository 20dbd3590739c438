#include <chrono>
#include <cstdio>
#include <memory>

#include "commands.h"
#include "end_to_end.h"
#include "json_line.h"
#include "layer_learners.h"
#include "load_predictors.h"
#include "number_checks.h"
#include "perfmodel/data/dataset.h"
#include "perfmodel/layer_time/network_correction.h"
#include "progress_bar.h"
#include "require_writable.h"
#include "skipped_report.h"
#include "table_kind.h"

namespace perfmodel::tools {
namespace {

struct CorrectOptions {
  std::vector<std::string> models;
  std::string data;
  std::string time_column = TimedNetworkOptions{}.time_column;
  std::string output;
  std::string learner = "xgboost";
  double held_out_fraction = 1.0 / 3;
  int num_threads = 1;
  std::uint64_t seed = 0;
  bool json = false;
};

struct TimedNetworks {
  std::vector<TimedNetwork> training, held_out;
  std::vector<Skipped> skipped;
};

TimedNetworks read_networks(const LayerTimePredictor& predictor, const CorrectOptions& options) {
  const CsvTable csv = read_csv(options.data);
  require_table_kind(csv, TableKind::kTimedNetworks);
  TimedNetworkOptions read;
  read.time_column = options.time_column;
  const TimedNetworkTable table = timed_networks_from_csv(csv, read);
  TimedNetworks networks;
  networks.skipped = table.skipped;
  const KnownNetworks known = known_networks(predictor, table.networks, networks.skipped);
  warn_of_skipped(options.data + ": networks", networks.skipped);
  warn_of_unknown(options.data, known);
  const Split split = random_split(known.networks.size(), options.held_out_fraction, options.seed);
  for (const std::size_t index : split.first) networks.training.push_back(known.networks[index]);
  for (const std::size_t index : split.second) networks.held_out.push_back(known.networks[index]);
  return networks;
}

NetworkCorrection fit(const LayerTimePredictor& predictor, const std::vector<TimedNetwork>& networks,
                      const CorrectOptions& options) {
  ProgressBar bar;
  FitOptions fit;
  fit.seed = options.seed;
  fit.num_threads = options.num_threads;
  fit.callbacks = bar.callbacks();
  return fit_network_correction(predictor, networks, *make_layer_learner(options.learner), fit);
}

void report(const CorrectOptions& options, const TimedNetworks& networks, double fit_s, const EndToEndErrors& errors) {
  const std::size_t num_networks = networks.training.size();
  if (options.json) {
    JsonObject line;
    line.add("learner", options.learner).add("seed", options.seed).add("num_networks", num_networks);
    line.add("fit_s", rounded(fit_s, 1)).add_json("held_out", end_to_end_json(errors, networks.skipped));
    std::printf("%s\n", line.text().c_str());
    return;
  }
  std::printf("%s on %zu networks, %.1f s\n", options.learner.c_str(), num_networks, fit_s);
  if (errors.predicted.rows > 0) {
    print_end_to_end(std::to_string(errors.predicted.rows) + " held-out networks", errors);
  }
}

void correct(const CorrectOptions& options) {
  require_writable(options.output);
  const LayerTimePredictor predictor = load_predictors(options.models);
  const TimedNetworks networks = read_networks(predictor, options);
  const auto start = std::chrono::steady_clock::now();
  const NetworkCorrection correction = fit(predictor, networks.training, options);
  const double fit_s = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  correction.save(options.output);
  const double one_factor = fit_one_factor(predictor, networks.training);
  report(options, networks, fit_s,
         end_to_end_errors(predict_end_to_end(predictor, &correction, networks.held_out), one_factor));
}

}  // namespace

void add_correct_command(CLI::App& app) {
  auto options = std::make_shared<CorrectOptions>();
  CLI::App& command = *app.add_subcommand("correct",
                                          "Learn what networks take from end to end beside the sum of their layers, "
                                          "and report errors on held-out networks");
  command
      .add_option("--model", options->models,
                  "predictor file of the layers; once for each of several that know different kinds")
      ->allow_extra_args(false)
      ->required();
  command
      .add_option("--data", options->data,
                  "networks timed from end to end, as CSV: net_id, batchsize, layers, a time (docs/formats-layers.md)")
      ->required();
  command.add_option("--output", options->output, "correction file to write; evaluate --correction takes it")
      ->required();
  command.add_option("--time-column", options->time_column, "which times; _ms, _us, _s or _ns")->capture_default_str();
  command.add_option("--learner", options->learner, "of the factor between both times")
      ->check(CLI::IsMember(layer_learner_names()))
      ->capture_default_str();
  command
      .add_option("--held-out", options->held_out_fraction,
                  "share of networks kept for the error report (default: a third)")
      ->check(between(0, 0.9));
  command.add_option("--threads", options->num_threads)->check(at_least(1))->capture_default_str();
  command.add_option("--seed", options->seed, "also decides which networks are held out")->capture_default_str();
  command.add_flag("--json", options->json, "print the report as one JSON object");
  command.callback([options] { correct(*options); });
}

}  // namespace perfmodel::tools
