#include "perfmodel/core/error.h"
#include "perfmodel/train/layer_benchmark.h"

namespace perfmodel {

struct LayerBenchmark::Impl {};

std::vector<std::string> layer_frameworks() {
  return {};
}

LayerBenchmark::LayerBenchmark(LayerBenchmarkOptions) {
  throw Error(ErrorCode::kUnsupported,
              "layers cannot be timed: perfmodel was built without LibTorch (PERFMODEL_WITH_TORCH)");
}
LayerBenchmark::~LayerBenchmark() = default;
LayerBenchmark::LayerBenchmark(LayerBenchmark&&) noexcept = default;

namespace {

// No object can be made, so nothing gets here.
[[noreturn]] void throw_internal() {
  throw Error(ErrorCode::kInternal, "a layer benchmark without LibTorch");
}

}  // namespace

const Environment& LayerBenchmark::environment() const noexcept {
  static const Environment none;
  return none;
}
ProtocolResult LayerBenchmark::measure(const LayerSample&) {
  throw_internal();
}
NetworkMeasurement LayerBenchmark::measure(const Network&, double) {
  throw_internal();
}

}  // namespace perfmodel
