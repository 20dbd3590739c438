#include <cmath>

#include "expect_error.h"
#include "predictor_fixture.h"

namespace perfmodel {
namespace {

// The sum model computes in float32, whose rounding is 6e-8 per operation, with some ten operations.
constexpr double kFloatRounding = 1e-6;

const NetworkInput kInput = {"image", {2, 4, 6, 6}};

// conv sum: 2 + 36 + 9 + 4 + 8 + 1 + 1 + 1 + 0 = 62; pool sum: 2 + 36 + 8 + 2 + 0 + 2 = 50;
// dense sum: 2 + 72 + 10 + 1 + 0 = 85.
Network small_network() {
  return Network("small", {kInput},
                 {{"conv", conv2d(2, 6, 4, 8, 3, 1, 1), {"image"}},
                  {"pool", pool2d(2, 6, 8, 2, 2), {"conv"}},
                  {"dense", dense(2, 72, 10), {"pool"}}});
}

// Equation 2 by hand: pre(conv) + exe(conv) + exe(pool) + exe(dense) + post(dense)
//   = 0.5 * 62 + 62 + 0.5 * 50 + 4 * 85 + 6 * 85 = 968.
TEST(NetworkTime, IsTheSumOfEquation2) {
  const NetworkTime time = sum_predictor().predict(small_network());
  EXPECT_NEAR(time.total.mean_ms, 968, 968 * kFloatRounding);
  EXPECT_THAT(time.names, ::testing::ElementsAre("conv", "pool", "dense"));
  ASSERT_EQ(time.layers.size(), 3U);
  EXPECT_NEAR(time.layers[1].execution().mean_ms, 25, 25 * kFloatRounding);
  EXPECT_TRUE(time.in_domain);
}

// Five different models, so their half-widths (half of the mean below, once the mean above) add by squares:
// terms 31, 62, 25, 340, 510 have the root of the sum of squares 616.995.
TEST(NetworkTime, AddsErrorsOfDifferentModelsAsIndependent) {
  const double width = std::sqrt(31. * 31 + 62. * 62 + 25. * 25 + 340. * 340 + 510. * 510);
  const NetworkTime time = sum_predictor().predict(small_network());
  EXPECT_NEAR(time.total.lower_ms, 968 - width / 2, 968 * kFloatRounding);
  EXPECT_NEAR(time.total.upper_ms, 968 + width, 968 * kFloatRounding);
}

// One model answers both executions, which sum up to 170 + 2 * (2 + 10 + 5 + 1) = 206 beside pre 85 and post 3 * 18
// = 54.
TEST(NetworkTime, AddsErrorsOfOneModelAsCorrelated) {
  const LayerTimePredictor predictor(test_environment(), {sum_models(LayerKind::kDense, 1)});
  const NetworkTime time = predictor.predict(
      Network("two", {{"x", {2, 72, 1, 1}}}, {{"a", dense(2, 72, 10), {"x"}}, {"b", dense(2, 10, 5), {"a"}}}));
  const double width = std::sqrt(85. * 85 + 206. * 206 + 54. * 54);
  EXPECT_NEAR(time.total.mean_ms, 345, 345 * kFloatRounding);
  EXPECT_NEAR(time.total.upper_ms, 345 + width, 345 * kFloatRounding);
}

// Shapes that do not fit from layer to layer: equation 2 on 2 x 72 -> 10 twice is 85 + 2 * 170 + 255.
TEST(NetworkTime, AddsUpASequenceWhoseShapesNeedNotFit) {
  const LayerTimePredictor predictor(test_environment(), {sum_models(LayerKind::kDense, 1)});
  const std::vector<LayerSpec> layers = {dense(2, 72, 10), dense(2, 72, 10)};
  const NetworkTime time = predictor.predict_sequence(layers);
  EXPECT_NEAR(time.total.mean_ms, 680, 680 * kFloatRounding);
  EXPECT_THAT(time.names, ::testing::ElementsAre("1", "2"));
}

TEST(NetworkTime, OfASequenceIsThatOfItsNetwork) {
  const NetworkTime network = sum_predictor().predict(small_network());
  const NetworkTime sequence = sum_predictor().predict_sequence(small_network().layers());
  EXPECT_EQ(sequence.total.mean_ms, network.total.mean_ms);
  EXPECT_EQ(sequence.total.upper_ms, network.total.upper_ms);
}

TEST(NetworkTime, RejectsASequenceItCannotAddUp) {
  const LayerTimePredictor predictor(test_environment(), {sum_models(LayerKind::kDense, 1)});
  EXPECT_PM_ERROR(predictor.predict_sequence({}), ErrorCode::kInvalidArgument, "a sequence of no layers");
  EXPECT_PM_ERROR(predictor.predict_sequence(std::vector<LayerSpec>{dense(1, 2, 3), pool2d(1, 8, 4, 2, 2)}),
                  ErrorCode::kUnsupported, "layer 2 of 2: no model for layer kind 'pool2d'");
  EXPECT_PM_ERROR(predictor.predict_sequence(std::vector<LayerSpec>{dense(1, 2, 3), pool2d(0, 8, 4, 2, 2)}),
                  ErrorCode::kInvalidArgument, "layer 2 of 2: pool2d layer: batch is 0, allowed are 1 to 2^53");
  EXPECT_PM_ERROR(predictor.predict_sequence({nullptr, 1}), ErrorCode::kInvalidArgument, "layers is null");
}

// One whole call is one term: the context of a caller makes no difference to it.
TEST(NetworkTime, OfWholeCallsIgnoresContexts) {
  LayerTimePredictor::KindModels models = sum_models(LayerKind::kDense, 1);
  models.features = FeatureSet::kPhysics;
  for (Model& model : models.phases) model = sum_model(FeatureSet::kPhysics, LayerKind::kDense, 1);
  Environment environment = test_environment();
  for (const LayerTiming timing : {LayerTiming::kPhases, LayerTiming::kTotal}) {
    environment.timing = timing;
    const LayerTimePredictor predictor(environment, {models});
    const std::vector<LayerSpec> layer = {dense(2, 72, 10)};
    std::vector<LayerTime> small(1), large(1);
    Workspace workspace(predictor.workspace_bytes(1));
    predictor.predict(layer, {1e6}, small, workspace).throw_if_error();
    predictor.predict(layer, {1e9}, large, workspace).throw_if_error();
    EXPECT_EQ(small[0].execution().mean_ms == large[0].execution().mean_ms, timing == LayerTiming::kTotal);
  }
}

Model with_level(const Model& model, double level) {
  ModelInfo info = model.info();
  info.interval_level = level;
  return model.with_info(info);
}

// Preprocess of the convolution, execution of all and postprocess of the dense layer count; other phases do not.
TEST(NetworkTime, HasTheLeastLevelOfWhatItAddsUp) {
  std::vector<LayerTimePredictor::KindModels> models = {
      sum_models(LayerKind::kConv2d, 1), sum_models(LayerKind::kPool2d, 1), sum_models(LayerKind::kDense, 1)};
  const auto level_of = [&](std::size_t kind, Phase phase, double level) {
    Model& model = models[kind].phases[static_cast<std::size_t>(phase)];
    const Model before = model;
    model = with_level(model, level);
    const double total = LayerTimePredictor(test_environment(), models).predict(small_network()).interval_level;
    model = before;
    return total;
  };
  EXPECT_EQ(level_of(1, Phase::kExecution, 0.9), 0.9);
  EXPECT_EQ(level_of(1, Phase::kExecution, 0.5), 0.5);
  EXPECT_EQ(level_of(0, Phase::kPreprocess, 0), 0);
  EXPECT_EQ(level_of(2, Phase::kPostprocess, 0), 0);
  EXPECT_EQ(level_of(0, Phase::kPostprocess, 0), 0.9);
  EXPECT_EQ(level_of(1, Phase::kPreprocess, 0), 0.9);
}

TEST(NetworkTime, HasALevelOfWholeCallsByThemselves) {
  LayerTimePredictor::KindModels models = sum_models(LayerKind::kDense, 1);
  for (const Phase phase : {Phase::kPreprocess, Phase::kPostprocess}) {
    Model& model = models.phases[static_cast<std::size_t>(phase)];
    model = with_level(model, 0);
  }
  Environment environment = test_environment();
  environment.timing = LayerTiming::kTotal;
  const std::vector<LayerSpec> layers = {dense(2, 72, 10)};
  EXPECT_EQ(LayerTimePredictor(environment, {models}).predict_sequence(layers).interval_level, 0.9);
}

TEST(NetworkTime, HasNoLevelWhereNothingIsKnown) {
  const LayerTimePredictor predictor(test_environment(), {sum_models(LayerKind::kConv2d, 1)});
  const Network dense_alone("one", {{"x", {2, 72, 1, 1}}}, {{"a", dense(2, 72, 10), {"x"}}});
  EXPECT_EQ(predictor.predict(dense_alone, UnknownKinds::kSkip).interval_level, 0);
  EXPECT_EQ(predictor.predict(small_network(), UnknownKinds::kSkip).interval_level, 0.9);
}

TEST(NetworkTime, NamesTheNodeWithoutAModel) {
  const LayerTimePredictor predictor(test_environment(), {sum_models(LayerKind::kConv2d, 1)});
  EXPECT_PM_ERROR(predictor.predict(small_network()), ErrorCode::kUnsupported,
                  "node 'pool' of network 'small': no model for layer kind 'pool2d'");
}

TEST(NetworkTime, GoesIntoMemoryOfTheCaller) {
  const LayerTimePredictor predictor = sum_predictor();
  const Network network = small_network();
  const NetworkTime time = predictor.predict(network);
  std::vector<LayerTime> layers(3);
  NetworkTotal total;
  Workspace workspace(predictor.workspace_bytes(network));
  ASSERT_TRUE(predictor.predict(network, UnknownKinds::kRefuse, layers, total, workspace).ok());
  EXPECT_EQ(total.total.mean_ms, time.total.mean_ms);
  EXPECT_EQ(total.total.lower_ms, time.total.lower_ms);
  EXPECT_EQ(total.total.upper_ms, time.total.upper_ms);
  for (std::size_t i = 0; i < layers.size(); ++i) {
    EXPECT_EQ(layers[i].execution().mean_ms, time.layers[i].execution().mean_ms) << i;
  }
}

TEST(NetworkTime, LeavesMemoryOfTheCallerAloneWhenItFails) {
  const LayerTimePredictor predictor(test_environment(), {sum_models(LayerKind::kConv2d, 1)});
  const Network network = small_network();
  constexpr double kBefore = -1;
  std::vector<LayerTime> layers(3), too_few(2);
  layers[0].phase[1].mean_ms = kBefore;
  NetworkTotal total;
  total.total.mean_ms = kBefore;
  Workspace workspace(predictor.workspace_bytes(network)), none;
  const Status unknown = predictor.predict(network, UnknownKinds::kRefuse, layers, total, workspace);
  EXPECT_EQ(unknown.code, ErrorCode::kUnsupported);
  EXPECT_EQ(unknown.index, 1);
  EXPECT_EQ(predictor.predict(network, UnknownKinds::kSkip, too_few, total, workspace).code, ErrorCode::kMismatch);
  EXPECT_EQ(predictor.predict(network, UnknownKinds::kSkip, layers, total, none).code, ErrorCode::kBufferTooSmall);
  EXPECT_EQ(predictor.predict(network, UnknownKinds::kSkip, {nullptr, 3}, total, workspace).code,
            ErrorCode::kInvalidArgument);
  EXPECT_EQ(layers[0].execution().mean_ms, kBefore);
  EXPECT_EQ(total.total.mean_ms, kBefore);
}

TEST(NetworkTime, IsOutOfDomainWhenOneLayerIs) {
  const LayerTimePredictor predictor(
      test_environment(),
      {sum_models(LayerKind::kConv2d, 1), sum_models(LayerKind::kPool2d, 1), sum_models(LayerKind::kDense, 1, 71)});
  const NetworkTime time = predictor.predict(small_network());
  EXPECT_FALSE(time.in_domain);
  EXPECT_TRUE(time.layers[0].in_domain);
  EXPECT_FALSE(time.layers[2].in_domain);
}

}  // namespace
}  // namespace perfmodel
