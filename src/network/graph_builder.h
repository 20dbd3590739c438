#pragma once

#include <string>
#include <unordered_map>
#include <vector>

#include "perfmodel/network/network.h"

namespace perfmodel {

/// Writes a network with branches node by node, each after those it reads from.
class GraphBuilder {
 public:
  GraphBuilder(std::string name, std::string input, TensorShape shape);

  /// @param layer   what its inputs decide (batch, size, channels in, and out where the kind keeps them) is set here
  /// @param inputs  names of the network's input or of nodes that were added before
  /// @return        `name`, to be read from
  std::string add(const std::string& name, LayerSpec layer, std::vector<std::string> inputs);

  const TensorShape& shape_of(const std::string& name) const { return shapes_.at(name); }

  /// @throws Error as Network's constructor.
  Network finish() const { return Network(name_, inputs_, nodes_); }

 private:
  std::string name_;
  std::vector<NetworkInput> inputs_;
  std::vector<NetworkNode> nodes_;
  std::unordered_map<std::string, TensorShape> shapes_;
};

/// Layers as they are given to GraphBuilder::add(): without the sizes that their inputs decide.

/// Without a bias: a batch normalisation follows.
LayerSpec bare_conv(std::int64_t channels_out, std::int64_t kernel, std::int64_t stride = 1, std::int64_t pad = 0);
LayerSpec of_kind(LayerKind kind, Activation activation = Activation::kNone);

}  // namespace perfmodel
