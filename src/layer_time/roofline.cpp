#include "layer_time/roofline.h"

#include <algorithm>
#include <cstddef>
#include <string>
#include <utility>
#include <vector>

#include "predict/evaluators.h"

namespace perfmodel {
namespace {

constexpr const char* kLimits[] = {"flops", "input_bytes", "output_bytes", "weight_bytes"};
constexpr std::size_t kRowsPerMistake = 1000;
constexpr double kFasterThanSeen = 1.5;  // a layer that suits the device better than any in the table still may be

/// Least time per unit of a feature that any row took, but for mistakes; 0 where a row has none of it.
double least_time_per_unit(const Dataset& rows, std::size_t feature) {
  std::vector<double> times;
  for (std::size_t i = 0; i < rows.num_rows(); ++i) {
    const double units = rows.features()(i, feature);
    if (!(units > 0)) return 0;
    times.push_back(rows.targets()[i] / units);
  }
  const auto nth = times.begin() + static_cast<std::ptrdiff_t>(times.size() / kRowsPerMistake);
  if (nth == times.end()) return 0;
  std::nth_element(times.begin(), nth, times.end());
  return *nth;
}

}  // namespace

Model with_roofline(const Model& model, const Dataset& training) {
  std::vector<double> floors(training.num_features(), 0.0);
  for (std::size_t j = 0; j < floors.size(); ++j) {
    const std::string& name = training.feature_names()[j];
    if (std::find(std::begin(kLimits), std::end(kLimits), name) != std::end(kLimits)) {
      floors[j] = least_time_per_unit(training, j) / kFasterThanSeen;
    }
  }
  if (std::all_of(floors.begin(), floors.end(), [](double floor) { return floor == 0; })) return model;
  return Model(model.info(), make_floored(model.shared_evaluator(), std::move(floors)));
}

}  // namespace perfmodel
