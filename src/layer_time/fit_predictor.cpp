#include "perfmodel/layer_time/fit_predictor.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "perfmodel/core/error.h"

namespace perfmodel {
namespace {

constexpr std::size_t kFewestLayers = 20;

// Stands for a time of 0 in training, where a logarithm may be taken: shorter than any clock can tell.
constexpr double kShortestMs = 1e-6;

std::size_t count_layers(const std::vector<LayerRow>& rows, LayerKind kind) {
  return static_cast<std::size_t>(
      std::count_if(rows.begin(), rows.end(), [kind](const LayerRow& row) { return row.sample.layer.kind == kind; }));
}

// The learner's progress, told by kind and phase.
FitOptions options_for(const FitOptions& options, LayerKind kind, Phase phase) {
  FitOptions named = options;
  if (options.callbacks.progress) {
    named.callbacks.progress = [tell = options.callbacks.progress, kind, phase](const Progress& progress) {
      Progress copy = progress;
      copy.task = fmt::format("fitting {} {}", layer_kind_name(kind), phase_name(phase));
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

// One kind's models, all phases on the same rows.
LayerTimePredictor::KindModels fit_kind(const std::vector<LayerRow>& rows, LayerKind kind, const Learner& learner,
                                        const FitPredictorOptions& options, std::vector<PhaseReport>& reports) {
  LayerTimePredictor::KindModels models{kind, options.features, {}};
  const Split split = random_split(count_layers(rows, kind), options.held_out_fraction, options.fit.seed);
  for (int index = 0; index < kNumPhases; ++index) {
    const Phase phase = static_cast<Phase>(index);
    const Dataset data = layer_dataset(rows, kind, phase, options.features);
    const Dataset training = data.subset(split.first), held_out = data.subset(split.second);
    PhaseReport report;
    report.kind = kind;
    report.phase = phase;
    report.constant = median(training.targets()) < options.constant_below_ms;
    const FitOptions fit = options_for(options.fit, kind, phase);
    const Model model = report.constant ? ConstantLearner().fit(training, fit) : learner.fit(training, fit);
    report_held_out(model, held_out, options.constant_below_ms, report);
    models.phases.push_back(with_held_out(model, report.errors));
    reports.push_back(report);
  }
  return models;
}

}  // namespace

Dataset layer_dataset(const std::vector<LayerRow>& rows, LayerKind kind, Phase phase, FeatureSet set) {
  const std::vector<std::string>& names = layer_feature_names(set, kind);
  Dataset data(names, fmt::format("{}_ms", phase_name(phase)));
  std::vector<double> values(names.size());
  for (const LayerRow& row : rows) {
    if (row.sample.layer.kind != kind) continue;
    encode_layer(set, row.sample.layer, row.sample.context, values);
    data.add_row(values, std::max(row.phase_ms[static_cast<int>(phase)], kShortestMs));
  }
  return data;
}

FittedPredictor fit_layer_time_predictor(const LayerTable& table, const Learner& learner,
                                         const FitPredictorOptions& options) {
  if (!(options.held_out_fraction >= 0 && options.held_out_fraction < 1)) {
    throw Error(ErrorCode::kInvalidArgument,
                fmt::format("held_out_fraction is {}, allowed are 0 to below 1", options.held_out_fraction));
  }
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
    if (count_layers(table.rows, kind) > 0) models.push_back(fit_kind(table.rows, kind, learner, options, reports));
  }
  const TrainingInfo training{noise_floor_pct(table), table.rows.size(), table.num_failed};
  return {LayerTimePredictor(table.environment, std::move(models), training), std::move(reports)};
}

}  // namespace perfmodel
