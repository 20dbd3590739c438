#pragma once

#include <string>

#include "perfmodel/core/export.h"
#include "perfmodel/network/network.h"

namespace perfmodel {

/// In which order LibTorch holds the images between two layers.
enum class MemoryFormat {
  kContiguous,    ///< batch, channels, height, width
  kChannelsLast,  ///< batch, height, width, channels; what is no image stays as it is
};

/// "contiguous", "channels_last".
PERFMODEL_EXPORT const char* memory_format_name(MemoryFormat format) noexcept;
/// @throws Error kInvalidArgument: no such name; lists them.
PERFMODEL_EXPORT MemoryFormat parse_memory_format(const std::string& name);

/// How a program runs a network, and how long it is watched.
struct NetworkBenchmarkOptions {
  std::string device = "cpu";  ///< "cpu" or "cuda"
  int num_threads = 1;         ///< intra-op threads of LibTorch and its BLAS
  MemoryFormat memory_format = MemoryFormat::kContiguous;
  int warmup_runs = 3;
  int min_runs = 5;
  double max_seconds = 1;  ///< beyond min_runs begin no further run after that long
};

/// What runs of a whole network took.
struct NetworkBenchmarkResult {
  int num_runs = 0;
  double latency_ms = 0;  ///< median of the runs, each of one batch from the caller's buffer to the caller's buffer
  double spread_ms = 0;   ///< robust standard deviation of the runs
  double cpu_ms = 0;  ///< CPU time of this process per run, all its threads together; waiting threads that spin count
  double begin_s = 0, end_s = 0;  ///< when the first of these runs began and the last ended, by CLOCK_MONOTONIC
};

/// Runs `network` again and again in LibTorch, operator by operator, with random weights. Where LayerBenchmark finds
/// out what a network takes on a quiet machine, on one core that is chosen for it, this takes the process as it is: the
/// CPUs and the priority that it was given, whatever else runs. Puts back numbers of threads; allocator settings of the
/// process (glibc) stay changed, as with LayerBenchmark.
/// @throws Error kInvalidArgument (options out of range), kOutOfMemory, kUnsupported (no LibTorch, no such device, or
/// it
///         refuses a layer; its own words are kept).
PERFMODEL_EXPORT NetworkBenchmarkResult benchmark_network(const Network& network,
                                                          const NetworkBenchmarkOptions& options = {});

}  // namespace perfmodel
