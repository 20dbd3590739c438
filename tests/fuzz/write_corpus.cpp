// Writes what of the corpora no person can write by hand: a model file of every kind, hostile ones whose checksums are
// right, predictors' files, saved transfers. Run it when a format grows, and check in what comes out.
// Usage: write_fuzz_corpus CORPUS_FOLDER

#include <cstdio>
#include <cstring>
#include <exception>
#include <functional>
#include <limits>
#include <nlohmann/json.hpp>

#include "core/file.h"
#include "layer_time/predictor_fixture.h"
#include "learner/model_files_for_tests.h"
#include "perfmodel/learner/registry.h"
#include "perfmodel/train/xgboost.h"
#include "perfmodel/transfer/online_correction.h"
#include "predict/evaluators_for_tests.h"
#include "seal.h"
#include "transfer_example.h"

namespace perfmodel {
namespace {

using nlohmann::json;

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();
constexpr std::uint64_t kHuge = std::uint64_t{1} << 60;

Dataset example_table() {
  Dataset rows({"cores", "clock_mhz", "unused"}, "time_ms");
  Random random(3);
  for (int i = 0; i < 40; ++i) {
    const std::vector<double> row = {1.0 + i % 4, random.log_uniform(100, 2000), 5};
    rows.add_row(row, 1000 / row[1] + 20 / row[0] + 0.01 * random.normal());
  }
  return rows;
}

Model fitted(const Learner& learner) {
  FitOptions all_rows;
  all_rows.validation_fraction = 0;
  return learner.fit(example_table(), all_rows);
}

Model fitted(const std::string& learner, const std::string& options = "") {
  return fitted(*builtin_learners().make(learner, options));
}

Model transferred(const std::string& strategy) {
  TransferExample example = transfer_example();
  const auto session = start_transfer(strategy, example.problem, example.source_model, example.target_learner, {});
  for (std::size_t i = 0; i < 8; ++i) session->tell(i, {3.0 + static_cast<double>(i * i % 5), {}});
  return session->model();
}

Model corrected() {
  OnlineCorrection correction(fitted("tree"));
  const std::vector<double> row = {2, 500, 5};
  for (const double measured : {20.0, 21.0, 19.0}) correction.tell(row, measured);
  return correction.model();
}

void write_models(const std::string& folder) {
  for (const char* kind : kEvaluatorKinds) example_model(kind).save(folder + "example_" + kind);
  fitted("constant").save(folder + "constant");
  fitted("tree").save(folder + "tree");
  fitted("tree", R"({"log_target": true})").save(folder + "tree_log");
  fitted("forest", R"({"num_trees": 5})").save(folder + "forest");
  fitted("polynomial", R"({"max_degree": 2, "log_target": true})").save(folder + "polynomial");
  fitted("stepwise").save(folder + "stepwise");
  fitted("gp").save(folder + "gp");
  XGBoostOptions boosted;
  boosted.num_rounds = 6;
  fitted(*make_xgboost_learner(boosted)).save(folder + "xgboost");
  for (const std::string& strategy : transfer_strategies()) transferred(strategy).save(folder + "transfer_" + strategy);
  corrected().save(folder + "corrected");
}

/// The file with one element of a tensor set.
template <typename T>
std::string with_element(const std::string& file, const std::string& tensor, std::size_t index, T value) {
  std::uint64_t header_bytes = 0;
  std::memcpy(&header_bytes, file.data(), sizeof header_bytes);
  const json header = json::parse(file.substr(sizeof header_bytes, header_bytes));
  const auto begin = header[tensor]["data_offsets"][0].get<std::size_t>();
  std::string changed = file;
  std::memcpy(changed.data() + sizeof header_bytes + header_bytes + begin + index * sizeof value, &value, sizeof value);
  return seal(changed);
}

void write_hostile_models(const std::string& folder) {
  const auto write = [&](const std::string& name, const std::string& file) {
    write_file_atomically(folder + "hostile_" + name, seal(file));
  };
  const auto edit = [&](const std::string& name, const std::string& kind, const std::function<void(json&)>& edit_part) {
    write(name, with_model_json(file_of(example_model(kind)), [&](json& model) { edit_part(model["evaluator"]); }));
  };
  const std::string trees = file_of(example_model("trees")), process = file_of(example_model("gaussian_process"));
  write("tree_child_out_of_range", with_element(trees, "model/left", 0, std::int32_t{1000}));
  write("tree_child_negative", with_element(trees, "model/left", 0, std::int32_t{-2147483647}));
  write("tree_cycle", with_element(trees, "model/left", 2, std::int32_t{0}));
  write("tree_shared_child", with_element(trees, "model/left", 2, std::int32_t{3}));
  write("tree_root_out_of_range", with_element(trees, "model/roots", 4, std::int32_t{35}));
  write("tree_feature_out_of_range", with_element(trees, "model/feature", 0, std::int32_t{3}));
  write("tree_leaf_nan", with_element(trees, "model/threshold", 6, static_cast<float>(kNan)));
  write("network_weight_nan",
        with_element(file_of(example_model("sequence_network")), "model/layer1/weights", 5, static_cast<float>(kNan)));
  write("process_weight_nan", with_element(process, "model/weights", 3, kNan));
  write("process_diagonal_zero", with_element(process, "model/cholesky", 0, 0.0));
  write("polynomial_power", with_element(file_of(example_model("polynomial")), "model/powers", 0, std::int32_t{1000}));
  write("polynomial_offset",
        with_element(file_of(example_model("polynomial")), "model/first_factor", 1, std::int32_t{9}));
  edit("trees_2_60", "trees", [](json& part) { part["num_trees"] = kHuge; });
  edit("tree_nodes_2_60", "trees", [](json& part) { part["num_nodes"] = kHuge; });
  edit("process_points_2_60", "gaussian_process", [](json& part) { part["num_points"] = kHuge; });
  edit("process_triangle_that_wraps", "gaussian_process", [](json& part) { part["num_points"] = 6074001000; });
  edit("network_sizes_that_wrap", "sequence_network",
       [](json& part) { part["layers"][1]["outputs"] = (std::uint64_t{1} << 63) - 1; });
  edit("network_of_another_rank", "sequence_network", [](json& part) { part["layers"][0]["kind"] = "dense"; });
  edit("inputs_2_20", "constant", [](json& part) { part["num_inputs"] = 1048576; });
  edit("nested_20_deep", "constant", [](json& part) {
    for (int i = 0; i < 20; ++i) part = {{"kind", "mean"}, {"geometric", false}, {"weights", {1}}, {"members", {part}}};
  });
  edit("parts_1001", "constant", [](json& part) {
    part = {{"kind", "mean"},
            {"geometric", false},
            {"weights", std::vector<int>(1001, 1)},
            {"members", std::vector<json>(1001, part)}};
  });
  edit("map_of_nothing", "remapped", [](json& part) { part["maps"][1] = {{"from", {1, 1}}, {"to", {0, 0}}}; });
}

void write_transfers(const std::string& folder) {
  for (const std::string& strategy : transfer_strategies()) {
    const TransferExample example = transfer_example();
    const auto session = start_transfer(strategy, example.problem, example.source_model, example.target_learner, {});
    session->ask(3);
    for (const std::size_t candidate : {2, 7, 5, 0})
      session->tell(candidate, {4.5 + static_cast<double>(candidate), {}});
    session->tell(11, {0, "ended with exit code 7: too hot"});
    session->ask(2);
    write_file_atomically(folder + strategy + ".json", session->save());
  }
}

}  // namespace
}  // namespace perfmodel

int main(int argc, char** argv) {
  if (argc != 2) {
    std::fprintf(stderr, "usage: write_fuzz_corpus CORPUS_FOLDER\n");
    return 2;
  }
  try {
    const std::string folder = argv[1];
    perfmodel::write_models(folder + "/model/");
    perfmodel::write_hostile_models(folder + "/model/");
    perfmodel::sum_predictor().save(folder + "/predictor/sum");
    perfmodel::write_transfers(folder + "/transfer/");
  } catch (const std::exception& error) {
    std::fprintf(stderr, "%s\n", error.what());
    return 1;
  }
  return 0;
}
