#include <algorithm>
#include <iterator>

#include "layer_time/convolution_algorithms.h"
#include "layer_time/feature_sets.h"
#include "layer_time/product_tiles.h"

namespace perfmodel {
namespace {

using Layer = const LayerSpec&;
using Context = const LayerContext&;

constexpr double kBytes = 4;  // of a float32

double number(std::int64_t value) {
  return static_cast<double>(value);
}

// How far a size is from a multiple: kernels read and write whole vectors.
double one_plus_remainder(std::int64_t size, std::int64_t block) {
  return 1 + number(size % block);
}
template <int kBlock>
double channels_in_remainder(Layer layer, Context) {
  return one_plus_remainder(layer.channels_in, kBlock);
}
template <int kBlock>
double channels_out_remainder(Layer layer, Context) {
  return one_plus_remainder(layer.channels_out, kBlock);
}
template <int kBlock>
double output_width_remainder(Layer layer, Context) {
  return one_plus_remainder(layer.output().width, kBlock);
}
template <int kBlock>
double input_width_remainder(Layer layer, Context) {
  return one_plus_remainder(layer.input.width, kBlock);
}
template <int kBlock>
double batch_remainder(Layer layer, Context) {
  return one_plus_remainder(layer.batch, kBlock);
}

// Padding. An uneven one is a copy of the whole input in most frameworks.
double padding_rows(Layer layer, Context) {
  return 1 + number(layer.pads.top + layer.pads.bottom);
}
bool is_uneven(Layer layer) {
  return layer.pads.top != layer.pads.bottom || layer.pads.left != layer.pads.right;
}
double with_uneven_padding(Layer layer, Context) {
  return is_uneven(layer) ? 2 : 1;
}
double padded_input_bytes(Layer layer, Context) {
  const Pads& pads = layer.pads;
  const double height = number(layer.input.height + pads.top + pads.bottom);
  const double width = number(layer.input.width + pads.left + pads.right);
  return 1 + (is_uneven(layer) ? kBytes * number(layer.batch * layer.channels_in) * height * width : 0);
}
double unused_rows(Layer layer, Context) {  // of the input, below the last window
  const std::int64_t used =
      (layer.output().height - 1) * layer.stride.height + (layer.kernel.height - 1) * layer.dilation.height + 1;
  return 1 + number(std::max<std::int64_t>(0, layer.input.height + layer.pads.top + layer.pads.bottom - used));
}

// Traffic.
double planes_in(Layer layer, Context) {
  return number(layer.batch * layer.channels_in);
}
double window_bytes(Layer layer, Context) {  // of the input that some window covers
  const Size2 output = layer.output();
  const double height =
      std::min(number(layer.input.height), number(output.height * std::min(layer.kernel.height, layer.stride.height)));
  const double width =
      std::min(number(layer.input.width), number(output.width * std::min(layer.kernel.width, layer.stride.width)));
  return kBytes * number(layer.batch * layer.channels_in) * height * width;
}
double unfolded_bytes(Layer layer, Context) {
  return kBytes * product_m(layer) * product_k(layer) * number(layer.groups);
}

// Algorithms that a library may take for a convolution.
template <int kOut>
double winograd(Layer layer, Context) {
  return 1 + winograd_flops(layer, kOut);
}
double fourier_flops(Layer layer, Context) {
  return 1 + fourier_cost(layer).flops;
}
double fourier_bytes(Layer layer, Context) {
  return 1 + fourier_cost(layer).bytes;
}

constexpr LayerFeature kConv2d[] = {
    {"padding_rows", padding_rows},
    {"with_uneven_padding", with_uneven_padding},
    {"padded_input_bytes", padded_input_bytes},
    {"unfolded_bytes", unfolded_bytes},
    {"channels_in_remainder_8", channels_in_remainder<8>},
    {"channels_in_remainder_32", channels_in_remainder<32>},
    {"channels_out_remainder_8", channels_out_remainder<8>},
    {"channels_out_remainder_32", channels_out_remainder<32>},
    {"channels_out_remainder_64", channels_out_remainder<64>},
    {"channels_out_remainder_128", channels_out_remainder<128>},
    {"output_width_remainder_32", output_width_remainder<32>},
    {"batch_remainder_8", batch_remainder<8>},
    {"num_tiles_64_64", num_tiles<64, 64>},
    {"num_tiles_128_32", num_tiles<128, 32>},
    {"num_tiles_128_64", num_tiles<128, 64>},
    {"tile_waste_64_64", tile_waste<64, 64>},
    {"tile_waste_128_32", tile_waste<128, 32>},
    {"tile_waste_128_64", tile_waste<128, 64>},
    {"winograd_2_flops", winograd<2>},
    {"winograd_4_flops", winograd<4>},
    {"fourier_flops", fourier_flops},
    {"fourier_bytes", fourier_bytes},
};

constexpr LayerFeature kPool2d[] = {
    {"planes_in", planes_in},
    {"padding_rows", padding_rows},
    {"with_uneven_padding", with_uneven_padding},
    {"unused_rows", unused_rows},
    {"window_bytes", window_bytes},
    {"channels_in_remainder_4", channels_in_remainder<4>},
    {"channels_in_remainder_8", channels_in_remainder<8>},
    {"channels_in_remainder_32", channels_in_remainder<32>},
    {"input_width_remainder_8", input_width_remainder<8>},
    {"input_width_remainder_32", input_width_remainder<32>},
    {"output_width_remainder_8", output_width_remainder<8>},
    {"output_width_remainder_32", output_width_remainder<32>},
};

constexpr LayerFeature kDense[] = {
    {"batch_remainder_8", batch_remainder<8>},
    {"batch_remainder_32", batch_remainder<32>},
    {"inputs_remainder_8", channels_in_remainder<8>},
    {"inputs_remainder_32", channels_in_remainder<32>},
    {"inputs_remainder_128", channels_in_remainder<128>},
    {"outputs_remainder_8", channels_out_remainder<8>},
    {"outputs_remainder_32", channels_out_remainder<32>},
    {"outputs_remainder_64", channels_out_remainder<64>},
    {"outputs_remainder_128", channels_out_remainder<128>},
    {"num_tiles_32_32", num_tiles<32, 32>},
    {"num_tiles_64_64", num_tiles<64, 64>},
    {"num_tiles_32_128", num_tiles<32, 128>},
    {"num_tiles_128_64", num_tiles<128, 64>},
};

}  // namespace

Span<const LayerFeature> algorithm_features(LayerKind kind) noexcept {
  switch (kind) {
    case LayerKind::kConv2d:
      return {kConv2d, std::size(kConv2d)};
    case LayerKind::kPool2d:
      return {kPool2d, std::size(kPool2d)};
    case LayerKind::kDense:
      return {kDense, std::size(kDense)};
    default:
      return {};
  }
}

}  // namespace perfmodel
