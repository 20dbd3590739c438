#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "perfmodel/core/export.h"

namespace perfmodel {

enum class LayerKind { kConv2d = 0, kPool2d = 1, kDense = 2 };
constexpr int kNumLayerKinds = 3;

enum class Activation { kNone = 0, kRelu = 1, kSigmoid = 2, kTanh = 3 };
constexpr int kNumActivations = 4;

enum class PoolKind { kMax = 0, kAverage = 1 };
enum class DataType { kFloat32 = 0 };

/// Two numbers for the two spatial directions.
struct Size2 {
  std::int64_t height = 1, width = 1;
};
inline bool operator==(Size2 a, Size2 b) noexcept {
  return a.height == b.height && a.width == b.width;
}

/// Zeros added at each side of the input.
struct Pads {
  std::int64_t top = 0, bottom = 0, left = 0, right = 0;
};
inline bool operator==(Pads a, Pads b) noexcept {
  return a.top == b.top && a.bottom == b.bottom && a.left == b.left && a.right == b.right;
}

/// One layer of a network: everything that decides how long it runs.
///
/// For kDense, channels are the numbers of inputs and outputs and all spatial fields stay at their defaults. For
/// kPool2d, `kernel` is the window and channels_out equals channels_in.
struct PERFMODEL_EXPORT LayerSpec {
  LayerKind kind = LayerKind::kConv2d;
  std::int64_t batch = 1;
  Size2 input;  ///< height and width of the input
  std::int64_t channels_in = 1;
  std::int64_t channels_out = 1;
  Size2 kernel;
  Size2 stride;
  Size2 dilation;
  Pads pads;
  std::int64_t groups = 1;
  bool bias = true;
  Activation activation = Activation::kNone;
  DataType data_type = DataType::kFloat32;
  PoolKind pool_kind = PoolKind::kMax;

  Size2 output() const noexcept;              ///< height and width of the output; a side is < 1 when nothing fits
  std::int64_t num_inputs() const noexcept;   ///< elements of the input tensor, batch included
  std::int64_t num_outputs() const noexcept;  ///< elements of the output tensor, batch included
  std::int64_t num_weights() const noexcept;  ///< elements of weights and bias
  double input_bytes() const noexcept;
  double output_bytes() const noexcept;
  double weight_bytes() const noexcept;
  double flops() const noexcept;  ///< 2 per multiply-add; pooling 1 per window element; bias and activation 1 each

  /// @throws Error kInvalidArgument: an enum's unknown value, a size < 1, a negative pad, channels not divisible by
  ///         groups, pads not smaller than the (dilated) kernel, an empty output, sizes or products of them (elements,
  ///         flops) above 2^53, pooling that changes the channels, a dense layer with spatial sizes, groups outside
  ///         convolution.
  void validate() const;
};

/// Where in a program a layer runs: how much memory the program touches between two uses of the layer's weights.
///
/// A layer timed in a loop finds its weights in the cache; a layer in a large network does not. A network's own figure
/// is `Network::footprint_bytes()`. The default means: far more than any cache holds.
struct LayerContext {
  double reuse_bytes = 1e9;
};

PERFMODEL_EXPORT bool operator==(const LayerSpec& a, const LayerSpec& b) noexcept;
inline bool operator!=(const LayerSpec& a, const LayerSpec& b) noexcept {
  return !(a == b);
}

/// Makers for the common cases; square shapes, dilation and groups 1.
PERFMODEL_EXPORT LayerSpec conv2d(std::int64_t batch, std::int64_t size, std::int64_t channels_in,
                                  std::int64_t channels_out, std::int64_t kernel, std::int64_t stride = 1,
                                  std::int64_t pad = 0, Activation activation = Activation::kNone);
PERFMODEL_EXPORT LayerSpec pool2d(std::int64_t batch, std::int64_t size, std::int64_t channels, std::int64_t kernel,
                                  std::int64_t stride, std::int64_t pad = 0, PoolKind pool_kind = PoolKind::kMax);
PERFMODEL_EXPORT LayerSpec dense(std::int64_t batch, std::int64_t num_inputs, std::int64_t num_outputs,
                                 Activation activation = Activation::kNone);

/// Pads that TensorFlow's rule gives for SAME: the output side is ceil(input / stride), an odd pad goes to bottom and
/// right. REQUIRES: sizes >= 1.
PERFMODEL_EXPORT Pads same_pads(Size2 input, Size2 kernel, Size2 stride, Size2 dilation = {}) noexcept;

/// "conv2d", "pool2d", "dense".
PERFMODEL_EXPORT const char* layer_kind_name(LayerKind kind) noexcept;
/// Also takes the short "conv" and "pool".  @throws Error kUnsupported: another name; the message lists the known ones.
PERFMODEL_EXPORT LayerKind parse_layer_kind(std::string_view name);

/// "none", "relu", "sigmoid", "tanh".
PERFMODEL_EXPORT const char* activation_name(Activation activation) noexcept;
/// @throws Error kUnsupported: another name; the message lists the known ones.
PERFMODEL_EXPORT Activation parse_activation(std::string_view name);

/// One line for people, e.g. "conv2d 8x64x56x56 -> 128, kernel 3, stride 1, pad 1, relu".
PERFMODEL_EXPORT std::string describe(const LayerSpec& layer);

}  // namespace perfmodel
