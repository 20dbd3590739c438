#include "perfmodel/train/network_benchmark.h"

#include <ATen/Parallel.h>

#include <chrono>
#include <cmath>
#include <memory>
#include <string>
#include <vector>

#include "expect_error.h"
#include "layer_timing/framework.h"
#include "layer_timing/network_buffers.h"

namespace perfmodel {
namespace {

// Both orders add up the same float32 products in another sequence; some thousand of them per output.
constexpr double kTolerance = 1e-4;

NetworkBenchmarkOptions quick() {
  NetworkBenchmarkOptions options;
  options.warmup_runs = 1;
  options.min_runs = 3;
  options.max_seconds = 0;
  return options;
}

/// What a network makes of always the same input and weights.
std::vector<float> output_of(const Network& network, MemoryFormat format) {
  WeightPool pool;
  FilledBuffer input(Fill::kActivations), output;
  const CallerBuffers buffers = reserve_buffers(network, input, output);
  make_eager_framework(DeviceKind::kCpu, pool, format)->prepare(network, buffers)->run();
  std::size_t size = 0;
  for (const std::size_t node : output_nodes(network)) {
    size += static_cast<std::size_t>(network.nodes()[node].layer.num_outputs());
  }
  return {buffers.output, buffers.output + size};
}

TEST(NetworkBenchmark, TellsTimesOfRuns) {
  const NetworkBenchmarkResult result = benchmark_network(builtin_network("lenet", 4), quick());
  EXPECT_EQ(result.num_runs, 3);
  EXPECT_GT(result.latency_ms, 0);
  EXPECT_GE(result.spread_ms, 0);
  EXPECT_GT(result.cpu_ms, 0);
}

TEST(NetworkBenchmark, TellsWhenItsRunsWere) {
  const auto now_s = [] {
    return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
  };
  const double before_s = now_s();
  const NetworkBenchmarkResult result = benchmark_network(builtin_network("lenet", 4), quick());
  EXPECT_GT(result.begin_s, before_s);
  EXPECT_LT(result.end_s, now_s());
  EXPECT_GT(result.end_s - result.begin_s, 1.9e-3 * result.latency_ms);  // of three runs two take the median or more
}

TEST(NetworkBenchmark, GoesOnUntilItsTimeIsUp) {
  NetworkBenchmarkOptions options = quick();
  options.max_seconds = 0.05;
  const NetworkBenchmarkResult result = benchmark_network(builtin_network("lenet", 1), options);
  EXPECT_GT(result.num_runs, 3);
  EXPECT_LT(result.latency_ms, 50);
}

TEST(NetworkBenchmark, ComputesTheSameInEitherMemoryFormat) {
  // Flattening after the last image (lenet), depthwise convolutions and sums (mobilenetv2), concatenations
  // (squeezenet).
  for (const char* name : {"lenet", "mobilenetv2", "squeezenet"}) {
    SCOPED_TRACE(name);
    const Network network = builtin_network(name, 2);
    const std::vector<float> expected = output_of(network, MemoryFormat::kContiguous);
    const std::vector<float> actual = output_of(network, MemoryFormat::kChannelsLast);
    ASSERT_EQ(actual.size(), expected.size());
    double largest = 0, difference = 0;
    for (std::size_t i = 0; i < actual.size(); ++i) {
      largest = std::max(largest, std::abs(static_cast<double>(expected[i])));
      difference = std::max(difference, std::abs(static_cast<double>(actual[i]) - expected[i]));
    }
    EXPECT_GT(largest, 0);
    EXPECT_LE(difference, kTolerance * largest);
  }
}

TEST(NetworkBenchmark, PutsBackTheNumberOfThreads) {
  const int before = at::get_num_threads();
  NetworkBenchmarkOptions options = quick();
  options.num_threads = before + 1;
  options.memory_format = MemoryFormat::kChannelsLast;
  benchmark_network(builtin_network("lenet", 1), options);
  EXPECT_EQ(at::get_num_threads(), before);
}

TEST(NetworkBenchmark, RefusesBadOptions) {
  const Network network = builtin_network("lenet", 1);
  const auto refused = [&network](auto change, const char* says) {
    NetworkBenchmarkOptions options;
    change(options);
    EXPECT_PM_ERROR(benchmark_network(network, options), ErrorCode::kInvalidArgument, says);
  };
  refused([](auto& options) { options.num_threads = 0; }, "num_threads is 0, allowed is >= 1");
  refused([](auto& options) { options.warmup_runs = -1; }, "warmup_runs is -1");
  refused([](auto& options) { options.min_runs = 0; }, "min_runs is 0");
  refused([](auto& options) { options.max_seconds = -1; }, "max_seconds is -1");
  NetworkBenchmarkOptions options;
  options.device = "abacus";
  EXPECT_PM_ERROR(benchmark_network(network, options), ErrorCode::kUnsupported, "abacus");
}

}  // namespace
}  // namespace perfmodel
