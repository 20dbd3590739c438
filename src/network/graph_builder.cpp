#include "network/graph_builder.h"

#include <utility>

#include "network/layer_inputs.h"

namespace perfmodel {

GraphBuilder::GraphBuilder(std::string name, std::string input, TensorShape shape)
    : name_(std::move(name)), inputs_{{input, shape}}, shapes_{{input, shape}} {}

std::string GraphBuilder::add(const std::string& name, LayerSpec layer, std::vector<std::string> inputs) {
  std::vector<TensorShape> shapes;
  for (const std::string& input : inputs) shapes.push_back(shape_of(input));
  set_input_shapes(layer, shapes);
  shapes_.emplace(name, output_shape(layer));
  nodes_.push_back({name, layer, std::move(inputs)});
  return name;
}

LayerSpec bare_conv(std::int64_t channels_out, std::int64_t kernel, std::int64_t stride, std::int64_t pad) {
  LayerSpec layer = conv2d(1, 1, 1, channels_out, kernel, stride, pad);
  layer.bias = false;
  return layer;
}

LayerSpec of_kind(LayerKind kind, Activation activation) {
  LayerSpec layer;
  layer.kind = kind;
  layer.bias = false;
  layer.activation = activation;
  return layer;
}

}  // namespace perfmodel
