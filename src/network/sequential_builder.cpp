#include "network/sequential_builder.h"

#include <fmt/format.h>

#include <utility>

#include "network/layer_inputs.h"

namespace perfmodel {

SequentialBuilder::SequentialBuilder(std::string name, TensorShape input)
    : name_(std::move(name)), inputs_{{"input", input}}, shape_(input) {}

SequentialBuilder& SequentialBuilder::conv(std::int64_t channels_out, std::int64_t kernel, std::int64_t stride,
                                           std::int64_t pad) {
  return append(conv2d(1, 1, 1, channels_out, kernel, stride, pad, Activation::kRelu), "conv");
}

SequentialBuilder& SequentialBuilder::pool(std::int64_t kernel, std::int64_t stride, std::int64_t pad,
                                           PoolKind pool_kind) {
  return append(pool2d(1, 1, 1, kernel, stride, pad, pool_kind), "pool");
}

SequentialBuilder& SequentialBuilder::dense(std::int64_t num_outputs, Activation activation) {
  return append(perfmodel::dense(1, 1, num_outputs, activation), "dense");
}

SequentialBuilder& SequentialBuilder::append(LayerSpec layer, const char* prefix) {
  set_input_shapes(layer, {&shape_, 1});
  const int number = ++num_of_kind_[static_cast<int>(layer.kind)];
  const std::string source = nodes_.empty() ? inputs_.front().name : nodes_.back().name;
  nodes_.push_back({fmt::format("{}{}", prefix, number), layer, {source}});
  shape_ = output_shape(layer);
  return *this;
}

}  // namespace perfmodel
