#pragma once

#include <string>
#include <vector>

#include "perfmodel/core/span.h"
#include "perfmodel/network/network.h"

namespace perfmodel {

/// Whether a layer gives as many channels as it takes: all kinds but kConv2d, kDense and kMatMul.
bool keeps_channels(LayerKind kind) noexcept;

/// What `layer` hands on.
PERFMODEL_EXPORT TensorShape output_shape(const LayerSpec& layer) noexcept;

/// Shapes of the tensors that `layer` takes where nothing else is known of them: those of a concatenation are as equal
/// as they can be, the second one of a matrix product holds k rows of n for each head.
/// REQUIRES: the layer is valid.
PERFMODEL_EXPORT std::vector<TensorShape> input_shapes(const LayerSpec& layer);

/// Sets batch, size and channels that `layer` takes in to those of `shapes`, flattened for a dense layer whose input is
/// 1 x 1; channels out follow where the kind keeps them. REQUIRES: at least one shape; the sizes of each are from 1 to
/// 2^53 and so is their product.
void set_input_shapes(LayerSpec& layer, Span<const TensorShape> shapes) noexcept;

/// Why a layer with these channels out and groups cannot take tensors of these shapes, for a message that goes on after
/// the node's name; empty where it can. Their number and what set_input_shapes() sets is not looked at.
std::string misfit(const LayerSpec& layer, Span<const TensorShape> shapes);

/// Whether the second tensor of a matrix product holds n rows of k for each head, as keys do: the product is with its
/// transpose. Where both readings fit it is not.
PERFMODEL_EXPORT bool is_transposed(const LayerSpec& layer, TensorShape second) noexcept;

}  // namespace perfmodel
