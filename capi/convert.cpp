#include "convert.h"

#include <fmt/format.h>

#include "guard.h"

namespace perfmodel::capi {

namespace {

/// An enum of the C API: its values are 0 .. count-1.
struct EnumField {
  const char* name;
  int count;
  const char* allowed;
};
constexpr EnumField kKind{"kind", kNumLayerKinds,
                          "0 (conv2d), 1 (pool2d), 2 (dense), 3 (batch_norm2d), 4 (layer_norm), 5 (add), 6 (concat), "
                          "7 (activation), 8 (global_pool2d), 9 (softmax), 10 (matmul)"};
constexpr EnumField kPhase{"phase", kNumPhases, "0 (preprocess), 1 (execution), 2 (postprocess)"};
constexpr EnumField kActivation{"activation", kNumActivations,
                                "0 (none), 1 (relu), 2 (sigmoid), 3 (tanh), 4 (gelu), 5 (relu6)"};
constexpr EnumField kPoolKind{"pool_kind", 2, "0 (max), 1 (average)"};
constexpr EnumField kDataType{"data_type", 1, "0 (float32)"};
constexpr EnumField kHasBias{"has_bias", 2, "0 (no), 1 (yes)"};
constexpr EnumField kReserved{"reserved", 1, "0; perfmodel_layer_init() sets it"};

/// @param index  of the layer that holds the value; < 0: none
int checked_enum(const EnumField& field, std::int32_t value, std::ptrdiff_t index = -1) {
  if (value >= 0 && value < field.count) return value;
  const std::string where = index < 0 ? "" : fmt::format(" (at index {})", index);
  throw Error(ErrorCode::kInvalidArgument,
              fmt::format("{} is {}, allowed: {}{}", field.name, value, field.allowed, where));
}

}  // namespace

LayerKind kind_from_c(std::int32_t kind) {
  return static_cast<LayerKind>(checked_enum(kKind, kind));
}

Phase phase_from_c(std::int32_t phase) {
  return static_cast<Phase>(checked_enum(kPhase, phase));
}

LayerSpec layer_from_c(const perfmodel_layer& layer, std::size_t index) {
  const auto checked = [index](const EnumField& field, std::int32_t value) {
    return checked_enum(field, value, static_cast<std::ptrdiff_t>(index));
  };
  checked(kReserved, layer.reserved);
  LayerSpec spec;
  spec.kind = static_cast<LayerKind>(checked(kKind, layer.kind));
  spec.activation = static_cast<Activation>(checked(kActivation, layer.activation));
  spec.pool_kind = static_cast<PoolKind>(checked(kPoolKind, layer.pool_kind));
  spec.data_type = static_cast<DataType>(checked(kDataType, layer.data_type));
  spec.bias = checked(kHasBias, layer.has_bias) != 0;
  spec.batch = layer.batch;
  spec.input = {layer.input_height, layer.input_width};
  spec.channels_in = layer.channels_in;
  spec.channels_out = layer.channels_out;
  spec.kernel = {layer.kernel_height, layer.kernel_width};
  spec.stride = {layer.stride_height, layer.stride_width};
  spec.dilation = {layer.dilation_height, layer.dilation_width};
  spec.pads = {layer.pad_top, layer.pad_bottom, layer.pad_left, layer.pad_right};
  spec.groups = layer.groups;
  return spec;
}

perfmodel_layer layer_to_c(const LayerSpec& layer) noexcept {
  perfmodel_layer c{};
  c.struct_size = sizeof c;
  c.kind = static_cast<std::int32_t>(layer.kind);
  c.activation = static_cast<std::int32_t>(layer.activation);
  c.pool_kind = static_cast<std::int32_t>(layer.pool_kind);
  c.data_type = static_cast<std::int32_t>(layer.data_type);
  c.has_bias = layer.bias ? 1 : 0;
  c.batch = layer.batch;
  c.input_height = layer.input.height;
  c.input_width = layer.input.width;
  c.channels_in = layer.channels_in;
  c.channels_out = layer.channels_out;
  c.kernel_height = layer.kernel.height;
  c.kernel_width = layer.kernel.width;
  c.stride_height = layer.stride.height;
  c.stride_width = layer.stride.width;
  c.dilation_height = layer.dilation.height;
  c.dilation_width = layer.dilation.width;
  c.pad_top = layer.pads.top;
  c.pad_bottom = layer.pads.bottom;
  c.pad_left = layer.pads.left;
  c.pad_right = layer.pads.right;
  c.groups = layer.groups;
  return c;
}

perfmodel_time_estimate to_c(const TimeEstimate& estimate) noexcept {
  return {estimate.mean_ms, estimate.lower_ms, estimate.upper_ms};
}

perfmodel_layer_time to_c(const LayerTime& time) noexcept {
  return {sizeof(perfmodel_layer_time), to_c(time.preprocess()), to_c(time.execution()),
          to_c(time.postprocess()),     time.in_domain ? 1 : 0,  0};
}

perfmodel_network_time to_c(const NetworkTotal& time) noexcept {
  return {sizeof(perfmodel_network_time), to_c(time.total),
          time.in_domain ? 1 : 0,         0,
          time.coverage.layers_fraction,  time.coverage.flops_fraction,
          time.coverage.bytes_fraction,   time.interval_level};
}

void require_option_count(std::size_t num_values, std::size_t num_options) {
  if (num_values == num_options) return;
  throw Error(ErrorCode::kMismatch,
              fmt::format("num_values is {}, the config space has {} options", num_values, num_options));
}

}  // namespace perfmodel::capi
