#include <atomic>
#include <cstdlib>
#include <new>

#include "expect_error.h"
#include "predictor_fixture.h"

namespace {
std::atomic<long> num_allocations{0};
}  // namespace

void* operator new(std::size_t size) {
  ++num_allocations;
  if (void* memory = std::malloc(size)) return memory;
  throw std::bad_alloc();
}
void operator delete(void* memory) noexcept {
  std::free(memory);
}
void operator delete(void* memory, std::size_t) noexcept {
  std::free(memory);
}

namespace perfmodel {
namespace {

TEST(LayerTimePredictor, PredictsWithoutAllocating) {
  const LayerTimePredictor predictor = sum_predictor();
  std::vector<LayerSpec> layers;
  for (int i = 0; i < 300; ++i) layers.push_back(i % 2 == 0 ? conv2d(1, 20, 3, 1 + i, 3) : pool2d(1, 20, 1 + i, 2, 2));
  std::vector<LayerTime> times(layers.size());
  Workspace workspace(predictor.workspace_bytes(layers.size()));
  const long before = num_allocations;
  const Status status = predictor.predict(layers, LayerContext{}, times, workspace);
  EXPECT_EQ(num_allocations, before);
  EXPECT_TRUE(status.ok());
}

TEST(LayerTimePredictor, PredictsNetworksWithoutAllocating) {
  const LayerTimePredictor predictor = sum_predictor();
  for (const char* name : {"vgg16", "resnet50"}) {  // of the latter, some kinds are skipped
    const Network network = builtin_network(name, 2);
    std::vector<LayerTime> times(network.nodes().size());
    NetworkTotal total;
    Workspace workspace(predictor.workspace_bytes(network));
    const long before = num_allocations;
    const Status status = predictor.predict(network, UnknownKinds::kSkip, times, total, workspace);
    EXPECT_EQ(num_allocations, before) << name;
    EXPECT_TRUE(status.ok());
  }
}

TEST(LayerTimePredictor, RefusesNetworksWithoutAllocating) {
  const LayerTimePredictor predictor = sum_predictor();
  const Network network = builtin_network("resnet50", 2);
  std::vector<LayerTime> times(network.nodes().size());
  NetworkTotal total;
  Workspace workspace(predictor.workspace_bytes(network));
  const long before = num_allocations;
  const Status status = predictor.predict(network, UnknownKinds::kRefuse, times, total, workspace);
  EXPECT_EQ(num_allocations, before);
  EXPECT_EQ(status.code, ErrorCode::kUnsupported);
}

}  // namespace
}  // namespace perfmodel
