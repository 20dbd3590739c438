#include <gtest/gtest.h>

#include <cmath>

#include "learner/training_info.h"
#include "perfmodel/layer_time/layer_features.h"
#include "perfmodel/network/layer_sampler.h"
#include "synthetic_layers.h"
#include "train_torch/resperfnet_fit.h"

namespace perfmodel {
namespace {

constexpr std::size_t kTrainingLayers = 200, kComparedLayers = 1000;
constexpr double kRelative = 1e-4;  // what the project promises: float32 sums in another order
// The paper's network ends in a ReLU: where it cuts at 0 in one of them, rounding may leave that little in the other.
constexpr double kCutOffMs = 1e-6;

/// Random layers of one kind with a time that depends on their work and traffic.
Dataset sampled_layers(FeatureSet set, LayerKind kind, std::uint64_t first, std::size_t count) {
  SamplerOptions options;
  options.conv_share = kind == LayerKind::kConv2d ? 1 : 0;
  options.dense_share = kind == LayerKind::kDense ? 1 : 0;
  options.ranges = set == FeatureSet::kPaper ? SamplingRanges::kPaper : SamplingRanges::kWide;
  const LayerSampler sampler(options);
  const std::vector<std::string>& names = layer_feature_names(set, kind);
  Dataset data(names, "exe_ms");
  std::vector<double> row(names.size());
  for (std::uint64_t i = first; i < first + count; ++i) {
    const LayerSample sample = sampler.sample(i);
    encode_layer(set, sample.layer, sample.context, row);
    const double bytes = sample.layer.input_bytes() + sample.layer.output_bytes() + sample.layer.weight_bytes();
    data.add_row(row, 0.01 + sample.layer.flops() / 5e7 + bytes / 1e7);
  }
  return data;
}

struct Case {
  const char* preset;
  FeatureSet features;
  LayerKind kind;
};

class ResPerfNetEquality : public ::testing::TestWithParam<Case> {};

TEST_P(ResPerfNetEquality, PerfmodelAnswersWhatLibTorchDoes) {
  const Case& param = GetParam();
  ResPerfNetOptions options = resperfnet_preset(param.preset);
  options.epochs = 2;
  FitOptions fit_options;
  fit_options.num_threads = 2;
  const Dataset training = sampled_layers(param.features, param.kind, 0, kTrainingLayers);
  const Dataset compared = sampled_layers(param.features, param.kind, kTrainingLayers, kComparedLayers);
  const ResPerfNetFit fit = fit_networks(training, kResPerfNet, options, fit_options);
  const std::vector<double> torch = forward_in_torch(fit, compared.features());
  const std::vector<double> ours =
      predicted_means(Model(training_info("resperfnet", training), to_evaluator(fit)), compared.features());
  ASSERT_EQ(ours.size(), kComparedLayers);
  std::size_t num_answers = 0;
  for (std::size_t i = 0; i < ours.size(); ++i) {
    const double tolerance = torch[i] == 0 || ours[i] == 0 ? kCutOffMs : kRelative * std::abs(torch[i]);
    EXPECT_NEAR(ours[i], torch[i], tolerance) << "layer " << i;
    num_answers += torch[i] > 0 ? 1 : 0;
  }
  EXPECT_GT(num_answers, kComparedLayers / 2) << "too few answers to compare";
}

INSTANTIATE_TEST_SUITE_P(AllKinds, ResPerfNetEquality,
                         ::testing::Values(Case{"paper", FeatureSet::kPaper, LayerKind::kConv2d},
                                           Case{"paper", FeatureSet::kPaper, LayerKind::kPool2d},
                                           Case{"paper", FeatureSet::kPaper, LayerKind::kDense},
                                           Case{"default", FeatureSet::kPhysics, LayerKind::kConv2d},
                                           Case{"default", FeatureSet::kPhysics, LayerKind::kPool2d},
                                           Case{"default", FeatureSet::kPhysics, LayerKind::kDense}),
                         [](const auto& test) {
                           return std::string(test.param.preset) + "_" + layer_kind_name(test.param.kind);
                         });

}  // namespace
}  // namespace perfmodel
