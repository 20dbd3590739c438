#pragma once

#include <cstdint>

#include "perfmodel/core/export.h"
#include "perfmodel/network/layer.h"

namespace perfmodel {

/// Makers for the kinds that networks with branches and attention have besides those of layer.h. `size` is the side of
/// a square picture; `tokens` are the positions of a sequence, its height.

PERFMODEL_EXPORT LayerSpec batch_norm2d(std::int64_t batch, std::int64_t size, std::int64_t channels,
                                        Activation activation = Activation::kNone);
PERFMODEL_EXPORT LayerSpec layer_norm(std::int64_t batch, std::int64_t tokens, std::int64_t channels);
PERFMODEL_EXPORT LayerSpec addition(std::int64_t batch, std::int64_t size, std::int64_t channels,
                                    Activation activation = Activation::kNone);
/// @param channels  of all tensors together
PERFMODEL_EXPORT LayerSpec concatenation(std::int64_t batch, std::int64_t size, std::int64_t channels,
                                         std::int64_t num_tensors = 2);
PERFMODEL_EXPORT LayerSpec activation_layer(std::int64_t batch, std::int64_t size, std::int64_t channels,
                                            Activation activation);
PERFMODEL_EXPORT LayerSpec global_pool2d(std::int64_t batch, std::int64_t size, std::int64_t channels);

/// Over each of `groups` equal parts of the channels of each token; over classes: 1 token, 1 group.
PERFMODEL_EXPORT LayerSpec softmax(std::int64_t batch, std::int64_t tokens, std::int64_t channels,
                                   std::int64_t groups = 1);

/// batch x heads products of m x k times k x n.
PERFMODEL_EXPORT LayerSpec matmul(std::int64_t batch, std::int64_t heads, std::int64_t m, std::int64_t k,
                                  std::int64_t n);

/// A dense layer on each of `tokens` by itself, all with the same weights: batch x tokens rows.
PERFMODEL_EXPORT LayerSpec dense_over_tokens(std::int64_t batch, std::int64_t tokens, std::int64_t num_inputs,
                                             std::int64_t num_outputs, Activation activation = Activation::kNone);

/// The same convolution in as many groups as it has channels in: one filter per channel.
/// REQUIRES: channels_out is a multiple of channels_in.
PERFMODEL_EXPORT LayerSpec depthwise(LayerSpec convolution);

}  // namespace perfmodel
