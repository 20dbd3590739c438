#include "perfmodel/layer_time/merge_predictors.h"

#include <cmath>

#include "expect_error.h"
#include "predictor_fixture.h"

namespace perfmodel {
namespace {

LayerTimePredictor one_kind(LayerKind kind, const TrainingInfo& training = {},
                            const Environment& environment = test_environment()) {
  return LayerTimePredictor(environment, {sum_models(kind, 2)}, training);
}

TEST(MergePredictors, KnowsTheKindsOfAll) {
  const std::vector<LayerTimePredictor> parts = {one_kind(LayerKind::kDense, {4, 100, 1}),
                                                 one_kind(LayerKind::kConv2d, {8, 300, 2}),
                                                 one_kind(LayerKind::kPool2d)};
  const LayerTimePredictor merged = merge_predictors(parts);
  EXPECT_THAT(merged.kinds(),
              ::testing::UnorderedElementsAre(LayerKind::kConv2d, LayerKind::kPool2d, LayerKind::kDense));
  EXPECT_EQ(merged.features(LayerKind::kDense), FeatureSet::kPaper);
  EXPECT_EQ(merged.environment().device_name, "a processor");
  EXPECT_EQ(merged.training().num_layers, 400U);
  EXPECT_EQ(merged.training().num_failed, 3U);
  EXPECT_DOUBLE_EQ(merged.training().noise_floor_pct, 7);  // (4 * 100 + 8 * 300) / 400
  const std::vector<LayerSpec> layer = {dense(3, 100, 10)};
  const auto execution_ms = [&layer](const LayerTimePredictor& predictor) {
    return predictor.predict_sequence(layer).layers[0].execution().mean_ms;
  };
  EXPECT_EQ(execution_ms(merged), execution_ms(parts[0]));
}

TEST(MergePredictors, LeavesAnUnknownNoiseFloorUnknown) {
  const std::vector<LayerTimePredictor> parts = {one_kind(LayerKind::kDense), one_kind(LayerKind::kConv2d)};
  EXPECT_TRUE(std::isnan(merge_predictors(parts).training().noise_floor_pct));
}

TEST(MergePredictors, GivesASingleOneBackAsItIs) {
  const std::vector<LayerTimePredictor> single = {
      one_kind(LayerKind::kDense, {4, 100, 1}).with_network_interval({0.25, 1.5, 12})};
  const LayerTimePredictor merged = merge_predictors(single);
  EXPECT_EQ(merged.network_interval().correlation, 0.25);
  EXPECT_EQ(merged.network_interval().scale, 1.5);
  EXPECT_EQ(merged.network_interval().num_networks, 12U);
  EXPECT_EQ(merged.kinds(), single[0].kinds());
  EXPECT_EQ(merged.training().num_layers, 100U);
  EXPECT_EQ(merged.training().noise_floor_pct, 4);
}

TEST(MergePredictors, KeepsTheNetworkIntervalThatAllHave) {
  const auto merged_interval = [](const LayerTimePredictor& pool) {
    const LayerTimePredictor dense = one_kind(LayerKind::kDense).with_network_interval({0.25, 1.5, 12});
    return merge_predictors(std::vector<LayerTimePredictor>{dense, pool}).network_interval();
  };
  const LayerTimePredictor pool = one_kind(LayerKind::kPool2d);
  const NetworkInterval kept = merged_interval(pool.with_network_interval({0.25, 1.5, 12}));
  EXPECT_EQ(kept.correlation, 0.25);
  EXPECT_EQ(kept.scale, 1.5);
  EXPECT_EQ(kept.num_networks, 12U);
  for (const LayerTimePredictor& other :
       {pool, pool.with_network_interval({0.5, 1.5, 12}), pool.with_network_interval({0.25, 2, 12}),
        pool.with_network_interval({0.25, 1.5, 9})}) {
    EXPECT_EQ(merged_interval(other).num_networks, 0U);
    EXPECT_EQ(merged_interval(other).correlation, 1);
    EXPECT_EQ(merged_interval(other).scale, 1);
  }
}

TEST(MergePredictors, RejectsWhatDoesNotBelongTogether) {
  EXPECT_PM_ERROR(merge_predictors({}), ErrorCode::kInvalidArgument, "no predictors to merge");
  const std::vector<LayerTimePredictor> twice = {one_kind(LayerKind::kDense), one_kind(LayerKind::kDense)};
  EXPECT_PM_ERROR(merge_predictors(twice), ErrorCode::kInvalidArgument, "layer kind 'dense' is there twice");
  Environment other = test_environment();
  other.device_name = "another processor";
  EXPECT_PM_ERROR(merge_predictors(std::vector<LayerTimePredictor>{one_kind(LayerKind::kDense),
                                                                   one_kind(LayerKind::kConv2d, {}, other)}),
                  ErrorCode::kMismatch, "device name 'a processor' and 'another processor'");
  other = test_environment();
  other.timing = LayerTiming::kTotal;
  EXPECT_PM_ERROR(merge_predictors(std::vector<LayerTimePredictor>{one_kind(LayerKind::kDense),
                                                                   one_kind(LayerKind::kConv2d, {}, other)}),
                  ErrorCode::kMismatch, "timing 'phases' and 'total'");
}

}  // namespace
}  // namespace perfmodel
