#include "perfmodel/layer_time/fit_predictor.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <memory>
#include <utility>

#include "layer_time/roofline.h"
#include "perfmodel/core/error.h"
#include "perfmodel/learner/additive_cost.h"
#include "perfmodel/learner/source_learner.h"
#include "predict/evaluators.h"

namespace perfmodel {
namespace {

constexpr std::size_t kFewestLayers = 20;

// Stands for a time of 0 in training, where a logarithm may be taken: shorter than any clock can tell.
constexpr double kShortestMs = 1e-6;

std::size_t count_layers(const std::vector<LayerRow>& rows, LayerKind kind) {
  return static_cast<std::size_t>(
      std::count_if(rows.begin(), rows.end(), [kind](const LayerRow& row) { return row.sample.layer.kind == kind; }));
}

void require_fraction(const FitPredictorOptions& options) {
  if (options.held_out_fraction >= 0 && options.held_out_fraction < 1) return;
  throw Error(ErrorCode::kInvalidArgument,
              fmt::format("held_out_fraction is {}, allowed are 0 to below 1", options.held_out_fraction));
}

// A source has to know one of the table's kinds at least: else it would be passed over without a word.
void require_known_source(const LayerTable& table, const LayerTimePredictor* source) {
  if (source == nullptr) return;
  const LayerTiming timing = source->environment().timing;
  if (timing != table.environment.timing) {
    throw Error(ErrorCode::kMismatch,
                fmt::format("the source's times are '{}', those of the table '{}'", layer_timing_name(timing),
                            layer_timing_name(table.environment.timing)));
  }
  const bool is_of_use = std::any_of(table.rows.begin(), table.rows.end(),
                                     [source](const LayerRow& row) { return source->knows(row.sample.layer.kind); });
  if (is_of_use || table.rows.empty()) return;
  std::vector<std::string> names;
  for (const LayerKind kind : source->kinds()) names.emplace_back(layer_kind_name(kind));
  throw Error(ErrorCode::kInvalidArgument,
              fmt::format("the source knows none of the table's layer kinds; it knows: {}", fmt::join(names, ", ")));
}

// Layers of one kind into those that are fitted and those held out.
Split split_of(std::size_t num_layers, const FitPredictorOptions& options) {
  return random_split(num_layers, options.held_out_fraction, options.fit.seed);
}

// The learner's progress, told by kind and phase.
FitOptions options_for(const FitOptions& options, LayerKind kind, const std::string& phase) {
  FitOptions named = options;
  if (options.callbacks.progress) {
    named.callbacks.progress = [tell = options.callbacks.progress, kind, phase](const Progress& progress) {
      Progress copy = progress;
      copy.task = fmt::format("fitting {} {}", layer_kind_name(kind), phase);
      tell(copy);
    };
  }
  return named;
}

std::vector<Prediction> predict_all(const Model& model, const Dataset& data) {
  std::vector<Prediction> predictions(data.num_rows());
  Workspace workspace(model.workspace_bytes(data.num_rows()));
  model.predict(data.features(), predictions, workspace).throw_if_error();
  return predictions;
}

// Errors on held-out rows, those whose time the clock cannot tell left out and counted.
void report_held_out(const Model& model, const Dataset& held_out, double constant_below_ms, PhaseReport& report) {
  const std::vector<Prediction> predictions = predict_all(model, held_out);
  std::vector<double> measured, predicted;
  std::size_t num_inside = 0;
  for (std::size_t i = 0; i < predictions.size(); ++i) {
    const double target = held_out.targets()[i];
    if (target < constant_below_ms) {
      ++report.num_below_clock;
      continue;
    }
    measured.push_back(target);
    predicted.push_back(predictions[i].mean);
    if (target >= predictions[i].lower && target <= predictions[i].upper) ++num_inside;
  }
  if (report.constant || measured.empty()) return;
  report.errors = compare(measured, predicted);
  if (model.info().interval_level <= 0) return;
  report.interval_coverage_pct = 100 * static_cast<double>(num_inside) / static_cast<double>(measured.size());
}

Model with_held_out(const Model& model, const ErrorReport& errors) {
  ModelInfo info = model.info();
  info.held_out = errors;
  return model.with_info(std::move(info));
}

// One kind of layers in a table, all phases split alike.
class KindFit {
 public:
  KindFit(const LayerTable& table, LayerKind kind, const Learner& learner, const FitPredictorOptions& options)
      : table_(table),
        kind_(kind),
        additive_cost_(make_additive_cost_learner()),
        learner_(options.memory_bound_by_cost && is_memory_bound(kind) ? *additive_cost_ : learner),
        options_(options),
        split_(split_of(count_layers(table.rows, kind), options)) {}

