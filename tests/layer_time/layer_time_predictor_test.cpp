#include <cmath>
#include <limits>

#include "expect_error.h"
#include "predictor_fixture.h"

namespace perfmodel {
namespace {

// The sum model computes in float32, whose rounding is 6e-8 per operation, with some ten operations.
constexpr double kFloatRounding = 1e-6;

// Sums of the paper's features, by hand: 2 + 36 + 9 + 4 + 8 + 1 + 1 + 1 + 0, 2 + 64 + 6 + 2 + 0 + 2, 3 + 100 + 10 + 1
// + 1.
const LayerSpec kConv = conv2d(2, 6, 4, 8, 3, 1, 1);
const LayerSpec kPool = pool2d(2, 8, 6, 2, 2);
const LayerSpec kDense = dense(3, 100, 10, Activation::kRelu);
constexpr double kConvSum = 62, kPoolSum = 76, kDenseSum = 115;

std::vector<LayerTime> predict(const LayerTimePredictor& predictor, const std::vector<LayerSpec>& layers) {
  std::vector<LayerTime> times(layers.size());
  Workspace workspace(predictor.workspace_bytes(layers.size()));
  predictor.predict(layers, LayerContext{}, times, workspace).throw_if_error();
  return times;
}

TEST(LayerTimePredictor, GivesEachPhaseOfEachKind) {
  const std::vector<LayerTime> times = predict(sum_predictor(), {kConv, kPool, kDense});
  EXPECT_NEAR(times[0].preprocess().mean_ms, 0.5 * kConvSum, kFloatRounding * kConvSum);
  EXPECT_NEAR(times[0].execution().mean_ms, 1.0 * kConvSum, kFloatRounding * kConvSum);
  EXPECT_NEAR(times[0].postprocess().mean_ms, 1.5 * kConvSum, kFloatRounding * kConvSum);
  EXPECT_NEAR(times[1].execution().mean_ms, 0.5 * kPoolSum, kFloatRounding * kPoolSum);
  EXPECT_NEAR(times[2].execution().mean_ms, 4.0 * kDenseSum, kFloatRounding * kDenseSum);
  EXPECT_NEAR(times[0].execution().lower_ms, 0.5 * kConvSum, kFloatRounding * kConvSum);
  EXPECT_NEAR(times[0].execution().upper_ms, 2.0 * kConvSum, kFloatRounding * kConvSum);
}

// More layers than fit in one block, so that blocks meet as well.
TEST(LayerTimePredictor, GivesTheSameForLayersTogetherAndAlone) {
  const LayerTimePredictor predictor = sum_predictor();
  std::vector<LayerSpec> layers;
  for (int i = 0; i < 700; ++i) {
    layers.push_back(i % 3 == 0   ? conv2d(1 + i % 7, 10, 1 + i, 8, 3)
                     : i % 3 == 1 ? dense(1, 1 + i, 5)
                                  : pool2d(1, 9, 1 + i, 2, 2));
  }
  const std::vector<LayerTime> together = predict(predictor, layers);
  for (std::size_t i = 0; i < layers.size(); ++i) {
    const LayerTime alone = predict(predictor, {layers[i]}).front();
    for (int phase = 0; phase < kNumPhases; ++phase) {
      EXPECT_NEAR(together[i].phase[phase].mean_ms, alone.phase[phase].mean_ms,
                  kFloatRounding * alone.phase[phase].mean_ms);
    }
  }
}

TEST(LayerTimePredictor, PredictsNothingForNoLayers) {
  Workspace workspace;
  EXPECT_EQ(sum_predictor().workspace_bytes(0), 0U);
  EXPECT_TRUE(sum_predictor().predict({}, LayerContext{}, {}, workspace).ok());
}

TEST(LayerTimePredictor, FlagsWhatLiesOutsideTheLearntDomain) {
  const LayerTimePredictor predictor(test_environment(), {sum_models(LayerKind::kDense, 1, 150)});
  const std::vector<LayerTime> times = predict(predictor, {dense(1, 150, 10), dense(1, 151, 10)});
  EXPECT_TRUE(times[0].in_domain);
  EXPECT_FALSE(times[1].in_domain);
}

TEST(LayerTimePredictor, NeverGivesNegativeOrInfiniteTimes) {
  const std::vector<LayerTime> negative =
      predict(LayerTimePredictor(test_environment(), {sum_models(LayerKind::kDense, -1)}), {kDense});
  EXPECT_EQ(negative[0].execution().mean_ms, 0);
  EXPECT_EQ(negative[0].execution().lower_ms, 0);
  const float huge = 1e38F;  // three times that is a float still; the sum is none
  const std::vector<LayerTime> infinite =
      predict(LayerTimePredictor(test_environment(), {sum_models(LayerKind::kDense, huge)}), {kDense});
  EXPECT_TRUE(std::isfinite(infinite[0].execution().mean_ms));
  EXPECT_TRUE(std::isfinite(infinite[0].execution().upper_ms));
  EXPECT_GE(infinite[0].execution().mean_ms, 1e15);
  EXPECT_FALSE(infinite[0].in_domain);
}

TEST(LayerTimePredictor, NamesTheLayerItCannotPredict) {
  const LayerTimePredictor predictor(test_environment(), {sum_models(LayerKind::kDense, 1)});
  std::vector<LayerSpec> layers = {kDense, kDense, kPool};
  std::vector<LayerTime> times(3);
  times[0].phase[0].mean_ms = 42;
  Workspace workspace(predictor.workspace_bytes(3));
  Status status = predictor.predict(layers, LayerContext{}, times, workspace);
  EXPECT_EQ(status.code, ErrorCode::kUnsupported);
  EXPECT_EQ(status.index, 2);
  EXPECT_STREQ(status.message, "no model for the kind of this layer");

  layers[2] = kDense;
  layers[1].batch = 0;
  status = predictor.predict(layers, LayerContext{}, times, workspace);
  EXPECT_EQ(status.code, ErrorCode::kInvalidArgument);
  EXPECT_EQ(status.index, 1);

  layers[1] = kDense;
  layers[1].kind = static_cast<LayerKind>(17);
  status = predictor.predict(layers, LayerContext{}, times, workspace);
  EXPECT_EQ(status.code, ErrorCode::kInvalidArgument);
  EXPECT_EQ(status.index, 1);

  layers[1] = kPool;  // of a kind without a model, and invalid
  layers[1].batch = 0;
  status = predictor.predict(layers, LayerContext{}, times, workspace);
  EXPECT_EQ(status.code, ErrorCode::kInvalidArgument);
  EXPECT_EQ(status.index, 1);
  EXPECT_STREQ(status.message, "the layer is invalid (see LayerSpec::validate)");
  EXPECT_EQ(times[0].phase[0].mean_ms, 42);
}

TEST(LayerTimePredictor, RejectsWrongBuffers) {
  const LayerTimePredictor predictor = sum_predictor();
  const std::vector<LayerSpec> layers = {kDense, kPool};
  std::vector<LayerTime> times(2), too_few(1);
  times[0].phase[0].mean_ms = 42;
  Workspace workspace(predictor.workspace_bytes(2)), small(predictor.workspace_bytes(2) - 64), none;
  EXPECT_PM_ERROR(predictor.predict(layers, {}, too_few, workspace).throw_if_error(), ErrorCode::kMismatch,
                  "one result per layer is needed (1 given, 2 needed)");
  const Status too_small = predictor.predict(layers, {}, times, small);
  EXPECT_EQ(too_small.code, ErrorCode::kBufferTooSmall);
  EXPECT_EQ(too_small.needed, predictor.workspace_bytes(2));
  for (const Status& null : {predictor.predict({nullptr, 2}, {}, times, workspace),
                             predictor.predict(layers, {}, {nullptr, 2}, workspace)}) {
    EXPECT_EQ(null.code, ErrorCode::kInvalidArgument);
    EXPECT_STREQ(null.message, "layers or out is null");
  }
  EXPECT_EQ(predictor.predict(layers, {}, times, none).code, ErrorCode::kBufferTooSmall);
  for (const double reuse_bytes : {0.0, -1.0, std::numeric_limits<double>::quiet_NaN()}) {
    EXPECT_EQ(predictor.predict(layers, {reuse_bytes}, times, workspace).code, ErrorCode::kInvalidArgument);
  }
  EXPECT_EQ(times[0].phase[0].mean_ms, 42);
}

TEST(LayerTimePredictor, TellsWhatItKnows) {
  const LayerTimePredictor predictor(test_environment(), {sum_models(LayerKind::kDense, 1)});
  EXPECT_TRUE(predictor.knows(LayerKind::kDense));
  EXPECT_FALSE(predictor.knows(LayerKind::kPool2d));
  EXPECT_THAT(predictor.kinds(), ::testing::ElementsAre(LayerKind::kDense));
  EXPECT_EQ(predictor.features(LayerKind::kDense), FeatureSet::kPaper);
  EXPECT_EQ(predictor.model(LayerKind::kDense, Phase::kExecution).info().kind, "sum");
  EXPECT_EQ(predictor.environment().framework, "eager");
  EXPECT_TRUE(std::isnan(predictor.training().noise_floor_pct));
  EXPECT_PM_ERROR(predictor.model(LayerKind::kPool2d, Phase::kExecution), ErrorCode::kUnsupported,
                  "no model for layer kind 'pool2d'; this predictor knows: dense");
}

TEST(LayerTimePredictor, RejectsAnImpossibleNumberOfThreads) {
  for (const int num_threads : {0, 65537}) {
    Environment environment = test_environment();
    environment.num_threads = num_threads;
    EXPECT_PM_ERROR(LayerTimePredictor(environment, {sum_models(LayerKind::kDense, 1)}), ErrorCode::kInvalidArgument,
                    "num_threads is " + std::to_string(num_threads) + ", allowed are 1 to 65536");
  }
}

TEST(LayerTimePredictor, RejectsAnUnknownTiming) {
  Environment environment = test_environment();
  environment.timing = static_cast<LayerTiming>(2);
  EXPECT_PM_ERROR(LayerTimePredictor(environment, {sum_models(LayerKind::kDense, 1)}), ErrorCode::kInvalidArgument,
                  "timing is 2, allowed are 0 (phases) and 1 (total)");
}

TEST(LayerTimePredictor, TellsAPhaseByItsTiming) {
  EXPECT_STREQ(phase_name(Phase::kExecution, LayerTiming::kPhases), "exe");
  EXPECT_STREQ(phase_name(Phase::kExecution, LayerTiming::kTotal), "total");
  EXPECT_EQ(told_phases(LayerTiming::kPhases).size(), 3U);
  ASSERT_EQ(told_phases(LayerTiming::kTotal).size(), 1U);
  EXPECT_EQ(told_phases(LayerTiming::kTotal)[0], Phase::kExecution);
}

// 2 x (2 + 72 + 10 + 1) of the execution's model; those of the other phases are not asked.
TEST(LayerTimePredictor, OfWholeCallsAnswersNothingInTheOtherPhases) {
  Environment environment = test_environment();
  environment.timing = LayerTiming::kTotal;
  const LayerTimePredictor predictor(environment, {sum_models(LayerKind::kDense, 1)});
  const std::vector<LayerSpec> layer = {dense(2, 72, 10)};
  std::vector<LayerTime> times(1);
  times[0].phase[0].mean_ms = 7;
  Workspace workspace(predictor.workspace_bytes(1));
  predictor.predict(layer, {}, times, workspace).throw_if_error();
  EXPECT_FLOAT_EQ(static_cast<float>(times[0].execution().mean_ms), 170);
  for (const TimeEstimate& none : {times[0].preprocess(), times[0].postprocess()}) {
    EXPECT_EQ(none.mean_ms, 0);
    EXPECT_EQ(none.upper_ms, 0);
  }
}

TEST(LayerTimePredictor, RejectsModelsThatDoNotBelongTogether) {
  EXPECT_PM_ERROR(LayerTimePredictor(test_environment(), {}), ErrorCode::kInvalidArgument, "one layer kind at least");
  EXPECT_PM_ERROR(
      LayerTimePredictor(test_environment(), {sum_models(LayerKind::kDense, 1), sum_models(LayerKind::kDense, 1)}),
      ErrorCode::kInvalidArgument, "layer kind 'dense' is there twice");
  LayerTimePredictor::KindModels models = sum_models(LayerKind::kDense, 1);
  models.phases.pop_back();
  EXPECT_PM_ERROR(LayerTimePredictor(test_environment(), {models}), ErrorCode::kInvalidArgument,
                  "layer kind 'dense' has models for 2 phases; it takes 3");
  models = sum_models(LayerKind::kDense, 1);
  models.phases[1] = sum_model(FeatureSet::kPhysics, LayerKind::kDense, 1);
  EXPECT_PM_ERROR(LayerTimePredictor(test_environment(), {models}), ErrorCode::kMismatch,
                  "the models for layer kind 'dense' take different features, or others than those of set 'paper'");
  models.kind = static_cast<LayerKind>(kNumLayerKinds);
  EXPECT_PM_ERROR(LayerTimePredictor(test_environment(), {models}), ErrorCode::kInvalidArgument,
                  "layer kind 11 is not known");
}

}  // namespace
}  // namespace perfmodel
