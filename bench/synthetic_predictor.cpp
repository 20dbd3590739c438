#include "synthetic_predictor.h"

#include <algorithm>
#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "learner/cost_trend.h"
#include "perfmodel/core/random.h"
#include "perfmodel/layer_time/fit_predictor.h"
#include "perfmodel/layer_time/layer_table.h"
#include "perfmodel/network/layer_sampler.h"
#include "predict/evaluators.h"
#include "random_evaluators.h"

namespace perfmodel {
namespace {

using Shape = ColumnTransform::Shape;

constexpr std::uint64_t kSeed = 1;

/// Layers as a campaign draws them, with times as a machine of 10 GB/s and 10 GFLOP/s would have them.
std::vector<LayerRow> sampled_rows() {
  constexpr std::uint64_t kNumLayers = 1000;
  constexpr double kBytesPerMs = 1e7, kFlopsPerMs = 1e7;
  SamplerOptions options;
  options.seed = kSeed;
  const LayerSampler sampler(options);
  std::vector<LayerRow> rows;
  for (std::uint64_t i = 0; i < kNumLayers; ++i) {
    const LayerSample sample = sampler.sample(i);
    const LayerSpec& layer = sample.layer;
    rows.push_back(
        {sample,
         {layer.input_bytes() / kBytesPerMs, layer.flops() / kFlopsPerMs, layer.output_bytes() / kBytesPerMs},
         0});
  }
  return rows;
}

Shape shape_of(const std::string& feature, SyntheticFit fit) {
  if (fit == SyntheticFit::kPaper) {
    const bool box_cox = feature == "matrix_size_squared" || feature == "kernel_size_squared";
    return box_cox ? Shape::kBoxCox : Shape::kIdentity;
  }
  const bool cost_term = feature.rfind(kCostPrefix, 0) == 0;  // may be 0
  return cost_term ? Shape::kIdentity : Shape::kLog;
}

ModelInfo describe_model(const Dataset& data) {
  ModelInfo info;
  info.kind = "resperfnet";
  info.target = data.target_name();
  info.training_rows = data.num_rows();
  info.interval_level = 0.9;
  info.interval_lower_factor = 0.5;
  info.interval_upper_factor = 2;
  for (std::size_t j = 0; j < data.num_features(); ++j) {
    FeatureInfo feature;
    feature.name = data.feature_names()[j];
    feature.minimum = feature.maximum = data.features()(0, j);
    for (std::size_t i = 0; i < data.num_rows(); ++i) {
      feature.minimum = std::min(feature.minimum, data.features()(i, j));
      feature.maximum = std::max(feature.maximum, data.features()(i, j));
    }
    info.features.push_back(feature);
  }
  return info;
}

Model synthetic_model(const Dataset& data, SyntheticFit fit, Random& random) {
  std::vector<Shape> shapes;
  for (const std::string& name : data.feature_names()) shapes.push_back(shape_of(name, fit));
  FeatureTransform features = FeatureTransform::fit(data.features(), shapes);
  if (fit == SyntheticFit::kPaper) {
    TargetTransform target;
    target.scale = 10;
    auto network =
        make_sequence_network(features.num_outputs(), random_resperfnet(features.num_outputs(), true, random));
    return Model(describe_model(data), make_transformed(std::move(features), std::move(network), std::move(target)));
  }
  constexpr int kMembers = 2;
  TargetTransform target;
  target.kind = TargetTransform::Kind::kLog;
  target.deviation = 0.1;
  target.costs = fit_costs(data);
  features = without_cost_terms(features, data.feature_names(), target.costs);
  const std::size_t width = features.num_outputs();
  for (std::size_t j = 0; j < width; ++j) target.trend.push_back(random.uniform(-0.01, 0.01));
  std::vector<std::shared_ptr<const Evaluator>> members;
  for (int i = 0; i < kMembers; ++i) {
    members.push_back(
        make_transformed(features, make_sequence_network(width, random_resperfnet(width, false, random)), target));
  }
  const std::vector<double> weights(members.size(), 1.0);
  return Model(describe_model(data), make_mean(std::move(members), weights, true));
}

}  // namespace

LayerTimePredictor synthetic_predictor(SyntheticFit fit) {
  const FeatureSet set = fit == SyntheticFit::kPaper ? FeatureSet::kPaper : FeatureSet::kPhysics;
  const std::vector<LayerRow> rows = sampled_rows();
  Random random(kSeed);
  std::vector<LayerTimePredictor::KindModels> models;
  for (const LayerKind kind : {LayerKind::kConv2d, LayerKind::kPool2d, LayerKind::kDense}) {
    LayerTimePredictor::KindModels of_kind{kind, set, {}};
    for (int phase = 0; phase < kNumPhases; ++phase) {
      of_kind.phases.push_back(synthetic_model(layer_dataset(rows, kind, static_cast<Phase>(phase), set), fit, random));
    }
    models.push_back(std::move(of_kind));
  }
  TrainingInfo training;
  training.num_layers = rows.size();
  return LayerTimePredictor({"cpu", "synthetic", "eager", "0", 1}, std::move(models), training);
}

}  // namespace perfmodel
