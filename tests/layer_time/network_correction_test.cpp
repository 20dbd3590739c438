#include "perfmodel/layer_time/network_correction.h"

#include <cmath>
#include <cstdio>
#include <fstream>
#include <iterator>

#include "expect_error.h"
#include "perfmodel/core/random.h"
#include "perfmodel/learner/additive_cost.h"
#include "predictor_fixture.h"

namespace perfmodel {
namespace {

// Answers are sums in float32 of some ten terms, and the fit stops at 1e-6 of its optimum.
constexpr double kFitError = 1e-3;

// One to six layers whose shapes do not fit.
std::vector<LayerSpec> random_layers(Random& random) {
  std::vector<LayerSpec> layers;
  const std::int64_t count = random.integer(1, 6);
  for (std::int64_t i = 0; i < count; ++i) {
    const std::int64_t channels = random.integer(1, 200);
    switch (random.integer(0, 2)) {
      case 0:
        layers.push_back(conv2d(2, random.integer(8, 64), channels, random.integer(1, 200), 3, 1, 1));
        break;
      case 1:
        layers.push_back(pool2d(2, random.integer(8, 64), channels, 2, 2));
        break;
      default:
        layers.push_back(dense(2, channels, random.integer(1, 200)));
    }
  }
  return layers;
}

// What a device would take that needs 500 ms for a run, 20 for each layer and half of what the layers take alone.
double end_to_end_ms(const std::vector<LayerSpec>& layers) {
  return 500 + 20 * static_cast<double>(layers.size()) + 0.5 * sum_predictor().predict_sequence(layers).total.mean_ms;
}

std::vector<TimedNetwork> timed_networks(std::size_t count, std::uint64_t seed) {
  Random random(seed);
  std::vector<TimedNetwork> networks;
  for (std::size_t i = 0; i < count; ++i) {
    std::vector<LayerSpec> layers = random_layers(random);
    const double time_ms = end_to_end_ms(layers);
    networks.push_back({"network " + std::to_string(i), std::move(layers), time_ms});
  }
  return networks;
}

NetworkCorrection fitted_correction() {
  return fit_network_correction(sum_predictor(), timed_networks(200, 1), *make_additive_cost_learner(), {});
}

TEST(NetworkCorrection, LearnsWhatARunCostsBesidesItsLayers) {
  const NetworkCorrection correction = fitted_correction();
  for (const TimedNetwork& network : timed_networks(20, 2)) {
    const NetworkTime time = correction.predict(sum_predictor(), network.layers);
    EXPECT_NEAR(time.total.mean_ms, network.time_ms, network.time_ms * kFitError);
    EXPECT_LE(time.total.lower_ms, time.total.mean_ms);
    EXPECT_GE(time.total.upper_ms, time.total.mean_ms);
    EXPECT_EQ(time.layers.size(), network.layers.size());
  }
}

TEST(NetworkCorrection, SaysWhatLiesOutsideOfWhatItLearnt) {
  const NetworkCorrection correction = fitted_correction();
  EXPECT_TRUE(correction.predict(sum_predictor(), timed_networks(1, 1)[0].layers).in_domain);
  const std::vector<LayerSpec> many(50, conv2d(2, 16, 8, 8, 3, 1, 1));
  EXPECT_FALSE(correction.predict(sum_predictor(), many).in_domain);
}

// A factor of twice the number of layers, half and twice that at the interval's ends.
TEST(NetworkCorrection, ScalesTheIntervalOfTheFactorToTheSum) {
  ModelInfo info;
  info.target = "factor";
  info.interval_level = 0.9;
  info.interval_lower_factor = 0.5;
  info.interval_upper_factor = 2;
  info.features = {{"num_layers", "", 1, 3, true}};
  NetworkLayer layer;
  layer.inputs = layer.outputs = 1;
  layer.relu = false;
  layer.weights = {2};
  const NetworkCorrection correction(test_environment(), Model(info, make_sequence_network(1, {layer})));
  const std::vector<LayerSpec> layers = {dense(2, 72, 10), dense(2, 72, 10), dense(2, 72, 10)};
  const double sum_ms = sum_predictor().predict_sequence(layers).total.mean_ms;
  const TimeEstimate total = correction.predict(sum_predictor(), layers).total;
  EXPECT_DOUBLE_EQ(total.mean_ms, 6 * sum_ms);
  EXPECT_DOUBLE_EQ(total.lower_ms, 3 * sum_ms);
  EXPECT_DOUBLE_EQ(total.upper_ms, 12 * sum_ms);
}

TEST(NetworkCorrection, AnswersAlikeFromItsFile) {
  const NetworkCorrection correction = fitted_correction();
  const std::string path = ::testing::TempDir() + "network_correction_test.safetensors";
  correction.save(path);
  const NetworkCorrection loaded = NetworkCorrection::load(path);
  for (const TimedNetwork& network : timed_networks(5, 3)) {
    const TimeEstimate expected = correction.predict(sum_predictor(), network.layers).total;
    const TimeEstimate total = loaded.predict(sum_predictor(), network.layers).total;
    EXPECT_EQ(total.mean_ms, expected.mean_ms);
    EXPECT_EQ(total.upper_ms, expected.upper_ms);
  }
  std::remove(path.c_str());
}

TEST(NetworkCorrection, RefusesFilesOfOthersAndDamagedOnes) {
  const std::string path = ::testing::TempDir() + "network_correction_damaged.safetensors";
  sum_predictor().save(path);
  EXPECT_PM_ERROR(NetworkCorrection::load(path), ErrorCode::kMismatch, "the file holds no correction of networks");
  fitted_correction().save(path);
  EXPECT_PM_ERROR(LayerTimePredictor::load(path), ErrorCode::kMismatch, "the file holds no layer-time predictor");
  std::ifstream file(path, std::ios::binary);
  const std::string bytes((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
  for (const std::size_t size : {std::size_t{0}, std::size_t{7}, bytes.size() / 2, bytes.size() - 1}) {
    const Span<const std::byte> cut(reinterpret_cast<const std::byte*>(bytes.data()), size);
    EXPECT_PM_ERROR(NetworkCorrection::load(cut), ErrorCode::kCorrupt, "model file");
  }
  std::remove(path.c_str());
}

TEST(NetworkCorrection, BelongsToOneEnvironment) {
  Environment other = test_environment();
  other.device_name = "another processor";
  const LayerTimePredictor predictor(other, {sum_models(LayerKind::kDense, 1)});
  EXPECT_PM_ERROR(fitted_correction().predict(predictor, std::vector<LayerSpec>{dense(2, 3, 4)}), ErrorCode::kMismatch,
                  "device name 'a processor' and 'another processor'");
}

TEST(NetworkCorrection, RefusesAModelOfOtherFeatures) {
  EXPECT_PM_ERROR(NetworkCorrection(test_environment(), sum_model(FeatureSet::kPaper, LayerKind::kDense, 1)),
                  ErrorCode::kMismatch, "'batch_size' is no fact of a network");
}

TEST(NetworkCorrection, RefusesNetworksItCannotLearnFrom) {
  const LayerTimePredictor predictor = sum_predictor();
  const auto fit = [&](std::vector<TimedNetwork> networks) {
    return fit_network_correction(predictor, networks, *make_additive_cost_learner(), {});
  };
  EXPECT_PM_ERROR(fit({}), ErrorCode::kInvalidArgument, "no timed networks");
  EXPECT_PM_ERROR(fit({{"none", {}, 1}}), ErrorCode::kInvalidArgument, "a sequence of no layers");
  for (const double time_ms : {0.0, -1.0, std::nan("")}) {
    EXPECT_PM_ERROR(fit({{"bad", {dense(2, 3, 4)}, time_ms}}), ErrorCode::kInvalidArgument, "network 'bad': its time");
  }
  const LayerTimePredictor nothing(test_environment(), {sum_models(LayerKind::kDense, 0)});
  EXPECT_PM_ERROR(fit_one_factor(nothing, std::vector<TimedNetwork>{{"idle", {dense(2, 3, 4)}, 1}}),
                  ErrorCode::kInvalidArgument, "network 'idle': its layers are predicted to take no time");
}

// Of the factors 1, 1.2 and 1.3 with weights 1, 0.833 and 0.769 the weighted median is 1.2; of 1, 2 and 4 with weights
// 1, 0.5 and 0.25 it is 1: of large factors the error is small in percent of what was measured.
TEST(OneFactor, MakesThePercentageErrorLeast) {
  const LayerTimePredictor predictor = sum_predictor();
  const std::vector<LayerSpec> layers = {dense(2, 72, 10)};
  const double sum_ms = predictor.predict_sequence(layers).total.mean_ms;
  const auto factor_of = [&](std::vector<double> factors) {
    std::vector<TimedNetwork> networks;
    for (const double factor : factors) networks.push_back({"n", layers, factor * sum_ms});
    return fit_one_factor(predictor, networks);
  };
  EXPECT_DOUBLE_EQ(factor_of({3}), 3);
  EXPECT_DOUBLE_EQ(factor_of({1.3, 1, 1.2}), 1.2);
  EXPECT_DOUBLE_EQ(factor_of({4, 2, 1}), 1);
}

}  // namespace
}  // namespace perfmodel
