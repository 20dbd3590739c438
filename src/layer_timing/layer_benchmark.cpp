#include "perfmodel/train/layer_benchmark.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <utility>

#include "layer_timing/framework.h"
#include "layer_timing/host_memory.h"
#include "layer_timing/network_buffers.h"
#include "layer_timing/surroundings.h"
#include "layer_timing/thread_settings.h"
#include "perfmodel/core/error.h"

namespace perfmodel {
namespace {

// A network that takes longer than its share of the time limit is run less often, down to these.
constexpr int kLeastNetworkSamples = 5;
constexpr int kLeastWarmupRuns = 1;

class LayerWork final : public PhasedWork {
 public:
  LayerWork(PreparedLayer& layer, Surroundings& surroundings, double reuse_bytes)
      : layer_(layer), surroundings_(surroundings), reuse_bytes_(reuse_bytes) {
    layer_.refresh_input();
  }

  int num_phases() const override { return kNumPhases; }
  int leading_phase() const override { return static_cast<int>(Phase::kExecution); }
  void prepare() override { surroundings_.run_operators(); }
  double run_ms(int phase, int repeats) override {
    switch (static_cast<Phase>(phase)) {
      case Phase::kPreprocess:
        return layer_.preprocess_ms(repeats);
      case Phase::kExecution:
        surroundings_.sweep_cache(reuse_bytes_);
        layer_.refresh_input();
        return layer_.execute_ms(repeats);
      case Phase::kPostprocess:
        return layer_.postprocess_ms(repeats);
    }
    throw Error(ErrorCode::kInternal, fmt::format("phase {} does not exist", phase));
  }

 private:
  PreparedLayer& layer_;
  Surroundings& surroundings_;
  double reuse_bytes_;
};

class NetworkWork final : public PhasedWork {
 public:
  explicit NetworkWork(PreparedNetwork& network) : network_(network) {}

  int num_phases() const override { return 1; }
  double run_ms(int, int repeats) override {
    return PhaseClock(DeviceKind::kCpu).wall_ms(repeats, [&] { network_.run(); });  // run() waits for the device
  }

 private:
  PreparedNetwork& network_;
};

/// Input and output twice or thrice (the caller's, the framework's, the one before), weights as given and reordered.
double needed_bytes(const LayerSpec& layer) {
  return 3 * layer.input_bytes() + 3 * layer.output_bytes() + 2 * layer.weight_bytes();
}

}  // namespace

struct LayerBenchmark::Impl {
  explicit Impl(LayerBenchmarkOptions given) : options(std::move(given)) {
    if (options.num_threads < 1) {
      throw Error(ErrorCode::kInvalidArgument, fmt::format("num_threads is {}, allowed is >= 1", options.num_threads));
    }
    const DeviceKind device = parse_device(options.device);
    keep_freed_memory();
    try {
      framework = make_framework(options.framework, device, pool);
      surroundings = std::make_unique<Surroundings>(options.framework, device);
    } catch (...) {
      rethrow_as_error(fmt::format("framework '{}'", options.framework));
    }
    environment = {options.device, device_name(device), options.framework, framework->version(), options.num_threads};
    if (options.pin_thread && options.num_threads == 1) cpu = quietest_cpu();
  }

  LayerBenchmarkOptions options;
  Environment environment;
  WeightPool pool;
  FilledBuffer input{Fill::kActivations};
  FilledBuffer output;
  std::unique_ptr<Framework> framework;  // after the pool, which it uses
  std::unique_ptr<Surroundings> surroundings;
  InterferenceMonitor monitor;
  int cpu = -1;
};

LayerBenchmark::LayerBenchmark(LayerBenchmarkOptions options) : impl_(std::make_unique<Impl>(std::move(options))) {}
LayerBenchmark::~LayerBenchmark() = default;
LayerBenchmark::LayerBenchmark(LayerBenchmark&&) noexcept = default;

const Environment& LayerBenchmark::environment() const noexcept {
  return impl_->environment;
}

ProtocolResult LayerBenchmark::measure(const LayerSample& sample) {
  sample.layer.validate();
  if (!(sample.context.reuse_bytes >= 0)) {
    throw Error(ErrorCode::kInvalidArgument,
                fmt::format("reuse_bytes is {}, allowed is >= 0", sample.context.reuse_bytes));
  }
  require_operator(sample.layer);
  const std::string name = describe(sample.layer);
  try {
    require_memory(needed_bytes(sample.layer), name);
    const ThreadSettings threads(impl_->options.num_threads, impl_->cpu);
    const CallerBuffers buffers = {impl_->input.reserve(static_cast<std::size_t>(sample.layer.num_inputs())),
                                   impl_->output.reserve(static_cast<std::size_t>(sample.layer.num_outputs()))};
    const std::unique_ptr<PreparedLayer> layer = impl_->framework->prepare(sample, buffers);
    layer->run_first_set();
    LayerWork work(*layer, *impl_->surroundings, sample.context.reuse_bytes);
    return run_protocol(work, impl_->options.protocol, impl_->monitor);
  } catch (...) {
    rethrow_as_error(name);
  }
}

NetworkMeasurement LayerBenchmark::measure(const Network& network, double max_seconds) {
  const std::string name = fmt::format("network '{}' at batch {}", network.name(), network.batch());
  ProtocolOptions protocol = impl_->options.protocol;
  protocol.max_seconds = max_seconds;
  for (const LayerSpec& layer : network.layers()) require_operator(layer);
  try {
    require_memory(needed_bytes(network), name);
    const ThreadSettings threads(impl_->options.num_threads, impl_->cpu);
    const CallerBuffers buffers = reserve_buffers(network, impl_->input, impl_->output);
    const std::unique_ptr<PreparedNetwork> prepared = impl_->framework->prepare(network, buffers);

    prepared->run();
    NetworkWork work(*prepared);
    const double run_s = 1e-3 * work.run_ms(0, 1);
    const int affordable = static_cast<int>(std::min(1e6, 2 * max_seconds / run_s));
    protocol.min_samples =
        std::clamp(affordable, kLeastNetworkSamples, std::max(kLeastNetworkSamples, protocol.min_samples));
    protocol.warmup_runs =
        std::clamp(affordable / 4, kLeastWarmupRuns, std::max(kLeastWarmupRuns, protocol.warmup_runs));
    protocol.max_samples = std::max(protocol.max_samples, protocol.min_samples);
    NetworkMeasurement measurement;
    measurement.result = run_protocol(work, protocol, impl_->monitor);
    measurement.median_ms = measurement.result.phases.front().median_ms;
    return measurement;
  } catch (...) {
    rethrow_as_error(name);
  }
}

}  // namespace perfmodel
