// Which features put a layer outside of what a predictor has learnt.
#include "perfmodel/layer_time/outside_features.h"

#include <cmath>
#include <limits>

#include "expect_error.h"
#include "perfmodel/network/layer_makers.h"
#include "predictor_fixture.h"

namespace perfmodel {
namespace {

using ::testing::ElementsAre;

constexpr double kLargestFeature = 100;  // every feature of the fixture is learnt from 0 to this

LayerTimePredictor small_predictor(LayerTiming timing = LayerTiming::kPhases) {
  Environment environment = test_environment();
  environment.timing = timing;
  return LayerTimePredictor(environment, {sum_models(LayerKind::kDense, 1, kLargestFeature)});
}

std::vector<std::string> names_of(const std::vector<OutsideFeature>& outside) {
  std::vector<std::string> names;
  for (const OutsideFeature& each : outside) names.push_back(each.feature.name);
  return names;
}

TEST(OutsideFeatures, AreNoneOfALayerInTheDomain) {
  EXPECT_TRUE(outside_features(small_predictor(), dense(1, 100, 100), {}).empty());
}

TEST(OutsideFeatures, AreNamedOnceTheFurthestFirst) {
  const std::vector<OutsideFeature> outside = outside_features(small_predictor(), dense(1, 200, 4000), {});
  EXPECT_THAT(names_of(outside), ElementsAre("outputs", "inputs"));
  EXPECT_EQ(outside[0].value, 4000);
  EXPECT_EQ(outside[0].feature.maximum, kLargestFeature);
}

TEST(OutsideFeatures, AreThereWheneverALayerIsNotInTheDomain) {
  for (const LayerTiming timing : {LayerTiming::kPhases, LayerTiming::kTotal}) {
    const LayerTimePredictor predictor = small_predictor(timing);
    for (const std::int64_t size : {1, 99, 100, 101, 5000}) {
      const LayerSpec layer = dense(1, size, 7);
      LayerTime time;
      Workspace workspace(predictor.workspace_bytes(1));
      predictor.predict({&layer, 1}, {}, {&time, 1}, workspace).throw_if_error();
      EXPECT_EQ(outside_features(predictor, layer, {}).empty(), time.in_domain) << size;
    }
  }
}

TEST(OutsideFeatures, AreToldInWords) {
  const std::vector<OutsideFeature> outside = outside_features(small_predictor(), dense(1, 4000, 7), {});
  ASSERT_EQ(outside.size(), 1u);
  EXPECT_EQ(describe(outside[0]), "inputs 4e+03, learnt from 0 to 100");
}

TEST(OutsideFeatures, RefusesWhatCannotBePredicted) {
  const LayerTimePredictor predictor = small_predictor();
  EXPECT_PM_ERROR(outside_features(predictor, conv2d(1, 6, 4, 8, 3), {}), ErrorCode::kUnsupported,
                  "no model for layer kind 'conv2d'");
  EXPECT_PM_ERROR(outside_features(predictor, dense(1, 0, 7), {}), ErrorCode::kInvalidArgument, "channels_in is 0");
  for (const double bytes : {0.0, -1.0, std::nan(""), std::numeric_limits<double>::infinity()}) {
    EXPECT_PM_ERROR(outside_features(predictor, dense(1, 7, 7), {bytes}), ErrorCode::kInvalidArgument,
                    "must be finite and > 0");
  }
}

}  // namespace
}  // namespace perfmodel
