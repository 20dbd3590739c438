#include "train_report.h"

#include <algorithm>
#include <cstdio>
#include <fstream>

#include "interval.h"
#include "json_line.h"
#include "perfmodel/core/csv.h"
#include "perfmodel/core/error.h"
#include "plot.h"
#include "skipped_report.h"
#include "text_table.h"

namespace perfmodel::tools {
namespace {

// Held-out layers of a kind: as many in each phase. A constant phase counts only those below the clock.
std::size_t num_held_out(const std::vector<PhaseReport>& reports, LayerKind kind) {
  std::size_t rows = 0;
  for (const PhaseReport& report : reports) {
    if (report.kind == kind) rows = std::max(rows, report.errors.rows + report.num_below_clock);
  }
  return rows;
}

const char* phase_of(const FittedPredictor& fitted, const PhaseReport& report) {
  return phase_name(report.phase, fitted.predictor.environment().timing);
}

std::string phase_json(const FittedPredictor& fitted, const PhaseReport& report) {
  JsonObject line;
  line.add("kind", short_kind_name(report.kind)).add("phase", phase_of(fitted, report));
  line.add("constant", report.constant).add("rows", num_held_out(fitted.reports, report.kind));
  line.add("num_below_clock", report.num_below_clock);
  line.add("interval_level", interval_level(fitted.predictor, report.kind, report.phase));
  if (report.errors.rows == 0) return line.add_json("mape_pct", "null").text();
  line.add("mape_pct", rounded(report.errors.mape_pct)).add("rmse_ms", rounded(report.errors.rmse, 5));
  line.add("mae_ms", rounded(report.errors.mae, 5)).add("r2", rounded(report.errors.r2, 5));
  line.add("within_10_pct", rounded(report.errors.within_10_pct))
      .add("p95_ape_pct", rounded(report.errors.p95_ape_pct));
  line.add("spearman", rounded(report.errors.spearman, 5));
  return line.add("interval_coverage_pct", rounded(report.interval_coverage_pct)).text();
}

std::string interval_json(const NetworkInterval& interval) {
  JsonObject object;
  object.add("correlation", rounded(interval.correlation, 4)).add("scale", rounded(interval.scale, 4));
  return object.add("num_networks", interval.num_networks).text();
}

void print_network_interval(const NetworkInterval& interval) {
  if (interval.num_networks == 0) return;
  std::printf("intervals of networks: correlation %s, scale %s, fitted to %zu networks\n",
              format_number(rounded(interval.correlation)).c_str(), format_number(rounded(interval.scale)).c_str(),
              interval.num_networks);
}

void print_models_without_interval(const FittedPredictor& fitted) {
  std::string names;
  for (const PhaseReport& report : fitted.reports) {
    if (interval_level(fitted.predictor, report.kind, report.phase) > 0) continue;
    names += (names.empty() ? "" : ", ") + short_kind_name(report.kind) + " " + phase_of(fitted, report);
  }
  if (!names.empty()) std::printf("no interval, too few layers to calibrate one: %s\n", names.c_str());
}

// Held-out execution times of one kind; the split is the one of the fit, which depends on the options alone.
ScatterPanel held_out_panel(const LayerTable& table, const LayerTimePredictor& predictor, LayerKind kind,
                            const FitPredictorOptions& options) {
  const Dataset data = layer_dataset(table.rows, kind, Phase::kExecution, options.features);
  const Dataset held_out =
      data.subset(random_split(data.num_rows(), options.held_out_fraction, options.fit.seed).second);
  const Model& model = predictor.model(kind, Phase::kExecution);
  std::vector<Prediction> predictions(held_out.num_rows());
  Workspace workspace(model.workspace_bytes(held_out.num_rows()));
  model.predict(held_out.features(), predictions, workspace).throw_if_error();

  const bool is_total = predictor.environment().timing == LayerTiming::kTotal;
  ScatterPanel panel{short_kind_name(kind) + (is_total ? ", whole call, " : ", execution, ") +
                         std::to_string(held_out.num_rows()) + " held-out layers",
                     {},
                     {}};
  for (std::size_t i = 0; i < predictions.size(); ++i) {
    if (predictions[i].mean <= 0) continue;
    panel.measured_ms.push_back(held_out.targets()[i]);
    panel.predicted_ms.push_back(predictions[i].mean);
  }
  return panel;
}

}  // namespace

std::string short_kind_name(LayerKind kind) {
  switch (kind) {
    case LayerKind::kConv2d:
      return "conv";
    case LayerKind::kPool2d:
      return "pool";
    default:
      return layer_kind_name(kind);
  }
}

std::string train_report_json(const FittedPredictor& fitted, const std::string& learner,
                              const FitPredictorOptions& options, double fit_s, const std::vector<Skipped>& skipped) {
  std::vector<std::string> phases;
  for (const PhaseReport& report : fitted.reports) phases.push_back(phase_json(fitted, report));
  const TrainingInfo& training = fitted.predictor.training();
  JsonObject line;
  line.add("learner", learner).add("features", feature_set_name(options.features)).add("seed", options.fit.seed);
  line.add("num_layers", training.num_layers).add("num_failed", training.num_failed);
  line.add_json("skipped", skipped_json(skipped));
  line.add("noise_floor_pct", rounded(training.noise_floor_pct)).add("fit_s", rounded(fit_s, 1));
  line.add_json("network_interval", interval_json(fitted.predictor.network_interval()));
  return line.add_json("held_out", json_array(phases)).text();
}

void print_train_report(const FittedPredictor& fitted, const std::string& learner, const FitPredictorOptions& options,
                        double fit_s) {
  const TrainingInfo& training = fitted.predictor.training();
  const bool is_total = fitted.predictor.environment().timing == LayerTiming::kTotal;
  std::printf("%s on %zu layers%s, %s features, %.1f s; noise floor %s %%\n", learner.c_str(), training.num_layers,
              is_total ? " (times of whole calls)" : "", feature_set_name(options.features), fit_s,
              pct_text(training.noise_floor_pct).c_str());
  const std::string below_clock = "below " + format_number(1000 * options.constant_below_ms) + " us";
  TextTable table(
      {"held-out layers", "rows", below_clock, "MAPE %", "RMSE ms", "MAE ms", "R2", "within 10 %", "in interval %"});
  for (const PhaseReport& report : fitted.reports) {
    const std::string name = short_kind_name(report.kind) + " " + phase_of(fitted, report);
    const std::string rows = std::to_string(num_held_out(fitted.reports, report.kind));
    const std::string num_below = std::to_string(report.num_below_clock);
    if (report.constant || report.errors.rows == 0) {
      table.add_row({name, rows, num_below, report.constant ? "constant" : "-", "-", "-", "-", "-", "-"});
      continue;
    }
    const ErrorReport& errors = report.errors;
    char r2[16];
    std::snprintf(r2, sizeof r2, "%.4f", errors.r2);
    table.add_row({name, rows, num_below, pct_text(errors.mape_pct), ms_text(errors.rmse), ms_text(errors.mae), r2,
                   pct_text(errors.within_10_pct), pct_text(report.interval_coverage_pct)});
  }
  table.print();
  print_models_without_interval(fitted);
  print_network_interval(fitted.predictor.network_interval());
}

void plot_held_out(const std::string& path, const LayerTable& table, const LayerTimePredictor& predictor,
                   const FitPredictorOptions& options) {
  if (!can_plot()) {
    std::fprintf(stderr, "gnuplot is not installed: no picture '%s'\n", path.c_str());
    return;
  }
  std::vector<ScatterPanel> panels;
  for (const LayerKind kind : predictor.kinds()) {
    ScatterPanel panel = held_out_panel(table, predictor, kind, options);
    if (!panel.measured_ms.empty()) panels.push_back(std::move(panel));
  }
  if (!panels.empty()) plot_scatter(path, panels);
}

void write_text(const std::string& path, const std::string& text) {
  std::ofstream file(path, std::ios::binary | std::ios::trunc);
  file << text << std::flush;
  if (!file) throw Error(ErrorCode::kIo, "cannot write '" + path + "'");
}

}  // namespace perfmodel::tools
