#include "layer_timing/surroundings.h"

#include <unistd.h>

#include <fstream>

namespace perfmodel {
namespace {

Network one_of_each() {
  const Activation relu = Activation::kRelu;
  return Network("surroundings", {{"image", {1, 3, 14, 14}}},
                 {{"conv3", conv2d(1, 14, 3, 16, 3, 1, 1, relu), {"image"}},
                  {"max_pool", pool2d(1, 14, 16, 3, 2, 1), {"conv3"}},
                  {"conv5", conv2d(1, 7, 16, 8, 5, 1, 2), {"max_pool"}},
                  {"conv1", conv2d(1, 7, 8, 16, 1, 1, 0, relu), {"conv5"}},
                  {"mean_pool", pool2d(1, 7, 16, 2, 2, 0, PoolKind::kAverage), {"conv1"}},
                  {"hidden", dense(1, 16 * 3 * 3, 32, relu), {"mean_pool"}},
                  {"answer", dense(1, 32, 10), {"hidden"}}});
}

/// Size of the second-level cache; 1 MiB where the system does not tell.
std::size_t second_level_cache_bytes() {
#ifdef _SC_LEVEL2_CACHE_SIZE
  if (const long bytes = sysconf(_SC_LEVEL2_CACHE_SIZE); bytes > 0) return static_cast<std::size_t>(bytes);
#endif
  std::ifstream size_file("/sys/devices/system/cpu/cpu0/cache/index2/size");  // e.g. "2048K"
  std::size_t kilobytes = 0;
  return size_file >> kilobytes ? kilobytes << 10 : std::size_t{1} << 20;
}

}  // namespace

Surroundings::Surroundings(const std::string& framework, DeviceKind device)
    : framework_(make_framework(framework, device, pool_)), cache_bytes_(second_level_cache_bytes()) {
  const Network network = one_of_each();
  const TensorShape shape = network.inputs().front().shape;
  const std::size_t num_inputs = static_cast<std::size_t>(shape.channels * shape.height * shape.width);
  const std::size_t num_outputs = static_cast<std::size_t>(network.nodes().back().layer.num_outputs());
  network_ = framework_->prepare(network, CallerBuffers{input_.reserve(num_inputs), output_.reserve(num_outputs)});
  swept_.reserve(cache_bytes_ / sizeof(float));
}

void Surroundings::run_operators() {
  network_->run();
}

void Surroundings::sweep_cache(double reuse_bytes) {
  if (reuse_bytes <= static_cast<double>(cache_bytes_)) return;
  const std::size_t num_floats = cache_bytes_ / sizeof(float);
  read_lines(swept_.reserve(num_floats), num_floats);
}

}  // namespace perfmodel
