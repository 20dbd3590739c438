#include <algorithm>
#include <cstdio>
#include <memory>

#include "commands.h"
#include "evaluate_table.h"
#include "evaluation.h"
#include "evaluation_report.h"
#include "interval.h"
#include "layer_campaign.h"
#include "network_source.h"
#include "number_checks.h"
#include "progress_bar.h"
#include "require_writable.h"

namespace perfmodel::tools {
namespace {

struct EvaluateOptions {
  EvaluateTableOptions table;  // without data, networks are timed here; models and json are for both
  std::vector<std::string> networks = steering_builtins();
  std::vector<std::int64_t> batches = {1, 4, 8};
  EvaluationOptions evaluation;
  bool skip_layers = false;
  bool partial = false;
  std::string plot;
};

bool contains(const std::vector<std::string>& names, const std::string& name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

// The networks asked for, and besides the main job's that steered no drawing.
std::vector<EvaluatedNetwork> predicted_networks(const LayerTimePredictor& predictor, const EvaluateOptions& options) {
  std::vector<std::string> names = options.networks;
  for (const std::string& name : main_job_builtins()) {
    if (!contains(steering_builtins(), name) && !contains(names, name)) names.push_back(name);
  }
  std::vector<EvaluatedNetwork> networks;
  for (const std::string& name : names) {
    for (const std::int64_t batch : options.batches) {
      const Network network = network_named(name, batch);
      networks.push_back({network,
                          predictor.predict(network, options.partial ? UnknownKinds::kSkip : UnknownKinds::kRefuse),
                          steers_drawing(network),
                          {},
                          {},
                          {}});
    }
  }
  return networks;
}

LayerTimePredictor load_predictor_of_phases(const std::vector<std::string>& models) {
  if (models.size() != 1) throw CLI::ValidationError("--model: several take part with --data only");
  LayerTimePredictor predictor = LayerTimePredictor::load(models.front());
  if (predictor.environment().timing == LayerTiming::kPhases) return predictor;
  throw Error(ErrorCode::kMismatch, "'" + models.front() +
                                        "' predicts whole calls that others measured; there is nothing to time here, "
                                        "--data takes a table to compare with");
}

void evaluate_here(const EvaluateOptions& options) {
  require_writable(options.plot);
  const LayerTimePredictor predictor = load_predictor_of_phases(options.table.models);
  std::vector<EvaluatedNetwork> networks = predicted_networks(predictor, options);
  {
    ProgressBar bar;
    EvaluationOptions evaluation = options.evaluation;
    evaluation.measure_layers = !options.skip_layers;
    evaluation.callbacks = bar.callbacks();
    measure_networks(predictor, evaluation, networks);
  }
  if (!options.table.json) print_evaluation(networks);
  std::printf("%s\n", evaluation_json(predictor, networks).c_str());
  if (!options.plot.empty()) plot_evaluation(options.plot, predictor, networks);
}

// What is compared with a table of others, instead of times taken here.
void add_table_options(CLI::App& command, EvaluateTableOptions& table, const std::vector<CLI::Option*>& others) {
  CLI::Option* data = command.add_option(
      "--data", table.data,
      "compare with this table instead of timing networks here: layers as campaigns export them; layers or networks "
      "layer by layer that others published, each row ONE time of a whole call and not of three phases; or networks "
      "timed from end to end");
  for (CLI::Option* other : others) data->excludes(other);
  command.add_option("--layer", table.layer, "kind of a published table of layers (default: its columns tell)")
      ->check(CLI::IsMember({"conv", "pool", "dense"}))
      ->needs(data);
  command
      .add_option("--time-column", table.time_column,
                  "which times of a published table; _ms, _us, _s or _ns (default: time_median_ms)")
      ->needs(data);
  command
      .add_option("--correction", table.correction,
                  "what `correct` made for this predictor, for networks that were timed from end to end (without: the "
                  "sum of their layers)")
      ->needs(data);
  command
      .add_option(
          "--device", table.device,
          "of a table of networks, only those measured on it (default: the predictor's device, or all where it is "
          "not there)")
      ->needs(data);
}

}  // namespace

void add_evaluate_command(CLI::App& app) {
  auto options = std::make_shared<EvaluateOptions>();
  CLI::App& command = *app.add_subcommand(
      "evaluate",
      "Time networks from end to end and compare with predictions, the last line is one JSON object; or compare with a "
      "table of layers or networks");
  command
      .add_option("--model", options->table.models,
                  "predictor file; with --data once for each of several that know different kinds")
      ->allow_extra_args(false)
      ->required();
  CLI::Option* networks =
      command
          .add_option(
              "--networks", options->networks,
              "built-in networks or JSON files. Those with a layer that `measure` draws around (lenet, alexnet, "
              "vgg16, ResNets, mobilenetv2) make network_mape_pct; others and cifarnet, which is always reported "
              "besides, steered no drawing and make unsteered.network_mape_pct")
          ->delimiter(',')
          ->capture_default_str();
  CLI::Option* batches =
      command.add_option("--batches", options->batches, "of a table of networks only these (default there: all)")
          ->delimiter(',')
          ->check(at_least(1))
          ->capture_default_str();
  CLI::Option* rounds =
      command
          .add_option("--rounds", options->evaluation.num_rounds, "how often each network is measured, taking turns")
          ->check(at_least(1))
          ->capture_default_str();
  CLI::Option* max_seconds =
      command.add_option("--max-seconds", options->evaluation.max_seconds, "for one network in one round")
          ->check(above(0))
          ->capture_default_str();
  CLI::Option* skip_layers =
      command.add_flag("--skip-layers", options->skip_layers, "do not time the networks' layers one by one");
  CLI::Option* partial = command.add_flag(
      "--partial", options->partial,
      "layers of kinds that the predictor does not know count nothing, instead of being an error; see the coverage. "
      "Networks of --data are compared as a whole or not at all");
  CLI::Option* plot = command.add_option("--plot", options->plot, "SVG of measured and predicted times");
  command.add_flag("--json", options->table.json, "print nothing but JSON: one object, or with --data one per line");
  add_table_options(command, options->table, {networks, rounds, max_seconds, skip_layers, partial, plot});
  command.callback([options, batches] {
    if (options->table.data.empty()) return evaluate_here(*options);
    if (batches->count() > 0) options->table.batches = options->batches;
    evaluate_table(options->table);
  });
}

}  // namespace perfmodel::tools
