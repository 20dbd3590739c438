#include "layer_time/convolution_algorithms.h"

#include <cmath>
#include <cstdint>

namespace perfmodel {
namespace {

constexpr std::int64_t kTile = 32;  // of the Fourier transform

double number(std::int64_t value) {
  return static_cast<double>(value);
}
double tiles_of(std::int64_t size, std::int64_t tile) {
  return std::ceil(number(size) / number(tile));
}
bool has_unit_steps(const LayerSpec& layer) {
  return layer.stride == Size2{} && layer.dilation == Size2{};
}
double channel_pairs(const LayerSpec& layer) {
  return number(layer.channels_in) * number(layer.channels_out) / number(layer.groups);
}

}  // namespace

double winograd_flops(const LayerSpec& layer, int out) noexcept {
  if (!has_unit_steps(layer) || !(layer.kernel == Size2{3, 3})) return 0;
  const Size2 output = layer.output();
  const double products = number(out + 2) * number(out + 2);
  return 2 * number(layer.batch) * tiles_of(output.height, out) * tiles_of(output.width, out) * products *
         channel_pairs(layer);
}

FourierCost fourier_cost(const LayerSpec& layer) noexcept {
  if (!has_unit_steps(layer) || layer.kernel.height > kTile || layer.kernel.width > kTile) return {};
  constexpr double kFlopsPerProduct = 8, kBytesPerPoint = 8;
  constexpr double kFlopsPerTransform = 2.5 * kTile * kTile * 10;  // log2 of 32 x 32
  constexpr double kPoints = kTile * (kTile / 2 + 1);  // complex; a real tile needs about half of its square
  const Size2 output = layer.output();
  const double num_tiles =
      tiles_of(output.height, kTile - layer.kernel.height + 1) * tiles_of(output.width, kTile - layer.kernel.width + 1);
  const double batch = number(layer.batch);
  const double planes = batch * number(layer.channels_in + layer.channels_out) * num_tiles;
  return {kFlopsPerProduct * batch * num_tiles * kPoints * channel_pairs(layer),
          kFlopsPerTransform * (planes + channel_pairs(layer)),
          kBytesPerPoint * kPoints * (planes + channel_pairs(layer))};
}

}  // namespace perfmodel
