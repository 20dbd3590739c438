#include "layer_time/call_reader.h"

#include <fmt/format.h>

#include <cctype>
#include <cmath>

#include "layer_time/csv_place.h"
#include "perfmodel/core/error.h"

namespace perfmodel {
namespace {

// Far more than any layer has, and small enough that products of two do not overflow.
constexpr std::int64_t kMaxSize = 2147483647;

[[noreturn]] void reject(const CsvTable& csv, std::size_t row, std::size_t column, const char* allowed) {
  throw Error(ErrorCode::kParse, fmt::format("{}: {} is '{}', {}", place_of(csv, row), csv.columns[column],
                                             csv.text(row, column), allowed));
}

bool flag_cell(const CsvTable& csv, std::size_t row, std::size_t column, const char* allowed) {
  const double value = csv.number(row, column);
  if (value != 0 && value != 1) reject(csv, row, column, allowed);
  return value == 1;
}

std::vector<const char*> columns_of(LayerKind kind) {
  switch (kind) {
    case LayerKind::kConv2d:
      return {"batchsize", "matsize", "kernelsize", "channels_in", "channels_out", "strides", "padding", "use_bias"};
    case LayerKind::kPool2d:
      return {"batchsize", "matsize", "poolsize", "channels_in", "strides", "padding"};
    case LayerKind::kDense:
      return {"batchsize", "dim_input", "dim_output"};
    default:
      throw Error(
          ErrorCode::kUnsupported,
          fmt::format("a table of calls holds layers of kind conv, pool or dense, not '{}'", layer_kind_name(kind)));
  }
}

}  // namespace

std::optional<LayerKind> call_kind(std::string_view op) noexcept {
  if (op == "conv" || op == "conv2d") return LayerKind::kConv2d;
  if (op == "pool" || op == "pool2d") return LayerKind::kPool2d;
  if (op == "dense") return LayerKind::kDense;
  return std::nullopt;
}

std::int64_t whole_cell(const CsvTable& csv, std::size_t row, const char* column, std::int64_t minimum) {
  const std::size_t index = csv.column_index(column);
  const double value = csv.number(row, index);
  if (value == std::floor(value) && value >= static_cast<double>(minimum) && value <= static_cast<double>(kMaxSize)) {
    return static_cast<std::int64_t>(value);
  }
  reject(csv, row, index, fmt::format("allowed are whole numbers from {} to {}", minimum, kMaxSize).c_str());
}

CallReader::CallReader(const CsvTable& csv, const TimeColumn& time, LayerKind kind)
    : csv_(csv), time_(time), kind_(kind), optimizer_(optional_column("optimizer")) {
  for (const char* column : columns_of(kind)) csv.column_index(column);
  bias_ = optional_column("use_bias");
  if (kind == LayerKind::kPool2d) return;
  activation_ = optional_column("activation");
  if (!activation_) activation_ = csv.column_index("activation_fct");
}

CallReader::Column CallReader::optional_column(std::string_view name) const {
  return csv_.has_column(name) ? Column(csv_.column_index(name)) : std::nullopt;
}

Activation CallReader::activation(std::size_t row) const {
  const std::string& cell = csv_.text(row, *activation_);
  const bool is_name = !cell.empty() && std::isalpha(static_cast<unsigned char>(cell.front())) != 0;
  if (!is_name) {
    const bool relu = flag_cell(csv_, row, *activation_, "allowed are 0 (none), 1 (ReLU) and names of activations");
    return relu ? Activation::kRelu : Activation::kNone;
  }
  try {
    return parse_activation(cell);
  } catch (const Error& error) {
    throw Error(ErrorCode::kParse,
                fmt::format("{}: column '{}': {}", place_of(csv_, row), csv_.columns[*activation_], error.what()));
  }
}

// Of a convolution or pooling: padding 1 is TensorFlow's SAME, 0 its VALID.
LayerSpec CallReader::windowed(LayerSpec layer, std::size_t row) const {
  const bool same = flag_cell(csv_, row, csv_.column_index("padding"), "allowed are 0 (VALID) and 1 (SAME)");
  if (same) layer.pads = same_pads(layer.input, layer.kernel, layer.stride);
  return layer;
}

LayerSpec CallReader::layer(std::size_t row) const {
  const auto size = [&](const char* column) { return whole_cell(csv_, row, column, 1); };
  if (kind_ == LayerKind::kPool2d) {
    return windowed(pool2d(size("batchsize"), size("matsize"), size("channels_in"), size("poolsize"), size("strides")),
                    row);
  }
  LayerSpec layer = kind_ == LayerKind::kDense
                        ? dense(size("batchsize"), size("dim_input"), size("dim_output"))
                        : windowed(conv2d(size("batchsize"), size("matsize"), size("channels_in"), size("channels_out"),
                                          size("kernelsize"), size("strides")),
                                   row);
  layer.activation = activation(row);
  const bool is_told = bias_ && !(kind_ == LayerKind::kDense && csv_.text(row, *bias_).empty());
  layer.bias = !is_told || flag_cell(csv_, row, *bias_, "allowed are 0 and 1");
  return layer;
}

CallRow CallReader::read(std::size_t row) const {
  CallRow call;
  if (optimizer_ && csv_.text(row, *optimizer_) != "none") {
    call.skipped = csv_.text(row, *optimizer_).empty() ? "an empty optimizer" : "a training step";
    return call;
  }
  call.time_ms = time_.ms(row);
  if (!(call.time_ms > 0)) {
    call.skipped = std::isnan(call.time_ms) ? "no time" : "a time not above 0";
    return call;
  }
  call.spread_ms = time_.spread_ms(row);
  call.layer = layer(row);
  const Size2 output = call.layer.output();
  if (output.height < 1 || output.width < 1) {
    call.skipped = "an empty output";
    return call;
  }
  try {
    call.layer.validate();
  } catch (const Error& error) {
    throw Error(ErrorCode::kParse, fmt::format("{}: {}", place_of(csv_, row), error.what()));
  }
  return call;
}

}  // namespace perfmodel
