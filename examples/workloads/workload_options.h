#pragma once

#include <string>
#include <vector>

#include "perfmodel/network/network.h"
#include "perfmodel/train/network_benchmark.h"

namespace perfmodel::tools {

/// What one call of the workload is asked to run.
struct WorkloadRequest {
  std::string network = "squeezenet";
  int batch = 1;
  NetworkBenchmarkOptions benchmark;
};

/// Reads "option=value" arguments: network, batch_size, num_threads, memory_format. Those that whoever starts the
/// program has seen to already (cpu_affinity, nice) are passed over.
/// @throws Error kInvalidArgument: no "option=value", another option, one twice, or a value that it does not have.
WorkloadRequest parse_request(const std::vector<std::string>& arguments);

}  // namespace perfmodel::tools
