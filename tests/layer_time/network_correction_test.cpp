#include "perfmodel/layer_time/network_correction.h"

#include <cmath>
#include <cstdio>
#include <functional>
#include <nlohmann/json.hpp>

#include "core/archive.h"
#include "core/file.h"
#include "expect_error.h"
#include "learner/model_io.h"
#include "network_fixture.h"
#include "perfmodel/core/random.h"
#include "perfmodel/learner/additive_cost.h"
#include "temporary_folder.h"

namespace perfmodel {
namespace {

// Answers are sums in float32 of some ten terms, and the fit stops at 1e-6 of its optimum.
constexpr double kFitError = 1e-3;

Span<const std::byte> bytes_of(const std::string& text) {
  return {reinterpret_cast<const std::byte*>(text.data()), text.size()};
}

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

TEST(NetworkCorrection, ScalesTheIntervalOfTheFactorToTheSum) {
  const std::vector<LayerSpec> layers = {dense(2, 72, 10), dense(2, 72, 10), dense(2, 72, 10)};
  const double sum_ms = sum_predictor().predict_sequence(layers).total.mean_ms;
  const NetworkTime time = layers_correction(2).predict(sum_predictor(), layers);
  EXPECT_DOUBLE_EQ(time.total.mean_ms, 6 * sum_ms);
  EXPECT_DOUBLE_EQ(time.total.lower_ms, 3 * sum_ms);
  EXPECT_DOUBLE_EQ(time.total.upper_ms, 12 * sum_ms);
  EXPECT_EQ(time.interval_level, layers_correction(2).model().info().interval_level);
}

TEST(NetworkCorrection, AnswersAlikeFromItsFile) {
  const NetworkCorrection correction = fitted_correction();
  const std::string path = temporary_path("network_correction_test.safetensors");
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
  const std::string path = temporary_path("network_correction_damaged.safetensors");
  sum_predictor().save(path);
  EXPECT_PM_ERROR(NetworkCorrection::load(path), ErrorCode::kMismatch,
                  path + ": the file holds no 'network_correction', but 'predictor'");
  EXPECT_PM_ERROR(Model::load(path), ErrorCode::kMismatch, path + ": the file holds no 'model', but 'predictor'");
  fitted_correction().save(path);
  EXPECT_PM_ERROR(LayerTimePredictor::load(path), ErrorCode::kMismatch,
                  path + ": the file holds no 'predictor', but 'network_correction'");
  const std::string bytes = read_file(path);
  for (const std::size_t size : {std::size_t{0}, std::size_t{7}, bytes.size() / 2, bytes.size() - 1}) {
    EXPECT_PM_ERROR(NetworkCorrection::load(bytes_of(bytes.substr(0, size))), ErrorCode::kCorrupt, "model file");
  }
  std::remove(path.c_str());
}

// A file whose checksum is right and whose description `change` made another.
std::string file_with(const std::function<void(nlohmann::json&)>& change,
                      const Model& factor = layers_correction(2).model()) {
  ArchiveWriter archive;
  nlohmann::json value = nlohmann::json::parse(
      R"({"environment":{"device":"cpu","device_name":"","framework":"","framework_version":"","num_threads":1}})");
  value["factor"] = write_model(archive, "factor", factor);
  change(value);
  archive.set_metadata("network_correction", value.dump());
  return archive.finish();
}

TEST(NetworkCorrection, RefusesDescriptionsThatAreNone) {
  using nlohmann::json;
  const auto as_it_is = [](json&) {};
  EXPECT_EQ(NetworkCorrection::load(bytes_of(file_with(as_it_is))).model().num_features(), 1U);
  const struct {
    std::function<void(json&)> change;
    const char* says;
  } bads[] = {
      {[](json& value) { value = 3; }, "network correction file"},
      {[](json& value) { value["colour"] = 1; }, "colour"},
      {[](json& value) { value.erase("environment"); }, "environment"},
      {[](json& value) { value.erase("factor"); }, "factor"},
      {[](json& value) { value["environment"]["num_threads"] = 0; }, "num_threads is 0"},
      {[](json& value) { value["factor"]["evaluator"]["kind"] = "oracle"; }, "oracle"},
  };
  for (const auto& bad : bads) {
    SCOPED_TRACE(bad.says);
    EXPECT_PM_ERROR(NetworkCorrection::load(bytes_of(file_with(bad.change))), ErrorCode::kCorrupt, bad.says);
  }
}

TEST(NetworkCorrection, OfABuildThatKnowsOtherFactsIsOfAnotherVersion) {
  ModelInfo info = layers_correction(2).model().info();
  info.features[0].name = "num_wheels";
  const std::string file = file_with([](nlohmann::json&) {}, layers_correction(2).model().with_info(info));
  EXPECT_PM_ERROR(NetworkCorrection::load(bytes_of(file)), ErrorCode::kVersion,
                  "network correction file: 'num_wheels' is no fact of a network");
}

// A file that version 1 wrote must load for ever: the factor is 2 for each layer.
TEST(NetworkCorrection, LoadsAFileOfVersion1) {
  const NetworkCorrection correction =
      NetworkCorrection::load(std::string(PERFMODEL_TEST_DATA) + "/model_v1/network_correction.safetensors");
  EXPECT_EQ(correction.environment().device_name, "a processor");
  const std::vector<LayerSpec> layers = {dense(2, 72, 10), pool2d(2, 8, 6, 2, 2)};
  const double sum_ms = sum_predictor().predict_sequence(layers).total.mean_ms;
  const NetworkTime time = correction.predict(sum_predictor(), layers);
  EXPECT_DOUBLE_EQ(time.total.mean_ms, 4 * sum_ms);
  EXPECT_DOUBLE_EQ(time.total.upper_ms, 8 * sum_ms);
  EXPECT_TRUE(time.in_domain);
}

TEST(NetworkCorrection, HasNoAnswerForNoTimeNorWhereThereIsNone) {
  const std::vector<LayerSpec> layer = {dense(2, 3, 4)};
  const LayerTimePredictor nothing(test_environment(), {sum_models(LayerKind::kDense, 0)});
  EXPECT_PM_ERROR(layers_correction(2).predict(nothing, layer), ErrorCode::kInvalidArgument,
                  "the layers are predicted to take no time");
  // Of 50 layers the factor, in float32, is beyond what that holds.
  const std::vector<LayerSpec> many(50, dense(2, 3, 4));
  EXPECT_NO_THROW(layers_correction(1e37F).predict(sum_predictor(), layer));
  EXPECT_PM_ERROR(layers_correction(1e37F).predict(sum_predictor(), many), ErrorCode::kInvalidArgument,
                  "no finite prediction");
}

TEST(NetworkCorrection, HasNoAnswerThatIsInfinite) {
  ModelInfo info = layers_correction(1e37F).model().info();
  info.interval_upper_factor = 1e275;
  const NetworkCorrection correction(test_environment(), layers_correction(1e37F).model().with_info(info));
  EXPECT_PM_ERROR(correction.predict(sum_predictor(), std::vector<LayerSpec>{dense(2, 3, 4)}),
                  ErrorCode::kInvalidArgument, "the factor is up to");
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
