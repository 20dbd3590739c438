#include "evaluation.h"

#include <chrono>

namespace perfmodel::tools {
namespace {

using Clock = std::chrono::steady_clock;

// Runs of a large network take seconds each: few samples per round, more rounds.
constexpr int kWarmupRuns = 1, kSamplesPerRound = 4;

LayerBenchmarkOptions benchmark_options(const Environment& environment) {
  LayerBenchmarkOptions options;
  options.device = environment.device;
  options.framework = environment.framework;
  options.num_threads = environment.num_threads;
  options.protocol.warmup_runs = kWarmupRuns;
  options.protocol.min_samples = kSamplesPerRound;
  return options;
}

void warn_of_other_environment(const Environment& trained, const Environment& here, const Callbacks& callbacks) {
  const auto compare = [&](const char* what, const std::string& then, const std::string& now) {
    if (then == now || !callbacks.log) return;
    callbacks.log(LogLevel::kWarning,
                  std::string(what) + " is '" + now + "', the predictor was trained on '" + then + "'");
  };
  compare("device", trained.device_name, here.device_name);
  compare("framework version", trained.framework_version, here.framework_version);
}

void add_samples(const ProtocolResult& result, EvaluatedNetwork& network) {
  const std::vector<double>& samples = result.phases.front().samples_ms;
  for (std::size_t i = 0; i < samples.size(); ++i) {
    const bool disturbed = i < result.disturbed.size() && result.disturbed[i];
    (disturbed ? network.disturbed_ms : network.samples_ms).push_back(samples[i]);
  }
}

void measure_layers(LayerBenchmark& benchmark, EvaluatedNetwork& network) {
  const LayerContext context{network.network.footprint_bytes()};
  for (const LayerSpec& layer : network.network.layers()) network.layers.push_back(benchmark.measure({layer, context}));
}

}  // namespace

void measure_networks(const LayerTimePredictor& predictor, const EvaluationOptions& options,
                      std::vector<EvaluatedNetwork>& networks) {
  LayerBenchmark benchmark(benchmark_options(predictor.environment()));
  warn_of_other_environment(predictor.environment(), benchmark.environment(), options.callbacks);
  const Clock::time_point start = Clock::now();
  const std::size_t rounds = static_cast<std::size_t>(options.num_rounds) + (options.measure_layers ? 1 : 0);
  std::size_t done = 0;
  for (std::size_t round = 0; round < rounds; ++round) {
    const bool layers = round == static_cast<std::size_t>(options.num_rounds);
    for (EvaluatedNetwork& network : networks) {
      if (layers) {
        measure_layers(benchmark, network);
      } else {
        add_samples(benchmark.measure(network.network, options.max_seconds).result, network);
      }
      ++done;
      if (!options.callbacks.progress) continue;
      const std::size_t total = rounds * networks.size();
      const double elapsed_s = std::chrono::duration<double>(Clock::now() - start).count();
      options.callbacks.progress({"measuring networks", done, total, elapsed_s,
                                  elapsed_s / static_cast<double>(done) * static_cast<double>(total - done),
                                  network.network.name()});
    }
  }
}

}  // namespace perfmodel::tools
