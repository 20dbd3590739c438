#include <fmt/format.h>

#include <cmath>
#include <cstdint>

#include "perfmodel/core/error.h"
#include "perfmodel/layer_time/layer_table.h"

namespace perfmodel {
namespace {

// Takes the cells of one layer in the order of layer_columns().
class ValueReader {
 public:
  explicit ValueReader(Span<const double> values) : values_(values) {}

  std::int64_t integer() {
    const double value = take();
    constexpr double kLimit = 9007199254740992.0;  // 2^53: beyond it a double no longer counts in ones
    if (!(std::fabs(value) <= kLimit) || value != std::floor(value)) reject(value, "a whole number");
    return static_cast<std::int64_t>(value);
  }

  Size2 size() {
    const std::int64_t height = integer();
    return {height, integer()};
  }

  bool boolean() {
    const double value = take();
    if (value != 0 && value != 1) reject(value, "0 or 1");
    return value == 1;
  }

  template <typename Enum>
  Enum enumerator(int last) {
    const double value = take();
    if (!(value >= 0 && value <= last) || value != std::floor(value)) reject(value, fmt::format("0 to {}", last));
    return static_cast<Enum>(static_cast<int>(value));
  }

  double positive() {
    const double value = take();
    if (!(value > 0 && std::isfinite(value))) reject(value, "a finite number above 0");
    return value;
  }

 private:
  double take() { return values_[next_++]; }

  [[noreturn]] void reject(double value, const std::string& allowed) const {
    throw Error(ErrorCode::kInvalidArgument,
                fmt::format("column '{}' of a layer: {} is not {}", layer_columns()[next_ - 1], value, allowed));
  }

  Span<const double> values_;
  std::size_t next_ = 0;
};

}  // namespace

const std::vector<std::string>& layer_columns() {
  static const std::vector<std::string> columns = {
      "kind",          "batch",        "input_height",  "input_width",  "channels_in",     "channels_out",
      "kernel_height", "kernel_width", "stride_height", "stride_width", "dilation_height", "dilation_width",
      "pad_top",       "pad_bottom",   "pad_left",      "pad_right",    "groups",          "bias",
      "activation",    "data_type",    "pool_kind",     "reuse_bytes"};
  return columns;
}

std::vector<double> layer_to_values(const LayerSample& sample) {
  const LayerSpec& layer = sample.layer;
  const auto number = [](auto value) { return static_cast<double>(value); };
  return {number(layer.kind),          number(layer.batch),           number(layer.input.height),
          number(layer.input.width),   number(layer.channels_in),     number(layer.channels_out),
          number(layer.kernel.height), number(layer.kernel.width),    number(layer.stride.height),
          number(layer.stride.width),  number(layer.dilation.height), number(layer.dilation.width),
          number(layer.pads.top),      number(layer.pads.bottom),     number(layer.pads.left),
          number(layer.pads.right),    number(layer.groups),          number(layer.bias),
          number(layer.activation),    number(layer.data_type),       number(layer.pool_kind),
          sample.context.reuse_bytes};
}

LayerSample layer_from_values(Span<const double> values) {
  if (values.size() != layer_columns().size()) {
    throw Error(ErrorCode::kMismatch,
                fmt::format("a layer has {} values, not {}", layer_columns().size(), values.size()));
  }
  ValueReader reader(values);
  LayerSample sample;
  LayerSpec& layer = sample.layer;
  layer.kind = reader.enumerator<LayerKind>(kNumLayerKinds - 1);
  layer.batch = reader.integer();
  layer.input = reader.size();
  layer.channels_in = reader.integer();
  layer.channels_out = reader.integer();
  layer.kernel = reader.size();
  layer.stride = reader.size();
  layer.dilation = reader.size();
  for (std::int64_t* pad : {&layer.pads.top, &layer.pads.bottom, &layer.pads.left, &layer.pads.right}) {
    *pad = reader.integer();
  }
  layer.groups = reader.integer();
  layer.bias = reader.boolean();
  layer.activation = reader.enumerator<Activation>(kNumActivations - 1);
  layer.data_type = reader.enumerator<DataType>(static_cast<int>(DataType::kFloat32));
  layer.pool_kind = reader.enumerator<PoolKind>(static_cast<int>(PoolKind::kAverage));
  sample.context.reuse_bytes = reader.positive();
  layer.validate();
  return sample;
}

}  // namespace perfmodel
