#pragma once

#include "perfmodel/network/layer.h"

namespace perfmodel {

/// Channels that one step of a blocked kernel works on: the floats of an AVX-512 register, two of AVX2, four of NEON.
constexpr double kChannelBlock = 16;

/// `channels` rounded up to whole blocks. Up to three input channels (images) stay as they are: kernels have a path for
/// them.
double padded_inputs(const LayerSpec& layer) noexcept;
double padded_outputs(const LayerSpec& layer) noexcept;

/// Pairs of an output pixel and a kernel tap that falls on the input rather than on padding, per image and channel
/// pair.
double taps_on_input(const LayerSpec& layer) noexcept;

/// Multiply-adds times 2 that are left when taps on padding are skipped, in GFLOP; with channels rounded up to blocks.
double useful_gflop(const LayerSpec& layer) noexcept;
double blocked_gflop(const LayerSpec& layer) noexcept;

/// Whether a framework that chooses between unfolding (im2col) plus a matrix product and a direct convolution takes the
/// former: LibTorch's rule for one thread (use_mkldnn in ATen/native/Convolution.cpp, 1.13 and 2.x): 1 x 1 kernels
/// without stride at small batch, and small kernels on small single images.
bool takes_matrix_product(const LayerSpec& layer) noexcept;

/// Share of the weights that must come from beyond the core's own cache: 0 when the program's working set fits
/// (1 MB), 1 when it is far larger (32 MB), in proportion to its logarithm between.
double cold_fraction(const LayerSpec& layer, const LayerContext& context) noexcept;

}  // namespace perfmodel
