#include "layer_time/layer_work.h"

#include <algorithm>
#include <cmath>
#include <cstdint>

namespace perfmodel {
namespace {

constexpr std::int64_t kImageChannels = 3;
constexpr std::int64_t kSmallImageElements = 20480;  // LibTorch's bound on batch x channels x height x width
constexpr std::int64_t kLargeBatch = 16;             // from here on LibTorch takes oneDNN for 1 x 1 kernels as well
constexpr double kCachedBytes = 1e6, kUncachedBytes = 32e6;

double rounded_up(std::int64_t channels) {
  return std::ceil(static_cast<double>(channels) / kChannelBlock) * kChannelBlock;
}

// Number of outputs, of 0 .. outputs-1, whose input position out * stride + offset lies in 0 .. size-1.
double outputs_inside(std::int64_t size, std::int64_t outputs, std::int64_t stride, std::int64_t offset) {
  if (offset >= size) return 0;
  const std::int64_t first = offset < 0 ? (-offset + stride - 1) / stride : 0;
  const std::int64_t end = std::min(outputs, (size - 1 - offset) / stride + 1);
  return static_cast<double>(std::max<std::int64_t>(0, end - first));
}

// Pairs of an output and a tap of one direction that falls on 0 .. size-1. Taps whose number is that of a usual kernel
// are counted one by one; of a giant one, evenly spread ones stand for all, so that no layer takes long to describe.
double taps_along(std::int64_t size, std::int64_t outputs, std::int64_t kernel, std::int64_t stride,
                  std::int64_t dilation, std::int64_t pad) {
  constexpr std::int64_t kMostCounted = 1024;
  const std::int64_t counted = std::min(kernel, kMostCounted);
  double taps = 0;
  for (std::int64_t i = 0; i < counted; ++i) {
    const std::int64_t tap =
        kernel <= kMostCounted ? i
                               : static_cast<std::int64_t>((static_cast<double>(i) + 0.5) *
                                                           static_cast<double>(kernel) / static_cast<double>(counted));
    taps += outputs_inside(size, outputs, stride, tap * dilation - pad);
  }
  return taps * static_cast<double>(kernel) / static_cast<double>(counted);
}

}  // namespace

double padded_inputs(const LayerSpec& layer) noexcept {
  return layer.channels_in <= kImageChannels ? static_cast<double>(layer.channels_in) : rounded_up(layer.channels_in);
}

double padded_outputs(const LayerSpec& layer) noexcept {
  return rounded_up(layer.channels_out);
}

double taps_on_input(const LayerSpec& layer) noexcept {
  const Size2 output = layer.output();
  return taps_along(layer.input.height, output.height, layer.kernel.height, layer.stride.height, layer.dilation.height,
                    layer.pads.top) *
         taps_along(layer.input.width, output.width, layer.kernel.width, layer.stride.width, layer.dilation.width,
                    layer.pads.left);
}

double useful_gflop(const LayerSpec& layer) noexcept {
  return 2e-9 * static_cast<double>(layer.batch) * static_cast<double>(layer.channels_in) *
         static_cast<double>(layer.channels_out) / static_cast<double>(layer.groups) * taps_on_input(layer);
}

double blocked_gflop(const LayerSpec& layer) noexcept {
  return 2e-9 * static_cast<double>(layer.batch) * padded_inputs(layer) * padded_outputs(layer) /
         static_cast<double>(layer.groups) * taps_on_input(layer);
}

bool takes_matrix_product(const LayerSpec& layer) noexcept {
  const bool strided = layer.stride.height > 1 || layer.stride.width > 1;
  const bool dilated = layer.dilation.height > 1 || layer.dilation.width > 1;
  const bool pointwise = layer.kernel.height == 1 && layer.kernel.width == 1;
  const bool worth_it = strided || dilated || layer.batch >= kLargeBatch || !pointwise;
  const bool large = layer.groups > 1 || (layer.kernel.height > 3 && layer.kernel.width > 3) || layer.batch > 1 ||
                     layer.num_inputs() > kSmallImageElements;
  return !(worth_it && large);
}

double cold_fraction(const LayerSpec& layer, const LayerContext& context) noexcept {
  const double bytes = std::max(context.reuse_bytes, layer.weight_bytes());
  if (bytes <= kCachedBytes) return 0;
  return std::min(1.0, std::log(bytes / kCachedBytes) / std::log(kUncachedBytes / kCachedBytes));
}

}  // namespace perfmodel
