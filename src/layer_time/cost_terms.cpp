#include <cmath>
#include <iterator>

#include "layer_time/branched_features.h"
#include "layer_time/feature_sets.h"
#include "layer_time/layer_work.h"
#include "perfmodel/layer_time/layer_features.h"

namespace perfmodel {
namespace {

using Layer = const LayerSpec&;
using Context = const LayerContext&;

constexpr double kMega = 1e6;

double number(std::int64_t value) {
  return static_cast<double>(value);
}
double pixels(Size2 size) {
  return number(size.height) * number(size.width);
}
double direct(Layer layer) {
  return takes_matrix_product(layer) ? 0 : 1;
}
double product(Layer layer) {
  return takes_matrix_product(layer) ? 1 : 0;
}
double average(Layer layer) {
  return layer.pool_kind == PoolKind::kAverage ? 1 : 0;
}
double single(Layer layer) {
  return layer.batch == 1 ? 1 : 0;
}

// Megabytes of activations and weights, plain and with channels rounded up to blocks.
double input_mb(Layer layer, Context) {
  return layer.input_bytes() / kMega;
}
double output_mb(Layer layer, Context) {
  return layer.output_bytes() / kMega;
}
double weight_mb(Layer layer, Context) {
  return layer.weight_bytes() / kMega;
}
double cold_weight_mb(Layer layer, Context context) {
  return layer.weight_bytes() / kMega * cold_fraction(layer, context);
}
double call(Layer, Context) {
  return 1;
}

// Convolution by blocked direct kernels, with the reordering of activations and weights that they need.
double direct_call(Layer layer, Context) {
  return direct(layer);
}
double direct_useful_gflop(Layer layer, Context) {
  return direct(layer) * useful_gflop(layer);
}
double direct_blocked_gflop(Layer layer, Context) {
  return direct(layer) * blocked_gflop(layer);
}
double direct_input_mb(Layer layer, Context) {
  return direct(layer) * 4e-6 * number(layer.batch) * padded_inputs(layer) * pixels(layer.input);
}
double direct_output_mb(Layer layer, Context) {
  return direct(layer) * 4e-6 * number(layer.batch) * padded_outputs(layer) * pixels(layer.output());
}
double direct_weight_mb(Layer layer, Context) {
  return direct(layer) * 4e-6 * padded_inputs(layer) * padded_outputs(layer) * pixels(layer.kernel) /
         number(layer.groups);
}
double direct_kilo_rows(Layer layer, Context) {  // one kernel call per image, block of outputs and output row
  return direct(layer) * 1e-3 * number(layer.batch * layer.output().height) * padded_outputs(layer) / kChannelBlock;
}
double direct_kilo_row_steps(Layer layer, Context context) {  // the same, and per block of inputs and kernel row
  return direct_kilo_rows(layer, context) * std::ceil(number(layer.channels_in) / kChannelBlock) *
         number(layer.kernel.height);
}

// Convolution by unfolding and a matrix product.
double product_call(Layer layer, Context) {
  return product(layer);
}
double product_image(Layer layer, Context) {
  return product(layer) * number(layer.batch);
}
double product_gflop(Layer layer, Context) {
  return product(layer) * 1e-9 * layer.flops();
}
double unfolded_mb(Layer layer, Context) {
  if (layer.kernel == Size2{} && layer.stride == Size2{}) return 0;
  return product(layer) * 4e-6 * number(layer.batch * layer.channels_in) * pixels(layer.kernel) *
         pixels(layer.output());
}

constexpr LayerFeature kConv2d[] = {
    {"cost_call", call},
    {"cost_input_mb", input_mb},
    {"cost_output_mb", output_mb},
    {"cost_weight_mb", weight_mb},
    {"cost_cold_weight_mb", cold_weight_mb},
    {"cost_direct_call", direct_call},
    {"cost_direct_useful_gflop", direct_useful_gflop},
    {"cost_direct_blocked_gflop", direct_blocked_gflop},
    {"cost_direct_input_mb", direct_input_mb},
    {"cost_direct_output_mb", direct_output_mb},
    {"cost_direct_weight_mb", direct_weight_mb},
    {"cost_direct_kilo_rows", direct_kilo_rows},
    {"cost_direct_kilo_row_steps", direct_kilo_row_steps},
    {"cost_product_call", product_call},
    {"cost_product_images", product_image},
    {"cost_product_gflop", product_gflop},
    {"cost_unfolded_mb", unfolded_mb},
};

// Pooling: one comparison or addition per tap, row by row.
double max_mega_taps(Layer layer, Context) {
  return (1 - average(layer)) * 1e-6 * number(layer.batch * layer.channels_in) * taps_on_input(layer);
}
double average_mega_taps(Layer layer, Context) {
  return average(layer) * 1e-6 * number(layer.batch * layer.channels_in) * taps_on_input(layer);
}
double max_output_mb(Layer layer, Context) {
  return (1 - average(layer)) * layer.output_bytes() / kMega;
}
double average_output_mb(Layer layer, Context) {
  return average(layer) * layer.output_bytes() / kMega;
}
double planes_kilo(Layer layer, Context) {
  return 1e-3 * number(layer.batch * layer.channels_in);
}
double rows_kilo(Layer layer, Context) {
  return 1e-3 * number(layer.batch * layer.channels_in) * number(layer.output().height);
}
double window_rows_mega(Layer layer, Context) {  // one short inner loop per output and window row
  return 1e-6 * number(layer.num_outputs()) * number(layer.kernel.height);
}

constexpr LayerFeature kPool2d[] = {
    {"cost_call", call},
    {"cost_input_mb", input_mb},
    {"cost_max_mega_taps", max_mega_taps},
    {"cost_average_mega_taps", average_mega_taps},
    {"cost_max_output_mb", max_output_mb},
    {"cost_average_output_mb", average_output_mb},
    {"cost_kilo_planes", planes_kilo},
    {"cost_kilo_rows", rows_kilo},
    {"cost_mega_window_rows", window_rows_mega},
};

// Dense: a matrix product; for one row a matrix-vector product, which reads its weights once at another speed.
double batched_gflop(Layer layer, Context) {
  return (1 - single(layer)) * 1e-9 * layer.flops();
}
double single_weight_mb(Layer layer, Context) {
  return single(layer) * layer.weight_bytes() / kMega;
}
double single_cold_weight_mb(Layer layer, Context context) {
  return single(layer) * cold_weight_mb(layer, context);
}
double single_call(Layer layer, Context) {
  return single(layer);
}
double kilo_outputs(Layer layer, Context) {
  return 1e-3 * number(layer.channels_out);
}

constexpr LayerFeature kDense[] = {
    {"cost_call", call},
    {"cost_single_call", single_call},
    {"cost_input_mb", input_mb},
    {"cost_output_mb", output_mb},
    {"cost_kilo_outputs", kilo_outputs},
    {"cost_batched_gflop", batched_gflop},
    {"cost_weight_mb", weight_mb},
    {"cost_cold_weight_mb", cold_weight_mb},
    {"cost_single_weight_mb", single_weight_mb},
    {"cost_single_cold_weight_mb", single_cold_weight_mb},
};

}  // namespace

Span<const LayerFeature> cost_terms(LayerKind kind) noexcept {
  switch (kind) {
    case LayerKind::kConv2d:
      return {kConv2d, std::size(kConv2d)};
    case LayerKind::kPool2d:
      return {kPool2d, std::size(kPool2d)};
    case LayerKind::kDense:
      return {kDense, std::size(kDense)};
    default:
      return branched_cost_terms(kind);
  }
}

}  // namespace perfmodel
