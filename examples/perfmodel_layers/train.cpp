#include <chrono>
#include <cstdio>
#include <memory>

#include "commands.h"
#include "layer_data.h"
#include "layer_learners.h"
#include "number_checks.h"
#include "perfmodel/layer_time/call_table.h"
#include "perfmodel/layer_time/fit_predictor.h"
#include "progress_bar.h"
#include "require_writable.h"
#include "train_report.h"

namespace perfmodel::tools {
namespace {

struct TrainOptions {
  std::vector<std::string> data;
  std::vector<std::string> layers;  // the kind of each table of calls; empty: one table of phases
  std::string time_column = CallTableOptions{}.time_column;
  std::string device = CallTableOptions{}.device_name;
  std::string source;  // a predictor of another device; empty: none
  std::string model;
  std::string learner;  // empty: that of the preset
  std::string preset = "default";
  std::string features;  // empty: those of the preset
  double held_out_fraction = FitPredictorOptions{}.held_out_fraction;
  int num_threads = 1;
  bool memory_bound_by_learner = false;
  std::uint64_t seed = 0;
  std::string report;
  std::string plot;
  bool json = false;
};

std::unique_ptr<Learner> make_learner(const TrainOptions& options) {
  const std::string preferred = options.preset == "paper" ? "resperfnet" : "layer_blend";
  return make_layer_learner(options.learner.empty() ? preferred : options.learner, options.preset);
}

FitPredictorOptions fit_options(const TrainOptions& options) {
  FitPredictorOptions fit;
  fit.features = parse_feature_set(!options.features.empty()   ? options.features
                                   : options.preset == "paper" ? "paper"
                                                               : "physics");
  fit.held_out_fraction = options.held_out_fraction;
  fit.fit.seed = options.seed;
  fit.fit.num_threads = options.num_threads;
  fit.memory_bound_by_cost = !options.memory_bound_by_learner;
  if (!options.source.empty()) {
    fit.source = std::make_shared<const LayerTimePredictor>(LayerTimePredictor::load(options.source));
  }
  return fit;
}

// Campaigns, or a table of whole calls for each --layer.
void check_data(const TrainOptions& options) {
  if (options.layers.empty() || options.layers.size() == options.data.size()) return;
  throw CLI::ValidationError("--data: given " + std::to_string(options.data.size()) + " times, --layer " +
                             std::to_string(options.layers.size()) +
                             " times; tables of phases go without --layer, tables of whole calls with one each");
}

LayerTable read_training_data(const TrainOptions& options) {
  if (options.layers.empty()) return read_campaigns(options.data);
  return read_calls({options.layers, options.data, options.time_column, options.device});
}

void train(const TrainOptions& options) {
  check_data(options);
  for (const std::string& path : {options.model, options.report, options.plot}) require_writable(path);
  const LayerTable table = read_training_data(options);
  const std::unique_ptr<Learner> learner = make_learner(options);
  FitPredictorOptions fit = fit_options(options);
  const auto start = std::chrono::steady_clock::now();
  const FittedPredictor fitted = [&] {
    ProgressBar bar;
    fit.fit.callbacks = bar.callbacks();
    return fit_layer_time_predictor(table, *learner, fit);
  }();
  const double fit_s = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  fitted.predictor.save(options.model);

  const std::string report = train_report_json(fitted, learner->name(), fit, fit_s);
  if (!options.report.empty()) write_text(options.report, report + "\n");
  if (options.json) {
    std::printf("%s\n", report.c_str());
  } else {
    print_train_report(fitted, learner->name(), fit, fit_s);
  }
  if (!options.plot.empty()) plot_held_out(options.plot, table, fitted.predictor, fit);
}

}  // namespace

void add_train_command(CLI::App& app) {
  auto options = std::make_shared<TrainOptions>();
  CLI::App& command =
      *app.add_subcommand("train", "Fit one model per layer kind and phase, and report errors on held-out layers");
  command
      .add_option("--data", options->data,
                  "measured layers, 20 or more of each kind: a campaign file or its CSV, or once for each of several "
                  "campaigns of one environment; with --layer a table that "
                  "others published, each row ONE time of a whole call and not of three phases")
      ->allow_extra_args(false)
      ->required();
  CLI::Option* layer =
      command
          .add_option("--layer", options->layers,
                      "conv, pool or dense: --data is a table of whole calls, all of this kind; once for each --data")
          ->allow_extra_args(false)
          ->check(CLI::IsMember({"conv", "pool", "dense"}));
  command.add_option("--time-column", options->time_column, "which times of such a table; _ms, _us, _s or _ns")
      ->needs(layer)
      ->capture_default_str();
  command.add_option("--device", options->device, "what such a table was measured on, for the model file")
      ->needs(layer)
      ->capture_default_str();
  command.add_option("--source", options->source,
                     "predictor file of another device, where many layers were measured: the learner sees what it "
                     "answers. For few layers, with --learner few_layers");
  command.add_option("--model", options->model, "predictor file to write")->required();
  command
      .add_option("--learner", options->learner,
                  "(default: layer_blend; with the preset paper: resperfnet). Those with the option log_target fit the "
                  "logarithm of the times")
      ->check(CLI::IsMember(layer_learner_names()));
  command
      .add_option("--preset", options->preset,
                  "of resperfnet and perfnet; paper: faithful to it, default: trains well on few layers")
      ->check(CLI::IsMember({"default", "paper"}))
      ->capture_default_str();
  command.add_option("--features", options->features, "how layers are described (paper preset: paper, else physics)")
      ->check(CLI::IsMember({"paper", "physics"}));
  command.add_option("--held-out", options->held_out_fraction, "share of layers kept for the error report")
      ->check(between(0, 0.9))
      ->capture_default_str();
  command.add_flag(
      "--memory-bound-by-learner", options->memory_bound_by_learner,
      "give normalisations, additions, concatenations, activations, global pooling and softmax to --learner "
      "too, not to additive_cost");
  command.add_option("--threads", options->num_threads)->check(at_least(1))->capture_default_str();
  command.add_option("--seed", options->seed)->capture_default_str();
  command.add_option("--report", options->report, "also write the report to this file, as JSON");
  command.add_option("--plot", options->plot, "SVG of predicted against measured times of held-out layers");
  command.add_flag("--json", options->json, "print the report as one JSON object");
  command.callback([options] { train(*options); });
}

}  // namespace perfmodel::tools
