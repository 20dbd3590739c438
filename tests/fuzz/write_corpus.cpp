// Writes what of the corpora no person can write by hand: a model file of every kind, hostile ones whose checksums are
// right, files of predictors and corrections, saved transfers. Run it when a format grows, and check in what comes out.
// Usage: write_fuzz_corpus CORPUS_FOLDER

#include <cstdio>
#include <cstring>
#include <exception>
#include <functional>
#include <limits>
#include <nlohmann/json.hpp>

#include "core/file.h"
#include "layer_time/network_fixture.h"
#include "learner/model_files_for_tests.h"
#include "perfmodel/learner/additive_cost.h"
#include "perfmodel/learner/blend.h"
#include "perfmodel/learner/registry.h"
#include "perfmodel/learner/xgboost_import.h"
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

std::shared_ptr<const Learner> boosted_trees() {
  XGBoostOptions options;
  options.num_rounds = 6;
  return make_xgboost_learner(options);
}

/// Dense layers of `units`, then one output: PerfNet with ReLU, a perceptron with the hyperbolic tangent.
Model dense_network(const std::vector<std::size_t>& units, bool tanh) {
  Random random(4);
  std::vector<NetworkLayer> layers;
  std::size_t values = 3;
  for (const std::size_t outputs : units) {
    layers.push_back(random_layer(NetworkLayer::Kind::kDense, values, outputs, 1, random));
    layers.back().relu = !tanh;
    layers.back().tanh = tanh;
    values = outputs;
  }
  layers.push_back(random_layer(NetworkLayer::Kind::kDense, values, 1, 1, random));
  layers.back().relu = false;
  return Model(example_model("sequence_network").info(), make_sequence_network(3, std::move(layers)));
}

/// Parts of every kind that hand missing values on, around trees that take them.
Model missing_values() {
  Random random(5);
  const auto trees = [&random](std::size_t num_inputs) {
    TreeEnsemble ensemble = random_trees(num_inputs, 3, random);
    for (std::size_t i = 0; i < ensemble.feature.size(); ++i) ensemble.missing_left.push_back(random.chance(0.5));
    return make_tree_ensemble(std::move(ensemble));
  };
  std::vector<ColumnTransform> columns(3);
  columns[0].shape = ColumnTransform::Shape::kLog;
  columns[1] = {ColumnTransform::Shape::kBoxCox, 0.5, 1, 2, true};
  columns[2].used = false;
  const auto transformed = make_transformed(FeatureTransform(columns), trees(2), {});
  const auto remapped = make_remapped(3, {2, 0}, {{{1, 10, 100}, {0, 1, 2}}, {}}, trees(2));
  const auto stacked = make_stacked(remapped, trees(4), /*keep_row=*/true, /*log_inner=*/true);
  return Model(example_model("mean").info(), make_mean({trees(3), transformed, stacked}, {1, 2, 3}, false));
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
  fitted(*boosted_trees()).save(folder + "xgboost");
  fitted(*make_blend_learner({boosted_trees(), make_tree_learner()})).save(folder + "blend");
  dense_network({6}, true).save(folder + "perceptron");
  dense_network({4, 8, 4}, false).save(folder + "perfnet");
  missing_values().save(folder + "missing_values");
  for (const std::string& strategy : transfer_strategies()) transferred(strategy).save(folder + "transfer_" + strategy);
  corrected().save(folder + "corrected");
}

/// Models of XGBoost's that the corpus has in XGBoost's own form, in ours.
void write_imported_models(const std::string& xgboost, const std::string& folder) {
  import_xgboost(xgboost + "squared_error.json").save(folder + "imported_json");
  import_xgboost(xgboost + "poisson.ubj").save(folder + "imported_ubj");
}

/// A predictor of one kind: trees for the first phase, their mean with a network for the second, a process for the
/// third.
LayerTimePredictor mixed_predictor() {
  Random random(6);
  const Model sum = sum_model(FeatureSet::kPaper, LayerKind::kDense, 1);
  const std::size_t num_inputs = sum.num_features();
  const auto model = [&sum](std::shared_ptr<const Evaluator> evaluator) {
    return Model(sum.info(), std::move(evaluator));
  };
  const auto trees = make_tree_ensemble(random_trees(num_inputs, 2, random));
  return LayerTimePredictor(test_environment(),
                            {{LayerKind::kDense,
                              FeatureSet::kPaper,
                              {model(trees), model(make_mean({trees, sum.shared_evaluator()}, {1, 1}, true)),
                               model(make_gaussian_process(random_process(num_inputs, 4, random)))}}},
                            {});
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
  edit("floor_negative", "floored", [](json& part) { part["floors"][2] = -1; });
  edit("floors_too_few", "floored", [](json& part) { part["floors"].erase(0); });
}

void write_predictors(const std::string& folder) {
  sum_predictor().save(folder + "sum");
  mixed_predictor().save(folder + "mixed");
  call_predictor().with_network_interval({0.25, 1.5, 12}).save(folder + "total");
}

/// One that a network answers, and one of cost terms.
void write_corrections(const std::string& folder) {
  layers_correction(2).save(folder + "layers");
  Dataset facts({"cost_runs_per_ms", "cost_layers_per_ms", "num_layers"}, "factor");
  Random random(8);
  for (int i = 0; i < 40; ++i) {
    const double sum_ms = random.log_uniform(10, 1000), num_layers = static_cast<double>(random.integer(1, 20));
    facts.add_row(std::vector<double>{1 / sum_ms, num_layers / sum_ms, num_layers}, (5 + 3 * num_layers) / sum_ms);
  }
  NetworkCorrection(test_environment(), make_additive_cost_learner()->fit(facts, {})).save(folder + "costs");
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
    perfmodel::write_imported_models(folder + "/xgboost/", folder + "/model/");
    perfmodel::write_hostile_models(folder + "/model/");
    perfmodel::write_predictors(folder + "/predictor/");
    perfmodel::write_corrections(folder + "/network_correction/");
    perfmodel::write_transfers(folder + "/transfer/");
  } catch (const std::exception& error) {
    std::fprintf(stderr, "%s\n", error.what());
    return 1;
  }
  return 0;
}
