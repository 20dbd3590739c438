// perfmodel-torch-workload: runs a built-in network in LibTorch under one configuration and says what it took. A
// program for campaigns over configurations to measure: it takes options as "option=value" and answers on one line,
// with when its timed runs were, so that energy is theirs and not that of loading LibTorch.
//
//   perfmodel-torch-workload network=squeezenet num_threads=2 batch_size=4 memory_format=channels_last

#include <cstdio>

#include "number_checks.h"
#include "perfmodel/core/error.h"
#include "tool_main.h"
#include "workload_options.h"

namespace perfmodel::tools {
namespace {

/// What cannot be asked for is a wrong command line.
template <typename Ask>
auto usage(const Ask& ask) {
  try {
    return ask();
  } catch (const Error& error) {
    throw CLI::ValidationError(error.what());
  }
}

void run(const std::vector<std::string>& arguments, double seconds) {
  WorkloadRequest request = usage([&] { return parse_request(arguments); });
  const Network network = usage([&] { return builtin_network(request.network, request.batch); });
  request.benchmark.max_seconds = seconds;
  const NetworkBenchmarkResult result = benchmark_network(network, request.benchmark);
  std::printf(
      "latency_ms=%.6g latency_ms_per_image=%.6g cpu_ms_per_image=%.6g window_begin_s=%.9f window_end_s=%.9f "
      "window_runs=%d\n",
      result.latency_ms, result.latency_ms / request.batch, result.cpu_ms / request.batch, result.begin_s, result.end_s,
      result.num_runs);
}

}  // namespace
}  // namespace perfmodel::tools

int main(int argc, char** argv) {
  CLI::App app{"Runs a network in LibTorch under one configuration: latency and CPU time", "perfmodel-torch-workload"};
  std::vector<std::string> arguments;
  double seconds = 1;
  app.add_option("options", arguments,
                 "option=value: network (a built-in one), batch_size, num_threads, memory_format (contiguous, "
                 "channels_last); cpu_affinity and nice are left to who starts this");
  app.add_option("--seconds", seconds, "begin no further run after that long")
      ->check(perfmodel::tools::at_least(0))
      ->capture_default_str();
  app.callback([&] { perfmodel::tools::run(arguments, seconds); });
  return perfmodel::tools::run_tool(app, argc, argv);
}
