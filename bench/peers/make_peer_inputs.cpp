#include <fmt/format.h>

#include <cstdio>
#include <memory>
#include <string>
#include <vector>

#include "bench/random_evaluators.h"
#include "bench/tree_tables.h"
#include "core/file.h"
#include "peer_inputs.h"
#include "perfmodel/core/csv.h"
#include "perfmodel/layer_time/layer_table.h"
#include "perfmodel/learner/gaussian_process.h"
#include "perfmodel/learner/trees.h"
#include "perfmodel/network/layer_sampler.h"
#include "train_xgboost/booster.h"

/// usage: make_peer_inputs FOLDER ROWS LAYERS
///
/// Fills a folder with what all peers read (peer_inputs.h): tables of ROWS rows, models fitted to them, LAYERS layers.

namespace perfmodel {
namespace {

constexpr std::uint64_t kTrainingSeed = 1, kTestSeed = 2, kLayerSeed = 1, kRandomSeed = 3;

void fit_models(const std::string& folder, const Dataset& training) {
  make_tree_learner()->fit(training, {}).save(folder + "/tree.safetensors");
  ForestOptions forest;
  forest.num_trees = kPeerTrees;
  make_forest_learner(forest)->fit(training, {}).save(folder + "/forest.safetensors");
  std::vector<std::size_t> first(kProcessPoints);
  for (std::size_t i = 0; i < first.size(); ++i) first[i] = i;
  make_gaussian_process_learner()->fit(training.subset(first), {}).save(folder + "/gp.safetensors");
}

void fit_booster(const std::string& folder, const Dataset& training) {
  const MatrixView<const double> features = training.features();
  const std::vector<float> rows(features.data(), features.data() + features.rows() * features.cols());
  const std::vector<float> labels(training.targets().begin(), training.targets().end());
  Booster booster(
      std::make_shared<const DMatrix>(MatrixView<const float>(rows.data(), features.rows(), features.cols()), labels));
  booster.set("nthread", "1");
  booster.set("tree_method", "hist");
  booster.set("max_depth", std::to_string(kBoosterDepth));
  booster.set("eta", "0.05");
  for (int round = 0; round < static_cast<int>(kBoosterRounds); ++round) booster.grow(round);
  write_file_atomically(folder + "/booster.json", booster.to_json());
}

/// Layers as a campaign draws them, with times as a machine of 10 GB/s and 10 GFLOP/s would have them, which issues an
/// operation in 3 us.
void write_layers(const std::string& path, std::uint64_t num_layers) {
  constexpr double kBytesPerMs = 1e7, kFlopsPerMs = 1e7, kIssueMs = 0.003;
  SamplerOptions options;
  options.seed = kLayerSeed;
  const LayerSampler sampler(options);
  CsvTable table;
  table.columns = {"candidate", "pass", "status"};
  for (const auto& names : {layer_columns(), phase_columns(), environment_columns()}) {
    table.columns.insert(table.columns.end(), names.begin(), names.end());
  }
  for (std::uint64_t i = 0; i < num_layers; ++i) {
    const LayerSample sample = sampler.sample(i);
    const LayerSpec& layer = sample.layer;
    std::vector<std::string> row = {std::to_string(i), "0", "ok"};
    for (const double value : layer_to_values(sample)) row.push_back(format_number(value));
    for (const double work_ms :
         {layer.input_bytes() / kBytesPerMs, layer.flops() / kFlopsPerMs, layer.output_bytes() / kBytesPerMs}) {
      row.push_back(format_number(kIssueMs + work_ms));
    }
    for (const char* text : {"cpu", "made up", "eager", "0", "1"}) row.emplace_back(text);
    table.rows.push_back(std::move(row));
  }
  write_csv(table, path);
}

void save_random_models(const std::string& folder) {
  constexpr int kDepth = 9;                               // 1023 nodes of 12 bytes
  constexpr std::size_t kTreesPerMb = 82, kNetworks = 7;  // a network has 187 000 weights of 4 bytes
  Random random(kRandomSeed);
  const auto save_trees = [&](std::size_t num_trees, const char* name) {
    model_of(make_tree_ensemble(random_ensemble(kPeerFeatures, num_trees, kDepth, random))).save(folder + name);
  };
  save_trees(kTreesPerMb, "/trees_1mb.safetensors");
  save_trees(5 * kTreesPerMb, "/trees_5mb.safetensors");
  std::vector<std::shared_ptr<const Evaluator>> networks;
  for (std::size_t i = 0; i < kNetworks; ++i) {
    networks.push_back(make_sequence_network(kPeerFeatures, random_resperfnet(kPeerFeatures, false, random)));
  }
  model_of(make_mean(std::move(networks), std::vector<double>(kNetworks, 1.0), false))
      .save(folder + "/networks_5mb.safetensors");
}

void run(const std::string& folder, std::size_t num_rows, std::uint64_t num_layers) {
  const Dataset training = jetson_levels_table(num_rows, kTrainingSeed);
  write_table(training, folder + "/training.f64");
  write_table(jetson_levels_table(num_rows, kTestSeed), folder + "/test.f64");
  fit_models(folder, training);
  fit_booster(folder, training);
  write_layers(folder + "/layers.csv", num_layers);
  save_random_models(folder);
}

}  // namespace
}  // namespace perfmodel

int main(int argc, char** argv) {
  if (argc != 4) {
    fmt::print(stderr, "usage: make_peer_inputs FOLDER ROWS LAYERS\n");
    return 2;
  }
  try {
    perfmodel::run(argv[1], std::stoul(argv[2]), std::stoul(argv[3]));
  } catch (const std::exception& error) {
    fmt::print(stderr, "make_peer_inputs: {}\n", error.what());
    return 1;
  }
  return 0;
}
