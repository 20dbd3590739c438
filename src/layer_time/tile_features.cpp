#include <cmath>
#include <iterator>

#include "layer_time/convolution_algorithms.h"
#include "layer_time/feature_sets.h"
#include "layer_time/product_tiles.h"

namespace perfmodel {
namespace {

using Layer = const LayerSpec&;
using Context = const LayerContext&;

double one_plus_remainder(double size, int block) {
  return 1 + std::fmod(size, block);
}
template <int kBlock>
double m_remainder(Layer layer, Context) {
  return one_plus_remainder(product_m(layer), kBlock);
}
template <int kBlock>
double k_remainder(Layer layer, Context) {
  return one_plus_remainder(product_k(layer), kBlock);
}

// Rounds in which so many processors work off square tiles, one each at a time, and what these rounds have room for per
// tile that there is.
template <int kTile, int kProcessors>
double waves(Layer layer, Context context) {
  return std::ceil(num_tiles<kTile, kTile>(layer, context) / kProcessors);
}
template <int kTile, int kProcessors>
double wave_waste(Layer layer, Context context) {
  return waves<kTile, kProcessors>(layer, context) * kProcessors / num_tiles<kTile, kTile>(layer, context);
}

double fourier_total_flops(Layer layer, Context) {
  const FourierCost cost = fourier_cost(layer);
  return 1 + cost.flops + cost.transform_flops;
}

constexpr LayerFeature kConv2d[] = {
    {"gemm_m_remainder_32", m_remainder<32>},
    {"gemm_m_remainder_64", m_remainder<64>},
    {"gemm_m_remainder_128", m_remainder<128>},
    {"gemm_k_remainder_32", k_remainder<32>},
    {"gemm_k_remainder_64", k_remainder<64>},
    {"gemm_k_remainder_128", k_remainder<128>},
    {"num_tiles_32_32", num_tiles<32, 32>},
    {"num_tiles_128_128", num_tiles<128, 128>},
    {"tile_waste_32_32", tile_waste<32, 32>},
    {"tile_waste_128_128", tile_waste<128, 128>},
    {"waves_32_14", waves<32, 14>},
    {"waves_32_28", waves<32, 28>},
    {"waves_32_56", waves<32, 56>},
    {"waves_64_14", waves<64, 14>},
    {"waves_64_28", waves<64, 28>},
    {"waves_64_56", waves<64, 56>},
    {"waves_128_14", waves<128, 14>},
    {"waves_128_28", waves<128, 28>},
    {"waves_128_56", waves<128, 56>},
    {"wave_waste_32_14", wave_waste<32, 14>},
    {"wave_waste_32_28", wave_waste<32, 28>},
    {"wave_waste_32_56", wave_waste<32, 56>},
    {"wave_waste_64_14", wave_waste<64, 14>},
    {"wave_waste_64_28", wave_waste<64, 28>},
    {"wave_waste_64_56", wave_waste<64, 56>},
    {"wave_waste_128_14", wave_waste<128, 14>},
    {"wave_waste_128_28", wave_waste<128, 28>},
    {"wave_waste_128_56", wave_waste<128, 56>},
    {"fourier_total_flops", fourier_total_flops},
};

constexpr LayerFeature kDense[] = {
    {"batch_remainder_64", m_remainder<64>},
    {"batch_remainder_128", m_remainder<128>},
    {"inputs_remainder_64", k_remainder<64>},
    {"num_tiles_128_128", num_tiles<128, 128>},
    {"tile_waste_32_32", tile_waste<32, 32>},
    {"tile_waste_64_64", tile_waste<64, 64>},
    {"tile_waste_128_128", tile_waste<128, 128>},
    {"waves_32_14", waves<32, 14>},
    {"waves_32_28", waves<32, 28>},
    {"waves_32_56", waves<32, 56>},
    {"waves_64_14", waves<64, 14>},
    {"waves_64_28", waves<64, 28>},
    {"waves_64_56", waves<64, 56>},
    {"waves_128_14", waves<128, 14>},
    {"waves_128_28", waves<128, 28>},
    {"waves_128_56", waves<128, 56>},
    {"wave_waste_32_14", wave_waste<32, 14>},
    {"wave_waste_32_28", wave_waste<32, 28>},
    {"wave_waste_32_56", wave_waste<32, 56>},
    {"wave_waste_64_14", wave_waste<64, 14>},
    {"wave_waste_64_28", wave_waste<64, 28>},
    {"wave_waste_64_56", wave_waste<64, 56>},
    {"wave_waste_128_14", wave_waste<128, 14>},
    {"wave_waste_128_28", wave_waste<128, 28>},
    {"wave_waste_128_56", wave_waste<128, 56>},
};

}  // namespace

Span<const LayerFeature> tile_features(LayerKind kind) noexcept {
  switch (kind) {
    case LayerKind::kConv2d:
      return {kConv2d, std::size(kConv2d)};
    case LayerKind::kDense:
      return {kDense, std::size(kDense)};
    default:
      return {};
  }
}

}  // namespace perfmodel
