#include <benchmark/benchmark.h>

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "core/file.h"
#include "perfmodel/layer_time/layer_time_predictor.h"
#include "perfmodel/network/network.h"
#include "synthetic_predictor.h"
#include "temporary_folder.h"

namespace perfmodel {
namespace {

// Made once: Google Benchmark calls a benchmark several times to find its number of iterations.
const LayerTimePredictor& shared_predictor(SyntheticFit fit) {
  static const LayerTimePredictor paper = synthetic_predictor(SyntheticFit::kPaper);
  static const LayerTimePredictor defaults = synthetic_predictor(SyntheticFit::kDefault);
  return fit == SyntheticFit::kPaper ? paper : defaults;
}

/// `count` layers: those of LeNet, AlexNet and VGG16 at batch 1, over and over. The first is a convolution.
std::vector<LayerSpec> layers_of_networks(std::size_t count) {
  std::vector<LayerSpec> all;
  for (const char* name : {"lenet", "alexnet", "vgg16"}) {
    const std::vector<LayerSpec> layers = builtin_network(name, 1).layers();
    all.insert(all.end(), layers.begin(), layers.end());
  }
  std::vector<LayerSpec> out;
  for (std::size_t i = 0; i < count; ++i) out.push_back(all[i % all.size()]);
  return out;
}

// Items are layers, all three phases of each.
void BM_PredictLayers(benchmark::State& state, SyntheticFit fit) {
  const LayerTimePredictor& predictor = shared_predictor(fit);
  const std::vector<LayerSpec> layers = layers_of_networks(static_cast<std::size_t>(state.range(0)));
  std::vector<LayerTime> times(layers.size());
  Workspace workspace(predictor.workspace_bytes(layers.size()));
  for (auto _ : state) {
    const Status status = predictor.predict(layers, LayerContext{}, times, workspace);
    if (!status.ok()) {
      state.SkipWithError(status.message);
      break;
    }
    benchmark::DoNotOptimize(times.data());
    benchmark::ClobberMemory();
  }
  state.SetItemsProcessed(state.iterations() * state.range(0));
}
BENCHMARK_CAPTURE(BM_PredictLayers, paper, SyntheticFit::kPaper)
    ->Arg(1)
    ->Arg(32)
    ->Arg(1024)
    ->Unit(benchmark::kMicrosecond);
BENCHMARK_CAPTURE(BM_PredictLayers, default, SyntheticFit::kDefault)
    ->Arg(1)
    ->Arg(32)
    ->Arg(1024)
    ->Unit(benchmark::kMicrosecond);

// Items are networks.
void BM_PredictNetwork(benchmark::State& state, const char* name) {
  const LayerTimePredictor& predictor = shared_predictor(SyntheticFit::kDefault);
  const Network network = builtin_network(name, 1);
  std::vector<LayerTime> layers(network.nodes().size());
  Workspace workspace(predictor.workspace_bytes(network));
  NetworkTotal total;
  for (auto _ : state) {
    predictor.predict(network, UnknownKinds::kRefuse, layers, total, workspace).throw_if_error();
    benchmark::DoNotOptimize(total);
  }
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK_CAPTURE(BM_PredictNetwork, lenet, "lenet")->Unit(benchmark::kMicrosecond);
BENCHMARK_CAPTURE(BM_PredictNetwork, alexnet, "alexnet")->Unit(benchmark::kMicrosecond);
BENCHMARK_CAPTURE(BM_PredictNetwork, vgg16, "vgg16")->Unit(benchmark::kMicrosecond);

// Items are predictors, read from a file that is in memory already.
void BM_LoadPredictor(benchmark::State& state, SyntheticFit fit) {
  const TemporaryFolder folder;
  const std::string path = folder.file("predictor.safetensors");
  shared_predictor(fit).save(path);
  const std::string file = read_file(path);
  const Span<const std::byte> bytes(reinterpret_cast<const std::byte*>(file.data()), file.size());
  for (auto _ : state) {
    LayerTimePredictor predictor = LayerTimePredictor::load(bytes);
    benchmark::DoNotOptimize(predictor);
  }
  state.SetItemsProcessed(state.iterations());
  state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(file.size()));
}
BENCHMARK_CAPTURE(BM_LoadPredictor, paper, SyntheticFit::kPaper)->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(BM_LoadPredictor, default, SyntheticFit::kDefault)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace perfmodel
