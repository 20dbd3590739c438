#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "core/archive.h"
#include "evaluators_for_tests.h"
#include "expect_error.h"
#include "predict/part_tensors.h"

namespace perfmodel {
namespace {

using nlohmann::json;

ArchiveReader reader_of(const ArchiveWriter& writer) {
  const std::string file = writer.finish();
  return ArchiveReader::parse({reinterpret_cast<const std::byte*>(file.data()), file.size()});
}

/// JSON that a program with ill intent, or a fault, may have put beside intact tensors.
struct BadJson {
  const char* name;
  const char* kind;
  void (*damage)(json&);
  const char* says;
};

constexpr std::uint64_t kHuge = std::uint64_t{1} << 60;

const BadJson kBadJson[] = {
    {"unknown kind", "constant", [](json& j) { j["kind"] = "oracle"; }, "model: unknown kind 'oracle'"},
    {"no kind", "constant", [](json& j) { j.erase("kind"); }, "model: key 'kind' is missing"},
    {"not an object", "constant", [](json& j) { j = json::array(); }, "model: array where an object belongs"},
    {"unknown key", "constant", [](json& j) { j["valeu"] = 1; }, "model: unknown key 'valeu'"},
    {"text for a number", "constant", [](json& j) { j["value"] = "1"; }, "'value' is \"1\", not a number"},
    {"negative width", "constant", [](json& j) { j["num_inputs"] = -1; }, "'num_inputs' is -1"},
    {"huge width", "constant", [](json& j) { j["num_inputs"] = kHuge; }, "at most 1048576 are allowed"},
    {"fractional width", "constant", [](json& j) { j["num_inputs"] = 1.5; }, "'num_inputs' is 1.5, not an integer"},
    {"tree count", "trees", [](json& j) { j["num_trees"] = 4; }, "tensor 'model/roots' is I32 [5], not I32 [4]"},
    {"huge node count", "trees", [](json& j) { j["num_nodes"] = kHuge; }, "tensor 'model/feature' is I32 [35]"},
    {"fewer inputs than features", "trees", [](json& j) { j["num_inputs"] = 1; }, "is not one of 1"},
    {"directions that are not there", "trees", [](json& j) { j["missing_values"] = true; },
     "tensor 'model/missing_left' is missing"},
    {"number for a directions' switch", "trees", [](json& j) { j["missing_values"] = 1; }, "'missing_values' is 1"},
    {"number for the sums' switch", "trees", [](json& j) { j["float32_sums"] = 1; }, "'float32_sums' is 1"},
    {"base beyond float32", "trees",
     [](json& j) {
       j["float32_sums"] = true;
       j["base"] = 1e300;
     },
     "the base is inf, it must be finite"},
    {"wrong digest", "trees", [](json& j) { j["tensors_crc32c"] = "00000000"; }, "model: the tensors are not those"},
    {"layers not a list", "sequence_network", [](json& j) { j["layers"] = 1; }, "'layers' is 1, not an array"},
    {"no layers", "sequence_network", [](json& j) { j["layers"] = json::array(); }, "the tensors are not those"},
    {"unknown layer", "sequence_network", [](json& j) { j["layers"][1]["kind"] = "lstm"; },
     "model/layer1: unknown kind 'lstm'"},
    {"huge kernel", "sequence_network", [](json& j) { j["layers"][0]["kernel"] = kHuge; },
     "'model/layer0/weights' is F32 [3, 1, 8], not F32 [1152921504606846976, 1, 8]"},
    {"huge outputs", "sequence_network", [](json& j) { j["layers"][0]["outputs"] = kHuge; }, "'model/layer0/weights'"},
    {"sizes that wrap around", "sequence_network",
     [](json& j) { j["layers"][1]["outputs"] = (std::uint64_t{1} << 63) - 1; }, "'model/layer1/weights'"},
    {"another rank", "sequence_network", [](json& j) { j["layers"][1]["kind"] = "dense"; },
     "'model/layer1/weights' is F32 [2, 8, 8], not F32 [8, 8]"},
    {"other width than the layers", "sequence_network", [](json& j) { j["num_inputs"] = 4; },
     "takes 6 inputs, the layer before gives 8"},
    {"bias that is not there", "sequence_network", [](json& j) { j["layers"].back()["bias"] = true; },
     "tensor 'model/layer12/bias' is missing"},
    {"unknown shape", "transformed", [](json& j) { j["columns"][0]["shape"] = "sqrt"; },
     "model/column0: unknown shape 'sqrt'"},
    {"no deviation", "transformed", [](json& j) { j["columns"][0]["deviation"] = 0; },
     "model: column 0: lambda 0.3, mean 0.1, deviation 0"},
    {"column that is used", "transformed", [](json& j) { j["columns"][1]["used"] = true; },
     "3 of 3 features are used, 'sequence_network' takes 2"},
    {"unknown target", "transformed", [](json& j) { j["target"]["kind"] = "sqrt"; },
     "model/target: unknown kind 'sqrt'"},
    {"text in the trend", "transformed", [](json& j) { j["target"]["trend"][0] = "x"; },
     "'trend' holds string, not a number"},
    {"part that is null", "transformed", [](json& j) { j["inner"] = nullptr; }, "'inner' is null, not an object"},
    {"fault inside", "transformed", [](json& j) { j["inner"]["layers"][0]["relu"] = 1; },
     "model/inner/layer0: 'relu' is 1"},
    {"weight too many", "mean", [](json& j) { j["weights"].push_back(1); }, "2 members and 3 weights"},
    {"member of another width", "mean",
     [](json& j) {
       j["members"][0] = {{"kind", "constant"}, {"num_inputs", 1}, {"value", 1}};
     },
     "member 1 takes 3 inputs, member 0 takes 1"},
    {"term count", "polynomial", [](json& j) { j["num_terms"] = 4; }, "'model/coefficients' is F64 [3], not F64 [4]"},
    {"huge term count", "polynomial", [](json& j) { j["num_terms"] = kHuge; }, "'model/coefficients' is F64 [3]"},
    {"factor count", "polynomial", [](json& j) { j["num_factors"] = 3; }, "'model/inputs' is I32 [4], not I32 [3]"},
    {"fewer inputs than factors", "polynomial", [](json& j) { j["num_inputs"] = 2; },
     "factor 3: input 2 is not one of 2"},
    {"wrong digest of factors", "polynomial", [](json& j) { j["tensors_crc32c"] = "00000000"; },
     "model: the tensors are not those"},
    {"unknown kernel", "gaussian_process", [](json& j) { j["kernel"] = "periodic"; },
     "model: unknown kernel 'periodic' (known: matern52, squared_exponential)"},
    {"other width", "gaussian_process", [](json& j) { j["num_inputs"] = 2; },
     "'model/inverse_length_scales' is F64 [3], not F64 [2]"},
    {"huge point count", "gaussian_process", [](json& j) { j["num_points"] = kHuge; }, "'model/points' is F64 [7, 3]"},
    {"no triangle", "gaussian_process", [](json& j) { j["has_deviation"] = false; },
     "'model/cholesky' is F64 [28], not F64 [0]"},
    {"number for a triangle", "gaussian_process", [](json& j) { j["mean_uncertain"] = 1; }, "'mean_uncertain' is 1"},
    {"negative noise", "gaussian_process", [](json& j) { j["noise_variance"] = -1; }, "the noise variance is -1"},
    {"wrong digest of points", "gaussian_process", [](json& j) { j["tensors_crc32c"] = "00000000"; },
     "model: the tensors are not those"},
    {"no outer", "stacked", [](json& j) { j.erase("outer"); }, "model: key 'outer' is missing"},
    {"row left out", "stacked", [](json& j) { j["keep_row"] = false; },
     "the outer 'gaussian_process' takes 4 inputs, it is given 1"},
    {"fault in the outer", "stacked", [](json& j) { j["outer"]["kernel"] = ""; }, "model/outer: unknown kernel ''"},
    {"input beyond the end", "remapped", [](json& j) { j["num_inputs"] = 2; }, "remapped: input 2 is not one of 2"},
    {"negative input", "remapped", [](json& j) { j["inputs"][0] = -1; },
     "'inputs' holds -1, not the index of an input"},
    {"huge input", "remapped", [](json& j) { j["inputs"][0] = kHuge; }, "'inputs' holds 1152921504606846976"},
    {"text for an input", "remapped", [](json& j) { j["inputs"][0] = "x"; }, "'inputs' holds \"x\""},
    {"map that is none", "remapped", [](json& j) { j["maps"][1] = 1; }, "model/map1: number where an object belongs"},
    {"text for a knot", "remapped", [](json& j) { j["maps"][1]["to"][0] = "x"; }, "'to' holds string, not a number"},
    {"knots that fall", "remapped", [](json& j) { j["maps"][1]["from"][1] = 0; }, "knot 1 at 0 does not come after 1"},
};

TEST(HostileEvaluator, IsRefusedWhateverItsJsonSays) {
  for (const BadJson& bad : kBadJson) {
    SCOPED_TRACE(bad.name);
    ArchiveWriter writer;
    json part = write_evaluator(*example_evaluator(bad.kind), writer, "model");
    bad.damage(part);
    EXPECT_PM_ERROR(read_evaluator(part, reader_of(writer), "model"), ErrorCode::kCorrupt, bad.says);
  }
}

TEST(HostileEvaluator, IsRefusedWhenATreeDoesNotEnd) {
  ArchiveWriter writer;
  PartTensorsWriter tensors(writer, "model");
  tensors.add("roots", {1}, std::vector<std::int32_t>{0});
  tensors.add("feature", {3}, std::vector<std::int32_t>{0, 0, -1});
  tensors.add("threshold", {3}, std::vector<float>{0, 0, 0});
  tensors.add("left", {3}, std::vector<std::int32_t>{1, 0, 0});
  const json part = {{"kind", "trees"}, {"num_inputs", 1}, {"base", 0},
                     {"num_nodes", 3},  {"num_trees", 1},  {"tensors_crc32c", tensors.digest()}};
  EXPECT_PM_ERROR(read_evaluator(part, reader_of(writer), "model"), ErrorCode::kCorrupt, "node 1: left child 0");
}

TEST(HostileEvaluator, IsRefusedWhenATriangleHasNoDiagonal) {
  ArchiveWriter writer;
  PartTensorsWriter tensors(writer, "model");
  tensors.add("inverse_length_scales", {1}, std::vector<double>{1});
  tensors.add("slopes", {0}, std::vector<double>{});
  tensors.add("points", {2, 1}, std::vector<double>{0, 1});
  tensors.add("weights", {2}, std::vector<double>{0, 1});
  tensors.add("cholesky", {3}, std::vector<double>{1, 1, 0});
  tensors.add("mean_cholesky", {0}, std::vector<double>{});
  const json part = {{"kind", "gaussian_process"},
                     {"kernel", "matern52"},
                     {"num_inputs", 1},
                     {"num_points", 2},
                     {"signal_variance", 1},
                     {"noise_variance", 0},
                     {"base", 0},
                     {"linear_mean", false},
                     {"has_deviation", true},
                     {"mean_uncertain", false},
                     {"tensors_crc32c", tensors.digest()}};
  EXPECT_PM_ERROR(read_evaluator(part, reader_of(writer), "model"), ErrorCode::kCorrupt,
                  "element 1 of the diagonal is 0");
}

TEST(HostileEvaluator, IsRefusedWhenATensorHasAnotherType) {
  ArchiveWriter writer;
  const std::vector<std::int32_t> one = {0};
  writer.add("model/layer0/weights", {1, 1}, Span<const std::int32_t>(one));
  const json layer = {{"kind", "dense"}, {"inputs", 1},   {"outputs", 1},
                      {"kernel", 1},     {"relu", false}, {"bias", false}};
  const json part = {
      {"kind", "sequence_network"}, {"num_inputs", 1}, {"layers", {layer}}, {"tensors_crc32c", "00000000"}};
  EXPECT_PM_ERROR(read_evaluator(part, reader_of(writer), "model"), ErrorCode::kCorrupt,
                  "is I32 [1, 1], not F32 [1, 1]");
}

}  // namespace
}  // namespace perfmodel
