#include "train_torch/network_layers.h"

namespace perfmodel {
namespace {

using Kind = NetworkLayer::Kind;

NetworkLayer layer_shape(Kind kind, std::size_t inputs, std::size_t outputs, std::size_t kernel = 1) {
  NetworkLayer layer;
  layer.kind = kind;
  layer.inputs = inputs;
  layer.outputs = outputs;
  layer.kernel = kernel;
  layer.bias.assign(kind == Kind::kResidual ? 2 * outputs : outputs, 0.0f);
  return layer;
}

/// Dense layers with ReLU, of which the last has no bias.
void append_dense(std::vector<NetworkLayer>& layers, std::size_t inputs, const std::vector<std::size_t>& outputs) {
  for (const std::size_t width : outputs) {
    layers.push_back(layer_shape(Kind::kDense, inputs, width));
    inputs = width;
  }
  layers.back().bias.clear();
}

}  // namespace

std::vector<NetworkLayer> resperfnet_layers(std::size_t length, bool output_relu) {
  struct Stage {
    std::size_t filters, kernel;
  };
  constexpr Stage kStages[] = {{128, 3}, {64, 3}, {32, 2}};
  constexpr int kBlocksPerStage = 2;

  std::vector<NetworkLayer> layers;
  std::size_t channels = 1;
  for (const Stage& stage : kStages) {
    layers.push_back(layer_shape(Kind::kConv, channels, stage.filters, stage.kernel));
    channels = stage.filters;
    for (int i = 0; i < kBlocksPerStage; ++i) layers.push_back(layer_shape(Kind::kResidual, channels, channels));
  }
  append_dense(layers, length * channels, {128, 128, 128, 1});
  layers.back().relu = output_relu;
  return layers;
}

std::vector<NetworkLayer> perfnet_layers(std::size_t length, bool output_relu) {
  std::vector<NetworkLayer> layers;
  append_dense(layers, length, {32, 64, 128, 256, 1});
  layers.back().relu = output_relu;
  return layers;
}

std::vector<NetworkLayer> mlp_layers(std::size_t length, const std::vector<int>& hidden_units,
                                     MlpOptions::Activation activation) {
  std::vector<NetworkLayer> layers;
  std::size_t inputs = length;
  for (const int units : hidden_units) {
    layers.push_back(layer_shape(Kind::kDense, inputs, static_cast<std::size_t>(units)));
    layers.back().relu = activation == MlpOptions::Activation::kRelu;
    layers.back().tanh = activation == MlpOptions::Activation::kTanh;
    inputs = static_cast<std::size_t>(units);
  }
  layers.push_back(layer_shape(Kind::kDense, inputs, 1));
  layers.back().relu = false;
  return layers;
}

}  // namespace perfmodel
