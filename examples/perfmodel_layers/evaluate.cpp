#include <algorithm>
#include <cstdio>
#include <memory>

#include "commands.h"
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
  std::string model;
  std::vector<std::string> networks = steering_builtins();
  std::vector<std::int64_t> batches = {1, 4, 8};
  EvaluationOptions evaluation;
  bool skip_layers = false;
  std::string plot;
  bool json = false;
};

bool contains(const std::vector<std::string>& names, const std::string& name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

// The networks asked for, and besides the built-in ones that steered no drawing.
std::vector<EvaluatedNetwork> predicted_networks(const LayerTimePredictor& predictor, const EvaluateOptions& options) {
  std::vector<std::string> names = options.networks;
  for (const std::string& name : builtin_network_names()) {
    if (!contains(steering_builtins(), name) && !contains(names, name)) names.push_back(name);
  }
  std::vector<EvaluatedNetwork> networks;
  for (const std::string& name : names) {
    for (const std::int64_t batch : options.batches) {
      const Network network = network_named(name, batch);
      networks.push_back({network,
                          predictor.predict(network),
                          contains(steering_builtins(), name),
                          {},
                          {},
                          {},
                          interval_level(predictor, network)});
    }
  }
  return networks;
}

void evaluate(const EvaluateOptions& options) {
  require_writable(options.plot);
  const LayerTimePredictor predictor = LayerTimePredictor::load(options.model);
  std::vector<EvaluatedNetwork> networks = predicted_networks(predictor, options);
  {
    ProgressBar bar;
    EvaluationOptions evaluation = options.evaluation;
    evaluation.measure_layers = !options.skip_layers;
    evaluation.callbacks = bar.callbacks();
    measure_networks(predictor, evaluation, networks);
  }
  if (!options.json) print_evaluation(networks);
  std::printf("%s\n", evaluation_json(predictor, networks).c_str());
  if (!options.plot.empty()) plot_evaluation(options.plot, predictor, networks);
}

}  // namespace

void add_evaluate_command(CLI::App& app) {
  auto options = std::make_shared<EvaluateOptions>();
  CLI::App& command = *app.add_subcommand(
      "evaluate", "Time networks from end to end and compare with predictions; the last line is one JSON object");
  command.add_option("--model", options->model, "predictor file")->required();
  command
      .add_option(
          "--networks", options->networks,
          "built-in networks or JSON files. lenet, alexnet and vgg16 make network_mape_pct; files and cifarnet, "
          "which is always reported besides, steered no drawing and make unsteered.network_mape_pct")
      ->delimiter(',')
      ->capture_default_str();
  command.add_option("--batches", options->batches)->delimiter(',')->check(at_least(1))->capture_default_str();
  command.add_option("--rounds", options->evaluation.num_rounds, "how often each network is measured, taking turns")
      ->check(at_least(1))
      ->capture_default_str();
  command.add_option("--max-seconds", options->evaluation.max_seconds, "for one network in one round")
      ->check(above(0))
      ->capture_default_str();
  command.add_flag("--skip-layers", options->skip_layers, "do not time the networks' layers one by one");
  command.add_option("--plot", options->plot, "SVG of measured and predicted times");
  command.add_flag("--json", options->json, "print nothing but the JSON object");
  command.callback([options] { evaluate(*options); });
}

}  // namespace perfmodel::tools
