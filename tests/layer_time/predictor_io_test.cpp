#include <cmath>
#include <cstdio>
#include <functional>
#include <nlohmann/json.hpp>
#include <string>
#include <utility>
#include <vector>

#include "core/archive.h"
#include "core/file.h"
#include "expect_error.h"
#include "learner/model_io.h"
#include "predictor_fixture.h"
#include "temporary_folder.h"

namespace perfmodel {
namespace {

Span<const std::byte> bytes_of(const std::string& text) {
  return {reinterpret_cast<const std::byte*>(text.data()), text.size()};
}

/// The bytes of the saved sum predictor.
std::string saved_bytes() {
  const std::string path = temporary_path("predictor_io_test.safetensors");
  sum_predictor().save(path);
  std::string bytes = read_file(path);
  std::remove(path.c_str());
  return bytes;
}

TEST(PredictorFile, GivesBackTheSamePredictor) {
  const LayerTimePredictor saved = sum_predictor();
  const LayerTimePredictor loaded = LayerTimePredictor::load(bytes_of(saved_bytes()));
  EXPECT_EQ(loaded.kinds(), saved.kinds());
  EXPECT_EQ(loaded.environment().device_name, "a processor");
  EXPECT_EQ(loaded.environment().framework_version, "1.2.3");
  EXPECT_EQ(loaded.training().noise_floor_pct, 4.5);
  EXPECT_EQ(loaded.training().num_layers, 100U);
  EXPECT_EQ(loaded.training().num_failed, 2U);
  const std::vector<LayerSpec> layers = {conv2d(2, 6, 4, 8, 3, 1, 1), pool2d(2, 8, 6, 2, 2), dense(3, 100, 10)};
  std::vector<LayerTime> before(3), after(3);
  Workspace workspace(saved.workspace_bytes(3));
  saved.predict(layers, {}, before, workspace).throw_if_error();
  loaded.predict(layers, {}, after, workspace).throw_if_error();
  for (std::size_t i = 0; i < layers.size(); ++i) {
    for (int phase = 0; phase < kNumPhases; ++phase) {
      EXPECT_EQ(after[i].phase[phase].mean_ms, before[i].phase[phase].mean_ms);
      EXPECT_EQ(after[i].phase[phase].upper_ms, before[i].phase[phase].upper_ms);
    }
  }
}

/// A file that version 1 wrote must load for ever, and predict what it predicted then: multiples of the sums of the
/// paper's features, here added up by hand.
TEST(PredictorFile, LoadsAFileOfVersion1) {
  constexpr double kConvSum = 62, kPoolSum = 76, kDenseSum = 114, kFloatRounding = 1e-6;
  const LayerTimePredictor predictor =
      LayerTimePredictor::load(std::string(PERFMODEL_TEST_DATA) + "/model_v1/predictor.safetensors");
  const std::vector<LayerSpec> layers = {conv2d(2, 6, 4, 8, 3, 1, 1), pool2d(2, 8, 6, 2, 2), dense(3, 100, 10)};
  std::vector<LayerTime> times(3);
  Workspace workspace(predictor.workspace_bytes(3));
  predictor.predict(layers, {}, times, workspace).throw_if_error();
  EXPECT_NEAR(times[0].preprocess().mean_ms, 0.5 * kConvSum, kFloatRounding * kConvSum);
  EXPECT_NEAR(times[1].execution().mean_ms, 0.5 * kPoolSum, kFloatRounding * kPoolSum);
  EXPECT_NEAR(times[2].postprocess().upper_ms, 12.0 * kDenseSum, 12 * kFloatRounding * kDenseSum);
  EXPECT_EQ(predictor.environment().framework_version, "1.2.3");
  EXPECT_EQ(predictor.training().noise_floor_pct, 4.5);
}

/// The same of one of whole calls with an interval of networks. Of four dense layers of 170 ms each, half-widths above
/// are 170 ms: correlated by a quarter the root of 0.75 x 4 x 170^2 + 0.25 x 680^2, 449.78, times the scale of 1.5.
TEST(PredictorFile, LoadsAFileOfVersion1WithAnIntervalOfNetworks) {
  const LayerTimePredictor predictor =
      LayerTimePredictor::load(std::string(PERFMODEL_TEST_DATA) + "/model_v1/predictor_total.safetensors");
  EXPECT_EQ(predictor.environment().timing, LayerTiming::kTotal);
  EXPECT_EQ(predictor.network_interval().num_networks, 12U);
  const TimeEstimate total = predictor.predict_sequence(std::vector<LayerSpec>(4, dense(2, 72, 10))).total;
  EXPECT_NEAR(total.mean_ms, 680, 1e-3);
  EXPECT_NEAR(total.upper_ms, 680 + 674.67, 1e-2);
}

TEST(PredictorFile, KeepsWhatItsTimesAre) {
  const std::string path = temporary_path("predictor_io_test_timing.safetensors");
  Environment environment = test_environment();
  for (const LayerTiming timing : {LayerTiming::kPhases, LayerTiming::kTotal}) {
    environment.timing = timing;
    LayerTimePredictor(environment, {sum_models(LayerKind::kDense, 1)}).save(path);
    EXPECT_EQ(LayerTimePredictor::load(path).environment().timing, timing);
  }
  std::remove(path.c_str());
}

TEST(PredictorFile, KeepsAnUnknownNoiseFloorUnknown) {
  const std::string path = temporary_path("predictor_io_test_unknown.safetensors");
  LayerTimePredictor(test_environment(), {sum_models(LayerKind::kDense, 1)}).save(path);
  EXPECT_TRUE(std::isnan(LayerTimePredictor::load(path).training().noise_floor_pct));
  std::remove(path.c_str());
}

TEST(PredictorFile, IsCorruptWhenCutAnywhere) {
  const std::string bytes = saved_bytes();
  constexpr std::size_t kStep = 61;  // every byte takes seconds; a step that no alignment divides visits all its phases
  for (std::size_t size = 0; size < bytes.size(); size += kStep) {
    SCOPED_TRACE(size);
    EXPECT_PM_ERROR(LayerTimePredictor::load(bytes_of(bytes.substr(0, size))), ErrorCode::kCorrupt, "");
  }
}

TEST(PredictorFile, IsCorruptWhenAByteChanged) {
  std::string bytes = saved_bytes();
  bytes[bytes.size() - 5] = static_cast<char>(bytes[bytes.size() - 5] ^ 1);
  EXPECT_PM_ERROR(LayerTimePredictor::load(bytes_of(bytes)), ErrorCode::kCorrupt, "checksum");
}

TEST(PredictorFile, MustHoldAPredictor) {
  ArchiveWriter archive;
  EXPECT_PM_ERROR(LayerTimePredictor::load(bytes_of(archive.finish())), ErrorCode::kMismatch,
                  "model file: the file holds no 'predictor'");
  EXPECT_PM_ERROR(LayerTimePredictor::load("/nowhere/p.safetensors"), ErrorCode::kNotFound, "/nowhere/p.safetensors");
}

// The metadata of a file whose checksum is right, but which says what no predictor says.
TEST(PredictorFile, IsCorruptWhenItsDescriptionIsWrong) {
  const std::string head =
      R"({"environment":{"device":"cpu","device_name":"","framework":"eager","framework_version":"",)"
      R"("num_threads":1},"training":{"noise_floor_pct":null,"num_layers":0,"num_failed":0},)";
  struct Bad {
    std::string description;
    const char* says;
  };
  const Bad bads[] = {
      {"{", "predictor file"},
      {"[]", "predictor file"},
      {R"({"environment":{},"training":{},"kinds":[]})", "device"},
      {head + R"("kinds":[]})", "one layer kind at least"},
      {R"({"environment":{"device":"cpu","device_name":"","framework":"","framework_version":"","num_threads":1,)"
       R"("timing":"halves"},"training":{},"kinds":[]})",
       "timing 'halves' is not known (phases, total)"},
      {head + R"("kinds":[],"colour":1})", "colour"},
      {head + R"("kinds":[{"kind":"lstm","features":"paper","phases":[{},{},{}]}]})", "lstm"},
      {head + R"("kinds":[{"kind":"dense","features":"magic","phases":[{},{},{}]}]})", "magic"},
      {head + R"("kinds":[{"kind":"dense","features":"paper","phases":[{}]}]})", "has 1 phases, not 3"},
      {head + R"("kinds":[{"kind":"dense","features":"paper","phases":[{},{},{}]}]})", ""},
  };
  for (const Bad& bad : bads) {
    SCOPED_TRACE(bad.description);
    ArchiveWriter archive;
    archive.set_metadata("predictor", bad.description);
    EXPECT_PM_ERROR(LayerTimePredictor::load(bytes_of(archive.finish())), ErrorCode::kCorrupt, bad.says);
  }
}

// A number of threads that no machine has, or that does not fit an int.
TEST(PredictorFile, IsCorruptWithAnImpossibleNumberOfThreads) {
  for (const char* num_threads : {"0", "-1", "65537", "4294967297"}) {
    SCOPED_TRACE(num_threads);
    ArchiveWriter archive;
    archive.set_metadata("predictor", std::string(R"({"environment":{"device":"cpu","device_name":"",)") +
                                          R"("framework":"eager","framework_version":"","num_threads":)" + num_threads +
                                          R"(},"training":{},"kinds":[]})");
    EXPECT_PM_ERROR(LayerTimePredictor::load(bytes_of(archive.finish())), ErrorCode::kCorrupt,
                    std::string("num_threads is ") + num_threads + ", allowed are 1 to 65536");
  }
}

/// What save() would write for dense layers, but for what `change` makes of their features, and `add` of the
/// description.
std::string changed_bytes(const std::function<void(std::vector<FeatureInfo>&)>& change,
                          const std::function<void(nlohmann::json&)>& add) {
  const Model model = sum_model(FeatureSet::kPaper, LayerKind::kDense, 1);
  ModelInfo info = model.info();
  change(info.features);
  NetworkLayer layer;
  layer.inputs = info.features.size();
  layer.outputs = 1;
  layer.weights.assign(layer.inputs, 1);
  const Model other(info, make_sequence_network(layer.inputs, {layer}));
  ArchiveWriter archive;
  nlohmann::json phases = nlohmann::json::array();
  for (const char* phase : {"pre", "exe", "post"}) {
    phases.push_back(write_model(archive, std::string("dense/") + phase, other));
  }
  nlohmann::json value = nlohmann::json::parse(
      R"({"environment":{"device":"cpu","device_name":"","framework":"eager","framework_version":"","num_threads":1},)"
      R"("training":{"noise_floor_pct":null,"num_layers":0,"num_failed":0},)"
      R"("kinds":[{"kind":"dense","features":"paper"}]})");
  value["kinds"][0]["phases"] = phases;
  add(value);
  archive.set_metadata("predictor", value.dump());
  return archive.finish();
}

using Features = std::vector<FeatureInfo>;

/// As a build writes it that computes other features than this one.
std::string bytes_with_other_features(const std::function<void(Features&)>& change) {
  return changed_bytes(change, [](nlohmann::json&) {});
}

TEST(PredictorFile, IsCorruptWithANetworkIntervalThatIsNone) {
  const auto with_interval = [](const char* interval) {
    return changed_bytes([](Features&) {},
                         [&](nlohmann::json& value) { value["network_interval"] = nlohmann::json::parse(interval); });
  };
  const std::string right = with_interval(R"({"correlation":0.25,"scale":1.5,"num_networks":12})");
  EXPECT_EQ(LayerTimePredictor::load(bytes_of(right)).network_interval().scale, 1.5);
  const struct {
    const char* interval;
    const char* says;
  } bads[] = {
      {"3", "network_interval"},
      {"{}", "correlation"},
      {R"({"correlation":0.25,"scale":1.5})", "num_networks"},
      {R"({"correlation":0.25,"scale":1.5,"num_networks":12,"colour":1})", "colour"},
      {R"({"correlation":"none","scale":1.5,"num_networks":12})", "correlation"},
      {R"({"correlation":0.25,"scale":1.5,"num_networks":-12})", "num_networks"},
      {R"({"correlation":1.25,"scale":1.5,"num_networks":12})", "correlation 1.25, scale 1.5, fitted on 12 networks"},
      {R"({"correlation":0.25,"scale":0,"num_networks":12})", "scale 0, fitted"},
      {R"({"correlation":0.25,"scale":1.5,"num_networks":0})", "fitted on 0 networks"},
  };
  for (const auto& bad : bads) {
    SCOPED_TRACE(bad.interval);
    EXPECT_PM_ERROR(LayerTimePredictor::load(bytes_of(with_interval(bad.interval))), ErrorCode::kCorrupt, bad.says);
  }
}

TEST(PredictorFile, OfABuildWithOtherFeaturesMustBeFittedAnew) {
  const std::function<void(Features&)> changes[] = {
      [](Features& features) {
        features.push_back(FeatureInfo{"colour", "", 0, 1, true});
      },
      [](Features& features) { features[0].name = "colour"; },
  };
  for (const auto& change : changes) {
    EXPECT_PM_ERROR(LayerTimePredictor::load(bytes_of(bytes_with_other_features(change))), ErrorCode::kVersion,
                    "the models for layer kind 'dense' take features that this build does not compute for set 'paper'");
  }
}

// Its models add up their features: batch, inputs, outputs, bias and activation.
TEST(PredictorFile, OfABuildWithFewerFeaturesOrInAnotherOrderAnswersAsItDidThere) {
  const LayerSpec layer = dense(2, 30, 400);
  const auto answer = [&](const std::function<void(Features&)>& change) {
    const LayerTimePredictor predictor = LayerTimePredictor::load(bytes_of(bytes_with_other_features(change)));
    Workspace workspace(predictor.workspace_bytes(1));
    LayerTime time;
    predictor.predict({&layer, 1}, {}, {&time, 1}, workspace).throw_if_error();
    return time.execution().mean_ms;
  };
  EXPECT_EQ(answer([](Features&) {}), 2 + 30 + 400 + 1 + 0);
  EXPECT_EQ(answer([](Features& features) { std::swap(features[0], features[1]); }), 433);
  EXPECT_EQ(answer([](Features& features) { features.erase(features.begin() + 2); }), 33);
}

}  // namespace
}  // namespace perfmodel
