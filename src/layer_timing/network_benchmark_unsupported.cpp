#include "perfmodel/core/error.h"
#include "perfmodel/train/network_benchmark.h"

namespace perfmodel {

NetworkBenchmarkResult benchmark_network(const Network&, const NetworkBenchmarkOptions&) {
  throw Error(ErrorCode::kUnsupported,
              "networks cannot be run: perfmodel was built without LibTorch (PERFMODEL_WITH_TORCH)");
}

}  // namespace perfmodel
