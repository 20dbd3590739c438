#include "perfmodel/network/layer.h"

#include <algorithm>

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

bool is_norm(LayerKind kind) noexcept {
  return kind == LayerKind::kBatchNorm2d || kind == LayerKind::kLayerNorm;
}

double area(Size2 size) noexcept {
  return static_cast<double>(size.height) * static_cast<double>(size.width);
}

/// Without the activation.
double flops_per_output(const LayerSpec& layer) noexcept {
  switch (layer.kind) {
    case LayerKind::kConv2d:
    case LayerKind::kDense:
      return 2.0 * static_cast<double>(layer.channels_in / layer.groups) * area(layer.kernel) +
             (layer.bias ? 1.0 : 0.0);
    case LayerKind::kPool2d:
      return area(layer.kernel);
    case LayerKind::kBatchNorm2d:
      return 2;
    case LayerKind::kLayerNorm:  // sum; difference, square, sum; difference, root's quotient, scale, shift
      return 8;
    case LayerKind::kAdd:
      return 1;
    case LayerKind::kConcat:
    case LayerKind::kActivation:
      return 0;
    case LayerKind::kGlobalPool2d:
      return area(layer.input);
    case LayerKind::kSoftmax:  // maximum, difference, exponential, sum, quotient
      return 5;
    case LayerKind::kMatMul:
      return 2.0 * static_cast<double>(layer.channels_in / layer.groups);
  }
  return 0;
}

}  // namespace

Size2 LayerSpec::output() const noexcept {
  if (kind == LayerKind::kGlobalPool2d) return {};
  return {output_side(input.height + pads.top + pads.bottom, dilated(kernel.height, dilation.height), stride.height),
          output_side(input.width + pads.left + pads.right, dilated(kernel.width, dilation.width), stride.width)};
}

std::int64_t LayerSpec::num_input_tensors() const noexcept {
  if (kind == LayerKind::kConcat) return groups;
  return kind == LayerKind::kAdd || kind == LayerKind::kMatMul ? 2 : 1;
}

std::int64_t LayerSpec::num_inputs() const noexcept {
  const std::int64_t first = batch * channels_in * input.height * input.width;
  if (kind == LayerKind::kAdd) return 2 * first;
  return kind == LayerKind::kMatMul ? first + batch * (channels_in / groups) * channels_out : first;
}

std::int64_t LayerSpec::num_outputs() const noexcept {
  const Size2 size = output();
  return batch * channels_out * size.height * size.width;
}

std::int64_t LayerSpec::num_weights() const noexcept {
  if (is_norm(kind)) return 2 * channels_out;
  if (kind != LayerKind::kConv2d && kind != LayerKind::kDense) return 0;
  return channels_out * (channels_in / groups) * kernel.height * kernel.width + (bias ? channels_out : 0);
}

double LayerSpec::input_bytes() const noexcept {
  return bytes_per_element(data_type) * static_cast<double>(num_inputs());
}

double LayerSpec::output_bytes() const noexcept {
  return bytes_per_element(data_type) * static_cast<double>(num_outputs());
}

double LayerSpec::weight_bytes() const noexcept {
  const std::int64_t statistics = kind == LayerKind::kBatchNorm2d ? 2 * channels_out : 0;
  return bytes_per_element(data_type) * static_cast<double>(num_weights() + statistics);
}

double LayerSpec::flops() const noexcept {
  const double per_activation = activation == Activation::kNone ? 0.0 : 1.0;
  return (flops_per_output(*this) + per_activation) * static_cast<double>(num_outputs());
}

bool operator==(const LayerSpec& a, const LayerSpec& b) noexcept {
  return a.kind == b.kind && a.batch == b.batch && a.input == b.input && a.channels_in == b.channels_in &&
         a.channels_out == b.channels_out && a.kernel == b.kernel && a.stride == b.stride && a.dilation == b.dilation &&
         a.pads == b.pads && a.groups == b.groups && a.bias == b.bias && a.activation == b.activation &&
         a.data_type == b.data_type && a.pool_kind == b.pool_kind;
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

}  // namespace perfmodel
