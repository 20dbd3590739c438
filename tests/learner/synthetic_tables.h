#pragma once

#include <cmath>
#include <string>
#include <vector>

#include "perfmodel/core/random.h"
#include "perfmodel/data/dataset.h"
#include "perfmodel/learner/model.h"

namespace perfmodel {

/// Rows of three uniform features of which the first two matter: y = (5 + 10 sin(pi a b)) (1 + noise), `noise` the
/// relative deviation; "junk" tells nothing and "constant" does not vary.
inline Dataset wavy_table(std::size_t num_rows, std::uint64_t seed, double noise) {
  constexpr double kPi = 3.14159265358979323846;
  Dataset data({"a", "b", "junk", "constant"}, "time_ms");
  Random random(seed);
  for (std::size_t i = 0; i < num_rows; ++i) {
    const std::vector<double> row = {random.uniform(), random.uniform(), random.uniform(), 7};
    data.add_row(row, (5 + 10 * std::sin(kPi * row[0] * row[1])) * std::exp(noise * random.normal()));
  }
  return data;
}

inline std::vector<Prediction> predictions_of(const Model& model, const Dataset& rows) {
  std::vector<Prediction> predictions(rows.num_rows());
  Workspace workspace(model.workspace_bytes(rows.num_rows()));
  model.predict(rows.features(), predictions, workspace).throw_if_error();
  return predictions;
}

inline double mape_pct_of(const Model& model, const Dataset& rows) {
  std::vector<double> means;
  for (const Prediction& prediction : predictions_of(model, rows)) means.push_back(prediction.mean);
  return mape_pct(rows.targets(), means);
}

/// Share of the rows whose target lies in the model's interval, in percent.
inline double coverage_pct_of(const Model& model, const Dataset& rows) {
  const std::vector<Prediction> predictions = predictions_of(model, rows);
  std::size_t inside = 0;
  for (std::size_t i = 0; i < predictions.size(); ++i) {
    inside += rows.targets()[i] >= predictions[i].lower && rows.targets()[i] <= predictions[i].upper ? 1 : 0;
  }
  return 100.0 * static_cast<double>(inside) / static_cast<double>(predictions.size());
}

}  // namespace perfmodel
