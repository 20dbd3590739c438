#include <gtest/gtest.h>

#include <cmath>
#include <cstdio>
#include <fstream>
#include <limits>
#include <utility>

#include "core/file.h"
#include "expect_error.h"
#include "model_files_for_tests.h"
#include "predict/evaluators_for_tests.h"
#include "temporary_folder.h"

namespace perfmodel {
namespace {

using nlohmann::json;

void expect_equal_bits(const std::vector<Prediction>& a, const std::vector<Prediction>& b) {
  ASSERT_EQ(a.size(), b.size());
  for (std::size_t i = 0; i < a.size(); ++i) {
    EXPECT_EQ(a[i].mean, b[i].mean) << i;
    EXPECT_EQ(a[i].lower, b[i].lower) << i;
    EXPECT_EQ(a[i].upper, b[i].upper) << i;
    EXPECT_EQ(a[i].in_domain, b[i].in_domain) << i;
  }
}

class ModelFile : public testing::TestWithParam<const char*> {};

TEST_P(ModelFile, KeepsEveryBitOfThePredictions) {
  const Model model = example_model(GetParam());
  const std::string path = temporary_path(std::string(GetParam()) + ".safetensors");
  model.save(path);
  expect_equal_bits(predict_all(Model::load(path), example_rows()), predict_all(model, example_rows()));
  expect_equal_bits(predict_all(load_bytes(read_file(path)), example_rows()), predict_all(model, example_rows()));
  EXPECT_EQ(read_file(path), file_of(model));
  std::remove(path.c_str());
}

TEST_P(ModelFile, IsRefusedTruncatedAtAnyByte) {
  const std::string file = file_of(example_model(GetParam()));
  for (std::size_t size = 0; size < file.size(); ++size) {
    try {
      load_bytes(file.substr(0, size));
      ADD_FAILURE() << "loaded " << size << " of " << file.size() << " bytes";
    } catch (const Error& error) {
      ASSERT_EQ(error.code(), ErrorCode::kCorrupt) << size << ": " << error.what();
      ASSERT_FALSE(std::string(error.what()).empty());
    }
  }
}

TEST_P(ModelFile, IsRefusedWithAnyByteChanged) {
  const std::string file = file_of(example_model(GetParam()));
  for (std::size_t i = 0; i < file.size(); i += 3) {
    std::string damaged = file;
    damaged[i] = static_cast<char>(damaged[i] ^ 0x10);
    try {
      load_bytes(damaged);
      ADD_FAILURE() << "loaded with byte " << i << " changed";
    } catch (const Error& error) {
      ASSERT_TRUE(error.code() == ErrorCode::kCorrupt || error.code() == ErrorCode::kVersion) << i << error.what();
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Kinds, ModelFile, testing::ValuesIn(kEvaluatorKinds),
                         [](const auto& info) { return std::string(info.param); });

TEST(ModelFile, KeepsWhatIsKnownAboutTheModel) {
  const ModelInfo expected = example_model("constant").info();
  const ModelInfo info = load_bytes(file_of(example_model("constant"))).info();
  EXPECT_EQ(info.kind, expected.kind);
  EXPECT_EQ(info.preset, expected.preset);
  EXPECT_EQ(info.target, expected.target);
  ASSERT_EQ(info.features.size(), 3U);
  EXPECT_EQ(info.features[1].name, "input_bytes");
  EXPECT_EQ(info.features[1].unit, "bytes");
  EXPECT_EQ(info.features[1].minimum, 0.25);
  EXPECT_EQ(info.features[1].maximum, 80);
  EXPECT_TRUE(info.features[1].used);
  EXPECT_FALSE(info.features[2].used);
  EXPECT_EQ(info.training_rows, expected.training_rows);
  EXPECT_EQ(info.training_hash, expected.training_hash);
  EXPECT_EQ(info.interval_level, expected.interval_level);
  EXPECT_EQ(info.interval_lower_factor, expected.interval_lower_factor);
  EXPECT_EQ(info.interval_upper_factor, expected.interval_upper_factor);
  EXPECT_EQ(info.held_out.rows, expected.held_out.rows);
  EXPECT_EQ(info.held_out.mape_pct, expected.held_out.mape_pct);
  EXPECT_EQ(info.held_out.rmse, expected.held_out.rmse);
  EXPECT_EQ(info.held_out.mae, expected.held_out.mae);
  EXPECT_EQ(info.held_out.r2, expected.held_out.r2);
  EXPECT_EQ(info.held_out.within_10_pct, expected.held_out.within_10_pct);
  EXPECT_EQ(info.held_out.p95_ape_pct, expected.held_out.p95_ape_pct);
  EXPECT_EQ(info.held_out.spearman, expected.held_out.spearman);
}

TEST(ModelFile, KeepsAMetricThatIsNotANumber) {
  ModelInfo info = example_model("constant").info();
  info.held_out.r2 = info.held_out.spearman = std::nan("");
  const Model model = load_bytes(file_of(example_model("constant").with_info(info)));
  EXPECT_TRUE(std::isnan(model.info().held_out.r2));
  EXPECT_TRUE(std::isnan(model.info().held_out.spearman));
  EXPECT_EQ(model.info().held_out.mape_pct, 4.5);
}

TEST(ModelFile, IsRefusedWithAWrongChecksum) {
  std::string file = file_of(example_model("trees"));
  file.back() = static_cast<char>(file.back() ^ 1);
  EXPECT_PM_ERROR(load_bytes(file), ErrorCode::kCorrupt, "checksum");
}

TEST(ModelFile, IsRefusedWithAnUnknownVersion) {
  const std::string file = with_header(file_of(example_model("trees")),
                                       [](json& header) { header["__metadata__"]["format"] = "perfmodel-2"; });
  EXPECT_PM_ERROR(load_bytes(file), ErrorCode::kVersion, "format 'perfmodel-2' is unknown");
}

TEST(ModelFile, IsRefusedWithSwappedTensorsThoughShapesAndChecksumFit) {
  const auto swap_tensors = [](const std::string& file, const char* a, const char* b) {
    return with_header(file, [&](json& header) {
      ASSERT_EQ(header.at(a)["shape"], header.at(b)["shape"]);
      std::swap(header[a]["data_offsets"], header[b]["data_offsets"]);
    });
  };
  EXPECT_PM_ERROR(load_bytes(swap_tensors(file_of(example_model("trees")), "model/feature", "model/left")),
                  ErrorCode::kCorrupt, "model: the tensors are not those that were saved");
  EXPECT_PM_ERROR(load_bytes(swap_tensors(file_of(example_model("sequence_network")), "model/layer1/weights",
                                          "model/layer2/weights")),
                  ErrorCode::kCorrupt, "model: the tensors are not those that were saved");
}

TEST(ModelFile, IsRefusedWithSwappedTensorsOfOtherShapes) {
  const std::string file = with_header(file_of(example_model("sequence_network")), [](json& header) {
    std::swap(header["model/layer1/weights"], header["model/layer0/weights"]);
  });
  EXPECT_PM_ERROR(load_bytes(file), ErrorCode::kCorrupt,
                  "tensor 'model/layer0/weights' is F32 [2, 8, 8], not F32 [3, 1, 8]");
}

TEST(ModelFile, IsRefusedWithoutAModel) {
  const std::string file =
      with_header(file_of(example_model("trees")), [](json& header) { header["__metadata__"].erase("model"); });
  EXPECT_PM_ERROR(load_bytes(file), ErrorCode::kMismatch, "model file: the file holds no 'model'");
}

TEST(ModelFile, IsRefusedWhateverItsJsonSays) {
  struct Bad {
    const char* name;
    void (*damage)(json&);
    const char* says;
  };
  const Bad kBad[] = {
      {"unknown key", [](json& j) { j["colour"] = 1; }, "model: unknown key 'colour'"},
      {"missing key", [](json& j) { j.erase("interval"); }, "model: key 'interval' is missing"},
      {"not an object", [](json& j) { j = 3; }, "model: number where an object belongs"},
      {"feature too few", [](json& j) { j["features"].erase(0); }, "model: a model of 2 features whose evaluator"},
      {"feature twice", [](json& j) { j["features"][1]["name"] = "batch"; }, "the name 'batch' appears twice"},
      {"inverted range", [](json& j) { j["features"][0]["minimum"] = 1e9; }, "is not a range"},
      {"feature without name", [](json& j) { j["features"][0].erase("name"); },
       "model/feature0: key 'name' is missing"},
      {"negative rows", [](json& j) { j["training"]["rows"] = -1; }, "model/training: 'rows' is -1"},
      {"level of 2", [](json& j) { j["interval"]["level"] = 2; }, "an interval level of 2"},
      {"factors out of order", [](json& j) { j["interval"]["lower_factor"] = 99; }, "interval factors 99 and 1.5"},
      {"text for a metric", [](json& j) { j["held_out"]["rmse"] = "x"; }, "model/held_out: 'rmse' is \"x\""},
      {"null for a factor", [](json& j) { j["interval"]["lower_factor"] = nullptr; }, "'lower_factor' is null"},
      {"evaluator of another kind", [](json& j) { j["evaluator"]["kind"] = "magic"; }, "model: unknown kind 'magic'"},
  };
  const std::string file = file_of(example_model("constant"));
  for (const Bad& bad : kBad) {
    SCOPED_TRACE(bad.name);
    EXPECT_PM_ERROR(load_bytes(with_model_json(file, bad.damage)), ErrorCode::kCorrupt, bad.says);
  }
}

TEST(ModelFile, IsRefusedWithDeeplyNestedJson) {
  const std::string file = with_header(file_of(example_model("constant")), [](json& header) {
    header["__metadata__"]["model"] = std::string(100000, '[') + std::string(100000, ']');
  });
  EXPECT_PM_ERROR(load_bytes(file), ErrorCode::kCorrupt, "nested deeper than");
}

TEST(ModelFile, SaysWhichFileIsMissing) {
  EXPECT_PM_ERROR(Model::load("no/such/model.safetensors"), ErrorCode::kNotFound, "no/such/model.safetensors");
  EXPECT_PM_ERROR(example_model("constant").save("no/such/model.safetensors"), ErrorCode::kNotFound, "no/such");
}

TEST(ModelFile, IsNotWrittenWithANameThatIsNotUtf8) {
  const std::string path = temporary_path("latin1.safetensors");
  ModelInfo info = example_model("constant").info();
  info.features[1].name = "gr\xf6\xdf_bytes";
  EXPECT_PM_ERROR(example_model("constant").with_info(info).save(path), ErrorCode::kInvalidArgument,
                  "the model: a text is not UTF-8");
  EXPECT_FALSE(std::ifstream(path).good());
}

TEST(ModelFile, IsRefusedWhenEmpty) {
  EXPECT_PM_ERROR(load_bytes(""), ErrorCode::kCorrupt, "not a model file: 0 bytes");
}

}  // namespace
}  // namespace perfmodel
