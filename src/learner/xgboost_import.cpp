#include "perfmodel/learner/xgboost_import.h"

#include <fmt/format.h>

#include <limits>
#include <nlohmann/json.hpp>
#include <string_view>

#include "core/file.h"
#include "learner/booster_reader.h"
#include "perfmodel/core/csv.h"

namespace perfmodel {
namespace {

/// exp of the answers of `margins`.
std::shared_ptr<const Evaluator> exponential_of(std::shared_ptr<const Evaluator> margins) {
  TargetTransform exponential;
  exponential.kind = TargetTransform::Kind::kLog;
  exponential.trend = {1};
  auto outer = make_transformed(FeatureTransform({ColumnTransform{}}), make_constant(1, 0), std::move(exponential));
  return make_stacked(std::move(margins), std::move(outer), /*keep_row=*/false, /*log_inner=*/false);
}

std::vector<FeatureInfo> features_of(const BoosterModel& model) {
  constexpr double kLargest = std::numeric_limits<double>::max();
  std::vector<FeatureInfo> features;
  for (std::size_t j = 0; j < model.trees.num_inputs; ++j) {
    const std::string name = model.names.empty() ? fmt::format("f{}", j) : model.names[j];
    features.push_back({name, unit_of_column(name), -kLargest, kLargest, false});
  }
  for (const std::int32_t feature : model.trees.feature) {
    if (feature >= 0) features[static_cast<std::size_t>(feature)].used = true;
  }
  return features;
}

Model import_text(std::string_view text, const std::string& name, const std::string& target) {
  BoosterModel model = read_booster(text, name);
  ModelInfo info;
  info.kind = "xgboost";
  info.target = target;
  info.features = features_of(model);
  std::shared_ptr<const Evaluator> evaluator = make_tree_ensemble(model.trees);
  if (model.is_log) evaluator = exponential_of(std::move(evaluator));
  return Model(std::move(info), std::move(evaluator));
}

}  // namespace

Model import_xgboost(const std::string& path, const std::string& target) {
  return import_text(read_file(path), path, target);
}

Model import_xgboost(Span<const std::byte> file, const std::string& target) {
  return import_text({reinterpret_cast<const char*>(file.data()), file.size()}, "XGBoost's model", target);
}

}  // namespace perfmodel
