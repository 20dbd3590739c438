#include "expect_error.h"
#include "perfmodel/train/layer_benchmark.h"
#include "perfmodel/train/network_benchmark.h"

namespace perfmodel {
namespace {

TEST(LayerBenchmark, IsUnsupportedWithoutLibTorch) {
  EXPECT_TRUE(layer_frameworks().empty());
  EXPECT_PM_ERROR(LayerBenchmark{LayerBenchmarkOptions{}}, ErrorCode::kUnsupported, "built without LibTorch");
}

TEST(NetworkBenchmark, IsUnsupportedWithoutLibTorch) {
  EXPECT_PM_ERROR(benchmark_network(builtin_network("lenet", 1)), ErrorCode::kUnsupported, "built without LibTorch");
}

}  // namespace
}  // namespace perfmodel
