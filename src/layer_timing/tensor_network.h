#pragma once

#include <ATen/core/Tensor.h>

#include <vector>

#include "layer_timing/framework.h"

namespace perfmodel {

/// A network in LibTorch from the caller's input to the caller's output: what is common to all ways of running it.
class TensorNetwork : public PreparedNetwork {
 public:
  void run() override;

 protected:
  TensorNetwork(const Network& network, DeviceKind device, const CallerBuffers& buffers);

  /// @param inputs  the network's inputs on the device; theirs to let go of as soon as they were used.
  /// @return        the network's outputs.
  virtual std::vector<at::Tensor> compute(std::vector<at::Tensor> inputs) = 0;

 private:
  DeviceKind device_;
  CallerBuffers buffers_;
  std::vector<std::vector<int64_t>> input_sizes_;
};

}  // namespace perfmodel
