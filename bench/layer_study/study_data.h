#pragma once

#include <string>
#include <vector>

#include "perfmodel/data/dataset.h"
#include "perfmodel/layer_time/layer_table.h"
#include "perfmodel/learner/model.h"
#include "study.h"

namespace perfmodel::bench {

/// The device of the training rows of ResPerfNet's authors.
inline constexpr char kTrainingDevice[] = "gtx1080ti";

/// The time that training rows are learnt by. Test rows hold means; StudyPart "time_column" compares it with the
/// median.
inline constexpr char kTrainingTime[] = "time_mean_ms";

/// Layers of one kind ("conv", "pool", "dense") that ResPerfNet's authors timed for training, each a whole call.
LayerTable training_layers(const StudyOptions& options, const std::string& kind,
                           const std::string& time_column = kTrainingTime);

/// Layers that they timed on several devices, other ones: no fit sees them. Rows without a time there are left out.
/// @param device  as in the table's columns, e.g. "rtx2080ti"
LayerTable device_layers(const StudyOptions& options, const std::string& kind,
                         const std::string& device = kTrainingDevice);

/// The first rows of a table, as many as StudyOptions::max_rows says.
LayerTable first_rows(LayerTable table, const StudyOptions& options);

/// Layers of one kind with their whole calls' times.
Dataset call_dataset(const LayerTable& table, const std::string& kind, FeatureSet features);

/// What a model answers for all rows.
std::vector<Prediction> predict_all(const Model& model, const Dataset& data);

/// Adds how far predictions are from measurements: rows, mape_pct, rmse_ms, mae_ms, r2, within_10_pct, p95_ape_pct,
/// and, where they have an interval of that level above 0, coverage_90_pct and interval_width_pct, its mean width in
/// percent of the prediction; else null.
void add_errors(Json& row, Span<const double> measured, const std::vector<Prediction>& predicted,
                double interval_level);

}  // namespace perfmodel::bench
