#pragma once

#include <string>
#include <vector>

#include "perfmodel/layer_time/fit_predictor.h"

namespace perfmodel::tools {

/// "conv", "pool", "dense", as reports call the layer kinds.
std::string short_kind_name(LayerKind kind);

/// Errors on held-out layers by kind and phase: as one JSON object, and as a table on standard output. Rows below what
/// a clock can tell are counted apart; the errors leave them out.
/// @param skipped  rows that were left out of the tables
std::string train_report_json(const FittedPredictor& fitted, const std::string& learner,
                              const FitPredictorOptions& options, double fit_s, const std::vector<Skipped>& skipped);
void print_train_report(const FittedPredictor& fitted, const std::string& learner, const FitPredictorOptions& options,
                        double fit_s);

/// Draws predicted against measured execution times of the layers that the fit with `options` held out of `table`.
void plot_held_out(const std::string& path, const LayerTable& table, const LayerTimePredictor& predictor,
                   const FitPredictorOptions& options);

/// Replaces a file by `text`.  @throws Error kIo.
void write_text(const std::string& path, const std::string& text);

}  // namespace perfmodel::tools
