#include "perfmodel/network/layer.h"

#include <fmt/format.h>

#include <algorithm>

#include "perfmodel/core/error.h"

namespace perfmodel {
namespace {

std::int64_t dilated(std::int64_t kernel, std::int64_t dilation) noexcept {
  return dilation * (kernel - 1) + 1;
}

std::int64_t output_side(std::int64_t padded_input, std::int64_t kernel, std::int64_t stride) noexcept {
  const std::int64_t room = padded_input - kernel;
  return room < 0 || stride < 1 ? 0 : room / stride + 1;
}

double bytes_per_element(DataType) noexcept {
  return 4.0;
}

}  // namespace

Size2 LayerSpec::output() const noexcept {
  return {output_side(input.height + pads.top + pads.bottom, dilated(kernel.height, dilation.height), stride.height),
          output_side(input.width + pads.left + pads.right, dilated(kernel.width, dilation.width), stride.width)};
}

std::int64_t LayerSpec::num_inputs() const noexcept {
  return batch * channels_in * input.height * input.width;
}

std::int64_t LayerSpec::num_outputs() const noexcept {
  const Size2 size = output();
  return batch * channels_out * size.height * size.width;
}

std::int64_t LayerSpec::num_weights() const noexcept {
  if (kind == LayerKind::kPool2d) return 0;
  return channels_out * (channels_in / groups) * kernel.height * kernel.width + (bias ? channels_out : 0);
}

double LayerSpec::input_bytes() const noexcept {
  return bytes_per_element(data_type) * static_cast<double>(num_inputs());
}

double LayerSpec::output_bytes() const noexcept {
  return bytes_per_element(data_type) * static_cast<double>(num_outputs());
}

double LayerSpec::weight_bytes() const noexcept {
  return bytes_per_element(data_type) * static_cast<double>(num_weights());
}

double LayerSpec::flops() const noexcept {
  const double window = static_cast<double>(kernel.height) * static_cast<double>(kernel.width);
  double per_output = activation == Activation::kNone ? 0.0 : 1.0;
  if (kind == LayerKind::kPool2d) {
    per_output += window;
  } else {
    per_output += 2.0 * static_cast<double>(channels_in / groups) * window + (bias ? 1.0 : 0.0);
  }
  return per_output * static_cast<double>(num_outputs());
}

bool operator==(const LayerSpec& a, const LayerSpec& b) noexcept {
  return a.kind == b.kind && a.batch == b.batch && a.input == b.input && a.channels_in == b.channels_in &&
         a.channels_out == b.channels_out && a.kernel == b.kernel && a.stride == b.stride && a.dilation == b.dilation &&
         a.pads == b.pads && a.groups == b.groups && a.bias == b.bias && a.activation == b.activation &&
         a.data_type == b.data_type && a.pool_kind == b.pool_kind;
}

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

Pads same_pads(Size2 input, Size2 kernel, Size2 stride, Size2 dilation) noexcept {
  const auto total = [](std::int64_t in, std::int64_t window, std::int64_t step) {
    const std::int64_t out = (in + step - 1) / step;
    return std::max<std::int64_t>((out - 1) * step + window - in, 0);
  };
  const std::int64_t rows = total(input.height, dilated(kernel.height, dilation.height), stride.height);
  const std::int64_t columns = total(input.width, dilated(kernel.width, dilation.width), stride.width);
  return {rows / 2, rows - rows / 2, columns / 2, columns - columns / 2};
}

const char* layer_kind_name(LayerKind kind) noexcept {
  switch (kind) {
    case LayerKind::kConv2d:
      return "conv2d";
    case LayerKind::kPool2d:
      return "pool2d";
    case LayerKind::kDense:
      return "dense";
  }
  return "unknown";
}

LayerKind parse_layer_kind(std::string_view name) {
  if (name == "conv2d" || name == "conv") return LayerKind::kConv2d;
  if (name == "pool2d" || name == "pool") return LayerKind::kPool2d;
  if (name == "dense") return LayerKind::kDense;
  throw Error(ErrorCode::kUnsupported, fmt::format("layer kind '{}' is not known (conv2d, pool2d, dense)", name));
}

const char* activation_name(Activation activation) noexcept {
  switch (activation) {
    case Activation::kNone:
      return "none";
    case Activation::kRelu:
      return "relu";
    case Activation::kSigmoid:
      return "sigmoid";
    case Activation::kTanh:
      return "tanh";
  }
  return "unknown";
}

Activation parse_activation(std::string_view name) {
  for (int index = 0; index < kNumActivations; ++index) {
    const auto activation = static_cast<Activation>(index);
    if (name == activation_name(activation)) return activation;
  }
  throw Error(ErrorCode::kUnsupported, fmt::format("activation '{}' is not known (none, relu, sigmoid, tanh)", name));
}

}  // namespace perfmodel
