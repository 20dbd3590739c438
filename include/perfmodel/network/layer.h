#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "perfmodel/core/export.h"

namespace perfmodel {

/// What a layer does. Tensors are batch x channels x height x width; the tokens of a sequence are its positions (height
/// x width), mostly as height.
enum class LayerKind {
  kConv2d = 0,        ///< in groups, as many as channels: depthwise
  kPool2d = 1,        ///< maximum or mean of windows
  kDense = 2,         ///< on all values together, or on each position by itself
  kBatchNorm2d = 3,   ///< as networks infer: scale and shift by the mean and variance that a channel had in training
  kLayerNorm = 4,     ///< scale and shift by the mean and variance of each position
  kAdd = 5,           ///< of two equal tensors, element by element
  kConcat = 6,        ///< of tensors along their channels
  kActivation = 7,    ///< an activation by itself
  kGlobalPool2d = 8,  ///< the mean of all positions
  kSoftmax = 9,       ///< over the channels of each position
  kMatMul = 10,       ///< product of two tensors, as attention has it
};
constexpr int kNumLayerKinds = 11;

/// Whether moving data takes the time rather than arithmetic: kBatchNorm2d to kSoftmax.
PERFMODEL_EXPORT bool is_memory_bound(LayerKind kind) noexcept;

enum class Activation { kNone = 0, kRelu = 1, kSigmoid = 2, kTanh = 3, kGelu = 4, kRelu6 = 5 };
constexpr int kNumActivations = 6;

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

/// One layer of a network: everything that decides how long it runs. What a kind does not use stays at its default;
/// `bias`, which is kConv2d's and kDense's, and `pool_kind`, kPool2d's, are not looked at elsewhere.
///
/// - kConv2d: all fields but `pool_kind`. kPool2d: likewise, but `groups` and `bias`; `kernel` is the window.
/// - kDense: channels are inputs and outputs. With `input` 1 x 1 it takes the flattened tensor, else it runs at each of
///   these positions, all with the same weights.
/// - kMatMul: for each of batch x `groups` (the heads) m x k times k x n, where m is the positions of `input`,
///   channels_in is groups x k and channels_out groups x n. The first tensor has channels_in channels; the second k
///   positions of channels_out, or n positions of channels_in: the product is with its transpose, as with keys.
/// - kConcat: `input`; channels are those of all tensors together, `groups` how many tensors there are.
/// - kSoftmax: `input`; over each of `groups` equal parts of the channels by itself, as heads have it.
/// - the others: `input`. kActivation: `activation` is not kNone. Elsewhere it comes last, in place.
/// But for kConv2d, kDense and kMatMul, channels_out equals channels_in.
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

  Size2 output() const noexcept;                    ///< height and width of the output; a side is < 1 when nothing fits
  std::int64_t num_input_tensors() const noexcept;  ///< 2 for kAdd and kMatMul, `groups` for kConcat, else 1
  std::int64_t num_inputs() const noexcept;         ///< elements of all tensors it takes, batch included
  std::int64_t num_outputs() const noexcept;        ///< elements of the output tensor, batch included
  std::int64_t num_weights() const noexcept;        ///< learnt: weights and bias, or scale and shift
  double input_bytes() const noexcept;
  double output_bytes() const noexcept;
  double weight_bytes() const noexcept;  ///< of all numbers a run reads: kBatchNorm2d's mean and variance too
  /// 2 per multiply-add; pooling 1 per window element; an addition, bias and activation 1 each; per element 2 of
  /// kBatchNorm2d, 8 of kLayerNorm, 5 of kSoftmax; a concatenation none.
  double flops() const noexcept;

  /// @throws Error kInvalidArgument: an enum's unknown value, a size < 1, a negative pad, channels not divisible by
  ///         groups, pads not smaller than the (dilated) kernel, an empty output, sizes or products of them (elements,
  ///         flops) above 2^53, another field that its kind does not use or takes no such value of.
  void validate() const;
  std::string why_invalid() const;  ///< what validate() says is wrong; empty when the layer is valid
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

/// Makers for the common cases; square shapes, dilation and groups 1. layer_makers.h has those of the other kinds.
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

/// "conv2d", "pool2d", "dense", "batch_norm2d", "layer_norm", "add", "concat", "activation", "global_pool2d",
/// "softmax", "matmul".
PERFMODEL_EXPORT const char* layer_kind_name(LayerKind kind) noexcept;
/// Also takes the short "conv" and "pool".  @throws Error kUnsupported: another name; the message lists the known ones.
PERFMODEL_EXPORT LayerKind parse_layer_kind(std::string_view name);

/// "none", "relu", "sigmoid", "tanh", "gelu" (the exact one, by the error function), "relu6".
PERFMODEL_EXPORT const char* activation_name(Activation activation) noexcept;
/// @throws Error kUnsupported: another name; the message lists the known ones.
PERFMODEL_EXPORT Activation parse_activation(std::string_view name);

/// One line for people, e.g. "conv2d 8x64x56x56 -> 128, kernel 3, stride 1, pad 1, relu".
PERFMODEL_EXPORT std::string describe(const LayerSpec& layer);

}  // namespace perfmodel
