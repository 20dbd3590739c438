#pragma once

#include <string>
#include <vector>

#include "perfmodel/network/network.h"

namespace perfmodel {

/// Writes a sequential network layer by layer: each takes what the one before it gives. Nodes are named conv1, pool1,
/// dense1, ... in order.
class SequentialBuilder {
 public:
  SequentialBuilder(std::string name, TensorShape input);

  /// Square kernels; convolutions end in relu.
  SequentialBuilder& conv(std::int64_t channels_out, std::int64_t kernel, std::int64_t stride, std::int64_t pad);
  SequentialBuilder& pool(std::int64_t kernel, std::int64_t stride, std::int64_t pad = 0,
                          PoolKind pool_kind = PoolKind::kMax);
  SequentialBuilder& dense(std::int64_t num_outputs, Activation activation = Activation::kRelu);

  /// @throws Error as Network's constructor.
  Network finish() const { return Network(name_, inputs_, nodes_); }

 private:
  SequentialBuilder& append(LayerSpec layer, const char* prefix);

  std::string name_;
  std::vector<NetworkInput> inputs_;
  std::vector<NetworkNode> nodes_;
  TensorShape shape_;
  int num_of_kind_[kNumLayerKinds] = {0, 0, 0};
};

}  // namespace perfmodel
