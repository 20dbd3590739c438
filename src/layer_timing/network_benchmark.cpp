#include "perfmodel/train/network_benchmark.h"

#include <fmt/format.h>

#include <ctime>
#include <memory>
#include <vector>

#include "layer_timing/framework.h"
#include "layer_timing/network_buffers.h"
#include "layer_timing/thread_settings.h"
#include "perfmodel/core/error.h"
#include "perfmodel/data/metrics.h"

namespace perfmodel {
namespace {

void require(bool holds, const char* option, double given, const char* allowed) {
  if (holds) return;
  throw Error(ErrorCode::kInvalidArgument,
              fmt::format("network benchmark: {} is {}, allowed is {}", option, given, allowed));
}

void check_options(const NetworkBenchmarkOptions& options) {
  require(options.num_threads >= 1, "num_threads", options.num_threads, ">= 1");
  require(options.warmup_runs >= 0, "warmup_runs", options.warmup_runs, ">= 0");
  require(options.min_runs >= 1, "min_runs", options.min_runs, ">= 1");
  require(options.max_seconds >= 0, "max_seconds", options.max_seconds, ">= 0");
}

double seconds_of(clockid_t clock) {
  timespec time = {};
  clock_gettime(clock, &time);
  return static_cast<double>(time.tv_sec) + 1e-9 * static_cast<double>(time.tv_nsec);
}

NetworkBenchmarkResult measure(PreparedNetwork& network, const NetworkBenchmarkOptions& options) {
  const PhaseClock clock(DeviceKind::kCpu);  // a run waits for its device by itself
  for (int i = 0; i < options.warmup_runs; ++i) network.run();
  std::vector<double> runs_ms;
  double total_ms = 0;
  NetworkBenchmarkResult result;
  result.begin_s = seconds_of(CLOCK_MONOTONIC);
  const double cpu_start_s = seconds_of(CLOCK_PROCESS_CPUTIME_ID);
  while (static_cast<int>(runs_ms.size()) < options.min_runs || total_ms < 1e3 * options.max_seconds) {
    runs_ms.push_back(clock.wall_ms(1, [&] { network.run(); }));
    total_ms += runs_ms.back();
  }
  result.end_s = seconds_of(CLOCK_MONOTONIC);
  result.num_runs = static_cast<int>(runs_ms.size());
  result.cpu_ms = 1e3 * (seconds_of(CLOCK_PROCESS_CPUTIME_ID) - cpu_start_s) / result.num_runs;
  result.latency_ms = median(runs_ms);
  result.spread_ms = robust_spread(runs_ms);
  return result;
}

}  // namespace

NetworkBenchmarkResult benchmark_network(const Network& network, const NetworkBenchmarkOptions& options) {
  check_options(options);
  const DeviceKind device = parse_device(options.device);
  const std::string name = fmt::format("network '{}' at batch {}", network.name(), network.batch());
  for (const LayerSpec& layer : network.layers()) require_operator(layer);
  try {
    require_memory(needed_bytes(network), name);
    keep_freed_memory();
    const ThreadSettings threads(options.num_threads, /*cpu=*/-1);
    WeightPool pool;
    FilledBuffer input(Fill::kActivations), output;
    const CallerBuffers buffers = reserve_buffers(network, input, output);
    const std::unique_ptr<Framework> framework = make_eager_framework(device, pool, options.memory_format);
    return measure(*framework->prepare(network, buffers), options);
  } catch (...) {
    rethrow_as_error(name);
  }
}

}  // namespace perfmodel
