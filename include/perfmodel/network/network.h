#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "perfmodel/core/export.h"
#include "perfmodel/network/layer.h"

namespace perfmodel {

/// Shape of a tensor between layers: batch x channels x height x width (1 x 1 after a dense layer on all values). The
/// tokens of a sequence are positions: batch x channels x tokens x 1.
struct TensorShape {
  std::int64_t batch = 1, channels = 1, height = 1, width = 1;
};
inline bool operator==(TensorShape a, TensorShape b) noexcept {
  return a.batch == b.batch && a.channels == b.channels && a.height == b.height && a.width == b.width;
}

/// What comes into a network.
struct NetworkInput {
  std::string name;
  TensorShape shape;
};

/// One named layer and where its inputs come from: names of network inputs or of other nodes.
struct NetworkNode {
  std::string name;
  LayerSpec layer;
  std::vector<std::string> inputs;  ///< as many as layer.num_input_tensors()
};

/// Whether a node takes in what comes from outside of its network, or hands it back there.
struct NetworkEnds {
  bool first = false;  ///< the first node, in the order in which they run, that reads one of the network's inputs
  bool last = false;   ///< no other node reads it
};

/// A neural network as a graph of named layers. Immutable and always valid: names are unique, every input exists, there
/// is no cycle, and shapes fit from node to node: a dense layer takes the flattened output of its predecessor, or each
/// position of it; an addition takes equal shapes, a concatenation such that differ in their channels alone, a matrix
/// product two whose heads fit (LayerSpec). What a layer gives may be read any number of times.
class PERFMODEL_EXPORT Network {
 public:
  /// @throws Error kInvalidArgument (names, cycles, a bad layer) or kMismatch (shapes), naming the node.
  Network(std::string name, std::vector<NetworkInput> inputs, std::vector<NetworkNode> nodes);

  /// Reads the JSON of docs/formats-network.md.
  /// @throws Error kParse: not JSON, an unknown or missing key, a wrong type (with line or node name and what is
  ///         allowed); kUnsupported: a kind of layer, activation or pooling that is not known; kInvalidArgument: a size
  ///         out of range; or as above.
  static Network from_json(std::string_view text);
  /// @throws Error kNotFound, kPermission, kIo for the file, kCorrupt when it is longer than 4 GiB, or as from_json().
  static Network read(const std::string& path);
  std::string to_json() const;  ///< from_json() makes an equal network of it

  const std::string& name() const noexcept { return name_; }
  const std::vector<NetworkInput>& inputs() const noexcept { return inputs_; }
  const std::vector<NetworkNode>& nodes() const noexcept { return nodes_; }  ///< in an order in which they can run
  const std::vector<NetworkEnds>& ends() const noexcept { return ends_; }    ///< of nodes(), in that order
  std::vector<LayerSpec> layers() const;                                     ///< of nodes(), in that order
  std::int64_t batch() const noexcept { return inputs_.front().shape.batch; }

  /// The same network for another batch size.  @throws Error kInvalidArgument: batch < 1.
  Network with_batch(std::int64_t batch) const;

  /// Whether each node feeds just the next one, as in the papers' networks.
  bool is_sequential() const noexcept;

  /// Bytes that one run touches: all weights and the output of every layer. See LayerContext.
  double footprint_bytes() const noexcept;

 private:
  std::string name_;
  std::vector<NetworkInput> inputs_;
  std::vector<NetworkNode> nodes_;
  std::vector<NetworkEnds> ends_;
};

/// LeNet-5 (28 x 28), AlexNet and VGG16 (224 x 224), a small sequential network for CIFAR-10 (32 x 32): "lenet",
/// "alexnet", "vgg16", "cifarnet". With branches: ResNet-18, ResNet-50, MobileNetV2, SqueezeNet 1.1 (224 x 224), an
/// encoder block of a Transformer of BERT-base's size on 128 tokens: "resnet18", "resnet50", "mobilenetv2",
/// "squeezenet", "transformer_encoder".
/// @throws Error kNotFound (lists the names), kInvalidArgument (batch < 1).
PERFMODEL_EXPORT Network builtin_network(std::string_view name, std::int64_t batch);
PERFMODEL_EXPORT std::vector<std::string> builtin_network_names();

}  // namespace perfmodel