  LayerTimePredictor::KindModels fit(std::vector<PhaseReport>& reports) const {
    if (table_.environment.timing == LayerTiming::kTotal) {
      const Model total = fit_phase(Phase::kExecution, reports);
      return {kind_, options_.features, {no_time(total, "pre_ms"), total, no_time(total, "post_ms")}};
    }
    LayerTimePredictor::KindModels models{kind_, options_.features, {}};
    for (int phase = 0; phase < kNumPhases; ++phase) {
      models.phases.push_back(fit_phase(static_cast<Phase>(phase), reports));
    }
    return models;
  }

 private:
  Model fit_phase(Phase phase, std::vector<PhaseReport>& reports) const {
    const LayerTiming timing = table_.environment.timing;
    const Dataset data = layer_dataset(table_.rows, kind_, phase, options_.features, timing);
    const Dataset training = data.subset(split_.first), held_out = data.subset(split_.second);
    PhaseReport report;
    report.kind = kind_;
    report.phase = phase;
    report.constant = median(training.targets()) < options_.constant_below_ms;
    const FitOptions fit = options_for(options_.fit, kind_, phase_name(phase, timing));
    const std::shared_ptr<const Learner> learner = learner_for(phase);
    const Model model =
        report.constant ? ConstantLearner().fit(training, fit) : with_roofline(learner->fit(training, fit), training);
    report_held_out(model, held_out, options_.constant_below_ms, report);
    reports.push_back(report);
    return with_held_out(model, report.errors);
  }

  std::shared_ptr<const Learner> learner_for(Phase phase) const {
    const std::shared_ptr<const Learner> own(&learner_, [](const Learner*) {});  // the caller's
    if (options_.source == nullptr || !options_.source->knows(kind_)) return own;
    return make_source_learner(options_.source->model(kind_, phase), own);
  }

  // What a phase takes that is part of a whole call's time: nothing, for the layers that `total` learnt from.
  static Model no_time(const Model& total, const std::string& target) {
    ModelInfo info = total.info();
    info.kind = "constant";
    info.preset.clear();
    info.target = target;
    info.interval_level = 0;
    info.interval_lower_factor = info.interval_upper_factor = 1;
    info.held_out = {};
    return Model(std::move(info), make_constant(total.num_features(), 0));
  }

  const LayerTable& table_;
  const LayerKind kind_;
  const std::unique_ptr<const Learner> additive_cost_;
  const Learner& learner_;
  const FitPredictorOptions& options_;
  const Split split_;
};

}  // namespace

Dataset layer_dataset(const std::vector<LayerRow>& rows, LayerKind kind, Phase phase, FeatureSet set,
                      LayerTiming timing) {
  const std::vector<std::string>& names = layer_feature_names(set, kind);
  Dataset data(names, fmt::format("{}_ms", phase_name(phase, timing)));
  std::vector<double> values(names.size());
  for (const LayerRow& row : rows) {
    if (row.sample.layer.kind != kind) continue;
    encode_layer(set, row.sample.layer, row.sample.context, values);
    data.add_row(values, std::max(row.phase_ms[static_cast<int>(phase)], kShortestMs));
  }
  return data;
}

std::vector<LayerRow> held_out_layers(const LayerTable& table, const FitPredictorOptions& options) {
  require_fraction(options);
  std::vector<LayerRow> held_out;
  for (int index = 0; index < kNumLayerKinds; ++index) {
    std::vector<const LayerRow*> rows;
    for (const LayerRow& row : table.rows) {
      if (row.sample.layer.kind == static_cast<LayerKind>(index)) rows.push_back(&row);
    }
    for (const std::size_t row : split_of(rows.size(), options).second) held_out.push_back(*rows[row]);
  }
  return held_out;
}

FittedPredictor fit_layer_time_predictor(const LayerTable& table, const Learner& learner,
                                         const FitPredictorOptions& options) {
  require_fraction(options);
  require_known_source(table, options.source.get());
  if (table.rows.empty()) throw Error(ErrorCode::kInvalidArgument, "the layer table holds no rows to fit on");
  for (int index = 0; index < kNumLayerKinds; ++index) {
    const std::size_t count = count_layers(table.rows, static_cast<LayerKind>(index));
    if (count == 0 || count >= kFewestLayers) continue;
    throw Error(ErrorCode::kInvalidArgument,
                fmt::format("layer kind '{}' has {} measured layers, a fit takes {} or more",
                            layer_kind_name(static_cast<LayerKind>(index)), count, kFewestLayers));
  }
  std::vector<PhaseReport> reports;
  std::vector<LayerTimePredictor::KindModels> models;
  for (int index = 0; index < kNumLayerKinds; ++index) {
    const LayerKind kind = static_cast<LayerKind>(index);
    if (count_layers(table.rows, kind) > 0) models.push_back(KindFit(table, kind, learner, options).fit(reports));
  }
  const TrainingInfo training{noise_floor_pct(table), table.rows.size(), table.num_failed};
  return {LayerTimePredictor(table.environment, std::move(models), training), std::move(reports)};
}

}  // namespace perfmodel
