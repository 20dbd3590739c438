#pragma once

#include <cmath>
#include <cstdint>
#include <vector>

#include "perfmodel/core/random.h"
#include "perfmodel/data/dataset.h"
#include "perfmodel/learner/model.h"

namespace perfmodel {

/// Convolutions whose time is known: 0.02 ms for the call, 100 GFLOP/s, times log-normal noise. "use_bias" never
/// varies. `size_factor` scales the matrix, for layers beyond those of size_factor 1.
inline Dataset synthetic_layers(std::size_t num_rows, std::uint64_t seed, double noise, double size_factor = 1) {
  constexpr double kCallMs = 0.02, kFlopsPerMs = 1e8;
  Dataset data({"batch_size", "matrix_size_squared", "kernel_size_squared", "channels_in", "channels_out", "use_bias"},
               "time_ms");
  Random random(seed);
  for (std::size_t i = 0; i < num_rows; ++i) {
    const auto batch = static_cast<double>(random.log_integer(1, 32));
    const auto size = static_cast<double>(random.log_integer(7, 112)) * size_factor;
    const auto kernel = static_cast<double>(random.integer(1, 7));
    const auto channels_in = static_cast<double>(random.log_integer(1, 256));
    const auto channels_out = static_cast<double>(random.log_integer(1, 256));
    const double flops = 2 * batch * size * size * kernel * kernel * channels_in * channels_out;
    const std::vector<double> row = {batch, size * size, kernel * kernel, channels_in, channels_out, 1};
    data.add_row(row, (kCallMs + flops / kFlopsPerMs) * std::exp(noise * random.normal()));
  }
  return data;
}

/// The same with the terms of the additive cost that the time is: "cost_call" and "cost_gflop".
inline Dataset with_cost_terms(const Dataset& data) {
  std::vector<std::string> names = data.feature_names();
  names.insert(names.end(), {"cost_call", "cost_gflop"});
  Dataset out(names, data.target_name());
  for (std::size_t i = 0; i < data.num_rows(); ++i) {
    const Span<const double> row = data.features().row(i);
    std::vector<double> values(row.begin(), row.end());
    values.insert(values.end(), {1.0, 2e-9 * row[0] * row[1] * row[2] * row[3] * row[4]});
    out.add_row(values, data.targets()[i]);
  }
  return out;
}

inline std::vector<double> predicted_means(const Model& model, MatrixView<const double> rows) {
  std::vector<Prediction> predictions(rows.rows());
  Workspace workspace(model.workspace_bytes(rows.rows()));
  model.predict(rows, predictions, workspace).throw_if_error();
  std::vector<double> means;
  for (const Prediction& prediction : predictions) means.push_back(prediction.mean);
  return means;
}

inline double mape_of(const Model& model, const Dataset& data) {
  return mape_pct(data.targets(), predicted_means(model, data.features()));
}

}  // namespace perfmodel
