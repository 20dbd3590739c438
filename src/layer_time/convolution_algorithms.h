#pragma once

#include "perfmodel/network/layer.h"

namespace perfmodel {

/// Floating-point operations of a convolution by Winograd's minimal filtering F(out x out, 3 x 3), `out` 2 or 4: Lavin
/// and Gray, "Fast Algorithms for Convolutional Neural Networks" (2016), section 4.1. 0 where it does not apply:
/// another kernel, strides, dilation.
double winograd_flops(const LayerSpec& layer, int out) noexcept;

/// What a convolution by Fourier transforms of tiles of 32 x 32 takes: Vasilache et al., "Fast Convolutional Nets With
/// fbfft" (2015), section 2. Both 0 where it does not apply: strides, dilation, a kernel larger than a tile.
struct FourierCost {
  double flops = 0;            ///< of the products of complex numbers
  double transform_flops = 0;  ///< of the transforms: 2.5 n log2 n of n real points, as benchmarks of FFTs count
  double bytes = 0;            ///< of the transformed inputs, outputs and weights
};
FourierCost fourier_cost(const LayerSpec& layer) noexcept;

}  // namespace perfmodel
