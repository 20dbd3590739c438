#include <algorithm>
#include <nlohmann/json.hpp>
#include <utility>

#include <fmt/format.h>

#include "perfmodel/core/error.h"
#include "predict/evaluators.h"
#include "predict/matrix_product.h"
#include "predict/network_plan.h"
#include "predict/part_tensors.h"
#include "predict/row_blocks.h"

namespace perfmodel {
namespace {

/// Activations of a block: rows x length x channels, so that a convolution of kernel 1 is one product of a
/// (rows * length) x channels matrix, and the input of a dense layer needs no copy.
struct Shape {
  std::size_t rows, length, channels;

  std::size_t positions() const noexcept { return rows * length; }
  std::size_t elements() const noexcept { return positions() * channels; }
};

/// Puts the `kernel` neighbours of each position, zeros beyond the ends, beside one another:
/// out is (rows * length) x (kernel * channels). An odd kernel is centred, an even one reaches one further to the
/// right.
void gather_neighbours(const float* in, Shape shape, std::size_t kernel, float* out) noexcept {
  const std::size_t before = (kernel - 1) / 2;
  for (std::size_t row = 0; row < shape.rows; ++row) {
    const float* const sequence = in + row * shape.length * shape.channels;
    for (std::size_t position = 0; position < shape.length; ++position) {
      for (std::size_t k = 0; k < kernel; ++k, out += shape.channels) {
        const std::size_t from = position + k;  // shifted by `before`, to stay unsigned
        if (from < before || from - before >= shape.length) {
          std::fill(out, out + shape.channels, 0.0F);
        } else {
          const float* const values = sequence + (from - before) * shape.channels;
          std::copy(values, values + shape.channels, out);
        }
      }
    }
  }
}

const char* kind_name(NetworkLayer::Kind kind) noexcept {
  switch (kind) {
    case NetworkLayer::Kind::kConv:
      return "conv";
    case NetworkLayer::Kind::kResidual:
      return "residual";
    case NetworkLayer::Kind::kDense:
      return "dense";
  }
  return "";
}

class SequenceNetwork final : public Evaluator {
 public:
  SequenceNetwork(std::size_t num_inputs, std::vector<NetworkLayer> layers)
      : num_inputs_(num_inputs), layers_(std::move(layers)), plan_(plan_network(num_inputs_, layers_)) {}

  const char* kind() const noexcept override { return "sequence_network"; }
  std::size_t num_inputs() const noexcept override { return num_inputs_; }

  std::size_t scratch_bytes(std::size_t num_rows) const noexcept override {
    const std::size_t block = std::min(num_rows, plan_.block_rows);
    return 2 * activation_bytes(block) + align64(block * plan_.auxiliary * sizeof(float));
  }

  void evaluate(MatrixView<const double> rows, Span<double> out, std::byte* scratch) const noexcept override {
    for_each_block(rows.rows(), plan_.block_rows, [&](std::size_t first, std::size_t count) {
      evaluate_block(row_slice(rows, first, count), out.subspan(first, count), scratch);
    });
  }

  nlohmann::json write(ArchiveWriter& archive, const std::string& path) const override {
    nlohmann::json layers = nlohmann::json::array();
    PartTensorsWriter tensors(archive, path);
    for (std::size_t i = 0; i < layers_.size(); ++i) {
      const NetworkLayer& layer = layers_[i];
      tensors.add(fmt::format("layer{}/weights", i), weights_shape(layer), layer.weights);
      if (!layer.bias.empty()) tensors.add(fmt::format("layer{}/bias", i), {layer.bias.size()}, layer.bias);
      layers.push_back({{"kind", kind_name(layer.kind)},
                        {"inputs", layer.inputs},
                        {"outputs", layer.outputs},
                        {"kernel", layer.kernel},
                        {"relu", layer.relu},
                        {"bias", !layer.bias.empty()}});
      if (layer.tanh) layers.back()["tanh"] = true;
    }
    return {{"kind", kind()},
            {"num_inputs", num_inputs_},
            {"layers", std::move(layers)},
            {"tensors_crc32c", tensors.digest()}};
  }

 private:
  std::size_t activation_bytes(std::size_t block) const noexcept {
    return align64(block * plan_.activation * sizeof(float));
  }

  void evaluate_block(MatrixView<const double> rows, Span<double> out, std::byte* scratch) const noexcept {
    auto* current = reinterpret_cast<float*>(scratch);
    auto* next = reinterpret_cast<float*>(scratch + activation_bytes(rows.rows()));
    auto* const auxiliary = reinterpret_cast<float*>(scratch + 2 * activation_bytes(rows.rows()));
    for (std::size_t i = 0; i < rows.rows(); ++i) {
      for (std::size_t j = 0; j < num_inputs_; ++j) current[i * num_inputs_ + j] = static_cast<float>(rows(i, j));
    }
    Shape shape{rows.rows(), num_inputs_, 1};
    for (const NetworkLayer& layer : layers_) {
      if (layer.kind == NetworkLayer::Kind::kResidual) {
        apply_residual(layer, shape, current, next, auxiliary);
        continue;
      }
      if (layer.kind == NetworkLayer::Kind::kDense) shape = {shape.rows, 1, layer.inputs};
      apply_product(layer, shape, current, next, auxiliary);
      shape.channels = layer.outputs;
      std::swap(current, next);
    }
    for (std::size_t i = 0; i < out.size(); ++i) out[i] = static_cast<double>(current[i]);
  }

  /// A convolution or dense layer from `in` to `out`.
  static void apply_product(const NetworkLayer& layer, Shape shape, const float* in, float* out,
                            float* auxiliary) noexcept {
    if (layer.kernel > 1) {
      gather_neighbours(in, shape, layer.kernel, auxiliary);
      in = auxiliary;
    }
    const float* const bias = layer.bias.empty() ? nullptr : layer.bias.data();
    multiply(in, shape.positions(), layer.kernel * layer.inputs, layer.weights.data(), layer.outputs, bias, out);
    if (layer.relu) relu(out, shape.positions() * layer.outputs);
    if (layer.tanh) hyperbolic_tangent(out, shape.positions() * layer.outputs);
  }

  /// A residual block, in place.
  static void apply_residual(const NetworkLayer& layer, Shape shape, float* values, float* hidden,
                             float* branch) noexcept {
    const std::size_t channels = layer.inputs;
    multiply(values, shape.positions(), channels, layer.weights.data(), channels, layer.bias.data(), hidden);
    relu(hidden, shape.elements());
    multiply(hidden, shape.positions(), channels, layer.weights.data() + channels * channels, channels,
             layer.bias.data() + channels, branch);
    relu(branch, shape.elements());
    for (std::size_t i = 0; i < shape.elements(); ++i) values[i] += branch[i];
    relu(values, shape.elements());
  }

  std::size_t num_inputs_;
  std::vector<NetworkLayer> layers_;
  NetworkPlan plan_;
};

}  // namespace

std::vector<std::size_t> weights_shape(const NetworkLayer& layer) {
  switch (layer.kind) {
    case NetworkLayer::Kind::kConv:
      return {layer.kernel, layer.inputs, layer.outputs};
    case NetworkLayer::Kind::kResidual:
      return {2, layer.inputs, layer.outputs};
    case NetworkLayer::Kind::kDense:
      return {layer.inputs, layer.outputs};
  }
  return {};
}

std::shared_ptr<const Evaluator> make_sequence_network(std::size_t num_inputs, std::vector<NetworkLayer> layers) {
  return std::make_shared<SequenceNetwork>(num_inputs, std::move(layers));
}

}  // namespace perfmodel
