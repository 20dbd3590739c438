#include <chrono>
#include <cstdio>
#include <functional>
#include <memory>
#include <set>

#include "commands.h"
#include "interval_networks.h"
#include "layer_data.h"
#include "layer_learners.h"
#include "number_checks.h"
#include "perfmodel/layer_time/call_table.h"
#include "perfmodel/layer_time/network_interval.h"
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
  std::string network_intervals = "cautious";
  std::string interval_networks;
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

// To fit intervals of networks to; none where --interval-networks names no table.
std::vector<MeasuredNetwork> interval_networks(const TrainOptions& options) {
  if (options.interval_networks.empty()) return {};
  const bool is_named = options.device != CallTableOptions{}.device_name;
  return read_interval_networks(options.interval_networks, options.time_column, is_named ? options.device : "");
}

// What is known before the fit, which may take its time.
void check_intervals(const TrainOptions& options) {
  if (options.network_intervals == "held-out" && options.held_out_fraction == 0) {
    throw CLI::ValidationError("--network-intervals: held-out, but --held-out is 0: no layers are held out");
  }
}

// A source that knows only some of the kinds helps these.
void warn_of_source(const LayerTable& table, const LayerTimePredictor* source) {
  if (source == nullptr) return;
  std::set<std::string> unknown;
  for (const LayerRow& row : table.rows) {
    const LayerKind kind = row.sample.layer.kind;
    if (!source->knows(kind)) unknown.insert(short_kind_name(kind));
  }
  for (const std::string& kind : unknown) {
    std::fprintf(stderr, "--source: knows no %s, which is fitted without\n", kind.c_str());
  }
}

// The file is there before intervals are fitted, as that may fail where the models are good.
LayerTimePredictor save_with_intervals(const LayerTimePredictor& predictor, const TrainOptions& options,
                                       const std::function<NetworkInterval()>& fit_interval) {
  predictor.save(options.model);
  if (!fit_interval) return predictor;
  try {
    const LayerTimePredictor with_intervals = predictor.with_network_interval(fit_interval());
    with_intervals.save(options.model);
    return with_intervals;
  } catch (const Error& error) {
    throw Error(error.code(), std::string(error.what()) + "; '" + options.model +
                                  "' is written, with cautious intervals of networks");
  }
}

void train(const TrainOptions& options) {
  check_data(options);
  check_intervals(options);
  for (const std::string& path : {options.model, options.report, options.plot}) require_writable(path);
  const LayerTable table = read_training_data(options);
  const std::vector<MeasuredNetwork> networks = interval_networks(options);
  const std::unique_ptr<Learner> learner = make_learner(options);
  FitPredictorOptions fit = fit_options(options);
  warn_of_source(table, fit.source.get());
  const auto start = std::chrono::steady_clock::now();
  FittedPredictor fitted = [&] {
    ProgressBar bar;
    fit.fit.callbacks = bar.callbacks();
    return fit_layer_time_predictor(table, *learner, fit);
  }();
  const double fit_s = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  std::function<NetworkInterval()> fit_interval;
  if (!networks.empty()) fit_interval = [&] { return fit_network_interval(fitted.predictor, networks); };
  if (options.network_intervals == "held-out") {
    fit_interval = [&] { return fit_network_interval_to_held_out(fitted.predictor, table, fit); };
  }
  fitted.predictor = save_with_intervals(fitted.predictor, options, fit_interval);

  const std::string report = train_report_json(fitted, learner->name(), fit, fit_s, table.skipped);
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
  CLI::Option* intervals =
      command
          .add_option(
              "--network-intervals", options->network_intervals,
              "cautious: a model that is wrong about one layer is as wrong about all; held-out: fitted to networks "
              "put together from held-out layers, narrower, for sums of such layers alone")
          ->check(CLI::IsMember({"cautious", "held-out"}))
          ->capture_default_str();
  command
      .add_option("--interval-networks", options->interval_networks,
                  "fit intervals of networks to this table of networks layer by layer, whole calls as --data; of "
                  "--device, where that is given")
      ->needs(layer)
      ->excludes(intervals);
  command.add_option("--threads", options->num_threads)->check(at_least(1))->capture_default_str();
  command.add_option("--seed", options->seed)->capture_default_str();
  command.add_option("--report", options->report, "also write the report to this file, as JSON");
  command.add_option("--plot", options->plot, "SVG of predicted against measured times of held-out layers");
  command.add_flag("--json", options->json, "print the report as one JSON object");
  command.callback([options] { train(*options); });
}

}  // namespace perfmodel::tools
