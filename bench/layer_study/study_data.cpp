#include "study_data.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "json_line.h"
#include "perfmodel/layer_time/call_table.h"
#include "perfmodel/layer_time/fit_predictor.h"

namespace perfmodel::bench {
namespace {

std::string folder_of(const StudyOptions& options) {
  return options.data + "/perfnet_layers/";
}

Json number(double value, int decimals) {
  return std::isfinite(value) ? Json(tools::rounded(value, decimals)) : Json();
}

}  // namespace

LayerTable training_layers(const StudyOptions& options, const std::string& kind, const std::string& time_column) {
  const std::string path = folder_of(options) + kind + "_gtx1080ti_train.csv";
  return first_rows(read_call_table(path, {parse_layer_kind(kind), time_column, kTrainingDevice}), options);
}

LayerTable device_layers(const StudyOptions& options, const std::string& kind, const std::string& device) {
  const std::string path = folder_of(options) + kind + "_devices.csv";
  return first_rows(read_call_table(path, {parse_layer_kind(kind), device + "_mean_ms", device}), options);
}

LayerTable first_rows(LayerTable table, const StudyOptions& options) {
  if (options.max_rows > 0 && table.rows.size() > options.max_rows) table.rows.resize(options.max_rows);
  return table;
}

Dataset call_dataset(const LayerTable& table, const std::string& kind, FeatureSet features) {
  return layer_dataset(table.rows, parse_layer_kind(kind), Phase::kExecution, features, LayerTiming::kTotal);
}

std::vector<Prediction> predict_all(const Model& model, const Dataset& data) {
  std::vector<Prediction> predictions(data.num_rows());
  Workspace workspace(model.workspace_bytes(data.num_rows()));
  model.predict(data.features(), predictions, workspace).throw_if_error();
  return predictions;
}

void add_errors(Json& row, Span<const double> measured, const std::vector<Prediction>& predicted,
                double interval_level) {
  std::vector<double> means;
  double num_inside = 0, width_sum = 0;
  for (std::size_t i = 0; i < predicted.size(); ++i) {
    const Prediction& answer = predicted[i];
    means.push_back(answer.mean);
    if (measured[i] >= answer.lower && measured[i] <= answer.upper) num_inside += 1;
    width_sum += (answer.upper - answer.lower) / std::abs(answer.mean);
  }
  const ErrorReport errors = compare(measured, means);
  row["rows"] = errors.rows;
  row["mape_pct"] = number(errors.mape_pct, 3);
  row["rmse_ms"] = number(errors.rmse, 5);
  row["mae_ms"] = number(errors.mae, 5);
  row["r2"] = number(errors.r2, 5);
  row["within_10_pct"] = number(errors.within_10_pct, 3);
  row["p95_ape_pct"] = number(errors.p95_ape_pct, 3);
  const double none = std::numeric_limits<double>::quiet_NaN(), count = static_cast<double>(predicted.size());
  row["coverage_90_pct"] = number(interval_level > 0 ? 100 * num_inside / count : none, 3);
  row["interval_width_pct"] = number(interval_level > 0 ? 100 * width_sum / count : none, 3);
}

}  // namespace perfmodel::bench
