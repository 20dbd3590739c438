#include <benchmark/benchmark.h>
#include <perfmodel_models_c.h>

#include <cstddef>
#include <memory>
#include <string>
#include <vector>

#include "perfmodel/learner/model.h"
#include "perfmodel/learner/trees.h"
#include "temporary_folder.h"
#include "tree_tables.h"

/// A model as programs use it, through the C++ and the C API of the shared libraries: what a call costs besides the
/// evaluation, loading a file, and many threads on one model.

namespace perfmodel {
namespace {

constexpr std::size_t kTrainingRows = 4000, kTreesOfForest = 100;

const Dataset& table() {
  static const Dataset data = jetson_levels_table(kTrainingRows, 1);
  return data;
}

/// Trees of at most six levels, so that a call is short.
const Model& small_forest() {
  static const Model model = [] {
    ForestOptions options;
    options.num_trees = static_cast<int>(kTreesOfForest);
    options.tree.max_depth = 6;
    return make_forest_learner(options)->fit(table(), {});
  }();
  return model;
}

MatrixView<const double> first_rows(std::size_t num_rows) {
  return {table().features().data(), num_rows, table().num_features()};
}

// Items are rows.
void BM_PredictThroughCpp(benchmark::State& state) {
  const Model& model = small_forest();
  const MatrixView<const double> rows = first_rows(static_cast<std::size_t>(state.range(0)));
  std::vector<Prediction> predictions(rows.rows());
  Workspace workspace(model.workspace_bytes(rows.rows()));
  for (auto _ : state) {
    if (!model.predict(rows, predictions, workspace).ok()) state.SkipWithError("no prediction");
    benchmark::DoNotOptimize(predictions.data());
    benchmark::ClobberMemory();
  }
  state.SetItemsProcessed(state.iterations() * state.range(0));
}
BENCHMARK(BM_PredictThroughCpp)->Arg(1)->Arg(16)->Arg(256);

void BM_PredictThroughC(benchmark::State& state) {
  const TemporaryFolder folder;
  const std::string path = folder.file("model.safetensors");
  small_forest().save(path);
  perfmodel_model* model = nullptr;
  if (perfmodel_model_load(path.c_str(), &model) != PERFMODEL_OK) {
    state.SkipWithError(perfmodel_last_error());
    return;
  }
  const MatrixView<const double> rows = first_rows(static_cast<std::size_t>(state.range(0)));
  std::vector<perfmodel_prediction> predictions(rows.rows());
  perfmodel_prediction_init(predictions.data(), sizeof(perfmodel_prediction));
  for (auto _ : state) {
    if (perfmodel_model_predict(model, rows.data(), rows.rows(), rows.cols(), predictions.data()) != PERFMODEL_OK) {
      state.SkipWithError(perfmodel_last_error());
    }
    benchmark::DoNotOptimize(predictions.data());
    benchmark::ClobberMemory();
  }
  state.SetItemsProcessed(state.iterations() * state.range(0));
  perfmodel_model_destroy(model);
}
BENCHMARK(BM_PredictThroughC)->Arg(1)->Arg(16)->Arg(256);

// Items are rows of all threads, which share one model; each has a workspace of its own.
void BM_PredictFromThreads(benchmark::State& state) {
  const Model& model = small_forest();
  const MatrixView<const double> rows = first_rows(256);
  std::vector<Prediction> predictions(rows.rows());
  Workspace workspace(model.workspace_bytes(rows.rows()));
  for (auto _ : state) {
    if (!model.predict(rows, predictions, workspace).ok()) state.SkipWithError("no prediction");
    benchmark::DoNotOptimize(predictions.data());
    benchmark::ClobberMemory();
  }
  state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(rows.rows()));
}
BENCHMARK(BM_PredictFromThreads)->Threads(1)->Threads(2)->Threads(4)->UseRealTime()->Unit(benchmark::kMicrosecond);

// Items are files of a forest of as many trees, grown to the end, read from the page cache.
void BM_LoadForest(benchmark::State& state) {
  ForestOptions options;
  options.num_trees = static_cast<int>(state.range(0));
  FitOptions fit;
  fit.interval_level = 0;
  const TemporaryFolder folder;
  const std::string path = folder.file("forest.safetensors");
  make_forest_learner(options)->fit(table(), fit).save(path);
  for (auto _ : state) {
    Model model = Model::load(path);
    benchmark::DoNotOptimize(model);
  }
  state.SetItemsProcessed(state.iterations());
  state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(std::filesystem::file_size(path)));
}
BENCHMARK(BM_LoadForest)->Arg(1)->Arg(20)->Arg(100)->Unit(benchmark::kMicrosecond);

}  // namespace
}  // namespace perfmodel
