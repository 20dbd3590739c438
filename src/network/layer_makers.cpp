#include "perfmodel/network/layer_makers.h"

namespace perfmodel {
namespace {

/// A layer that keeps the shape of what it takes.
LayerSpec shape_keeping(LayerKind kind, std::int64_t batch, Size2 input, std::int64_t channels,
                        Activation activation = Activation::kNone) {
  LayerSpec layer;
  layer.kind = kind;
  layer.batch = batch;
  layer.input = input;
  layer.channels_in = layer.channels_out = channels;
  layer.bias = false;
  layer.activation = activation;
  return layer;
}

}  // namespace

LayerSpec conv2d(std::int64_t batch, std::int64_t size, std::int64_t channels_in, std::int64_t channels_out,
                 std::int64_t kernel, std::int64_t stride, std::int64_t pad, Activation activation) {
  LayerSpec layer;
  layer.batch = batch;
  layer.input = {size, size};
  layer.channels_in = channels_in;
  layer.channels_out = channels_out;
  layer.kernel = {kernel, kernel};
  layer.stride = {stride, stride};
  layer.pads = {pad, pad, pad, pad};
  layer.activation = activation;
  return layer;
}

LayerSpec pool2d(std::int64_t batch, std::int64_t size, std::int64_t channels, std::int64_t kernel, std::int64_t stride,
                 std::int64_t pad, PoolKind pool_kind) {
  LayerSpec layer = conv2d(batch, size, channels, channels, kernel, stride, pad);
  layer.kind = LayerKind::kPool2d;
  layer.bias = false;
  layer.pool_kind = pool_kind;
  return layer;
}

LayerSpec dense(std::int64_t batch, std::int64_t num_inputs, std::int64_t num_outputs, Activation activation) {
  LayerSpec layer;
  layer.kind = LayerKind::kDense;
  layer.batch = batch;
  layer.channels_in = num_inputs;
  layer.channels_out = num_outputs;
  layer.activation = activation;
  return layer;
}

LayerSpec batch_norm2d(std::int64_t batch, std::int64_t size, std::int64_t channels, Activation activation) {
  return shape_keeping(LayerKind::kBatchNorm2d, batch, {size, size}, channels, activation);
}

LayerSpec layer_norm(std::int64_t batch, std::int64_t tokens, std::int64_t channels) {
  return shape_keeping(LayerKind::kLayerNorm, batch, {tokens, 1}, channels);
}

LayerSpec addition(std::int64_t batch, std::int64_t size, std::int64_t channels, Activation activation) {
  return shape_keeping(LayerKind::kAdd, batch, {size, size}, channels, activation);
}

LayerSpec concatenation(std::int64_t batch, std::int64_t size, std::int64_t channels, std::int64_t num_tensors) {
  LayerSpec layer = shape_keeping(LayerKind::kConcat, batch, {size, size}, channels);
  layer.groups = num_tensors;
  return layer;
}

LayerSpec activation_layer(std::int64_t batch, std::int64_t size, std::int64_t channels, Activation activation) {
  return shape_keeping(LayerKind::kActivation, batch, {size, size}, channels, activation);
}

LayerSpec global_pool2d(std::int64_t batch, std::int64_t size, std::int64_t channels) {
  return shape_keeping(LayerKind::kGlobalPool2d, batch, {size, size}, channels);
}

LayerSpec softmax(std::int64_t batch, std::int64_t tokens, std::int64_t channels, std::int64_t groups) {
  LayerSpec layer = shape_keeping(LayerKind::kSoftmax, batch, {tokens, 1}, channels);
  layer.groups = groups;
  return layer;
}

LayerSpec matmul(std::int64_t batch, std::int64_t heads, std::int64_t m, std::int64_t k, std::int64_t n) {
  LayerSpec layer = shape_keeping(LayerKind::kMatMul, batch, {m, 1}, heads * k);
  layer.channels_out = heads * n;
  layer.groups = heads;
  return layer;
}

LayerSpec dense_over_tokens(std::int64_t batch, std::int64_t tokens, std::int64_t num_inputs, std::int64_t num_outputs,
                            Activation activation) {
  LayerSpec layer = dense(batch, num_inputs, num_outputs, activation);
  layer.input = {tokens, 1};
  return layer;
}

LayerSpec depthwise(LayerSpec convolution) {
  convolution.groups = convolution.channels_in;
  return convolution;
}

}  // namespace perfmodel
