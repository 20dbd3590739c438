#pragma once

#include <cmath>

#include "perfmodel/network/layer.h"

namespace perfmodel {

/// The matrix product that a convolution or a dense layer amounts to, for each of its groups: M x K times K x N.
inline double product_m(const LayerSpec& layer) noexcept {
  const Size2 output = layer.output();
  return static_cast<double>(layer.batch) * static_cast<double>(output.height) * static_cast<double>(output.width);
}
inline double product_n(const LayerSpec& layer) noexcept {
  return static_cast<double>(layer.channels_out / layer.groups);
}
inline double product_k(const LayerSpec& layer) noexcept {
  return static_cast<double>(layer.channels_in / layer.groups) * static_cast<double>(layer.kernel.height) *
         static_cast<double>(layer.kernel.width);
}

/// How often a kernel that computes a tile of its M x N results is started, for all groups.
template <int kRows, int kColumns>
double num_tiles(const LayerSpec& layer, const LayerContext&) {
  return static_cast<double>(layer.groups) * std::ceil(product_m(layer) / kRows) *
         std::ceil(product_n(layer) / kColumns);
}

/// What these tiles compute per useful result, 1 or more.
template <int kRows, int kColumns>
double tile_waste(const LayerSpec& layer, const LayerContext& context) {
  return num_tiles<kRows, kColumns>(layer, context) * kRows * kColumns /
         (static_cast<double>(layer.groups) * product_m(layer) * product_n(layer));
}

}  // namespace perfmodel
