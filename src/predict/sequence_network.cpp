#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <utility>

#include "predict/evaluators.h"
#include "predict/network_plan.h"
#include "predict/packed_weights.h"
#include "predict/part_tensors.h"
#include "predict/row_blocks.h"
#include "predict/simd/kernels.h"

namespace perfmodel {
namespace {

/// Activations of a block: rows x length x stride, each position's channels filled up with zeros to the stride, so that
/// a convolution of kernel 1 is one product of a (rows * length) x channels matrix, and the input of a dense layer
/// needs no copy.
struct Shape {
  std::size_t rows, length, stride;

  std::size_t positions() const noexcept { return rows * length; }
};

/// Puts the `kernel` neighbours of each position, zeros beyond the ends, beside one another:
/// out is (rows * length) x (kernel * stride). An odd kernel is centred, an even one reaches one further to the right.
void gather_neighbours(const float* in, Shape shape, std::size_t kernel, float* out) noexcept {
  const std::size_t before = (kernel - 1) / 2;
  for (std::size_t row = 0; row < shape.rows; ++row) {
    const float* const sequence = in + row * shape.length * shape.stride;
    for (std::size_t position = 0; position < shape.length; ++position) {
      for (std::size_t k = 0; k < kernel; ++k, out += shape.stride) {
        const std::size_t from = position + k;  // shifted by `before`, to stay unsigned
        if (from < before || from - before >= shape.length) {
          std::fill(out, out + shape.stride, 0.0F);
        } else {
          const float* const values = sequence + (from - before) * shape.stride;
          std::copy(values, values + shape.stride, out);
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

/// A layer with its weights packed; a residual block has two products.
struct PackedLayer {
  NetworkLayer layer;  ///< without its weights and bias
  bool has_bias = false;
  PackedWeights first, second;
};

/// @param length, channels, stride  of what the layer is given
PackedLayer pack(NetworkLayer layer, std::size_t length, std::size_t channels, std::size_t stride,
                 const simd::Kernels& kernels) {
  const bool dense = layer.kind == NetworkLayer::Kind::kDense;
  const bool residual = layer.kind == NetworkLayer::Kind::kResidual;
  PackedLayer packed;
  packed.has_bias = !layer.bias.empty();
  const float* const bias = packed.has_bias ? layer.bias.data() : nullptr;
  const std::size_t num_groups = dense ? length : layer.kernel;
  packed.first = PackedWeights(kernels, layer.weights.data(), num_groups, channels, stride, layer.outputs, bias);
  if (residual) {
    packed.second = PackedWeights(kernels, layer.weights.data() + channels * channels, 1, channels, stride, channels,
                                  bias + channels);
  }
  layer.weights = {};
  layer.bias = {};
  packed.layer = std::move(layer);
  return packed;
}

class SequenceNetwork final : public Evaluator {
 public:
  SequenceNetwork(std::size_t num_inputs, std::vector<NetworkLayer> layers)
      : num_inputs_(num_inputs), plan_(plan_network(num_inputs_, layers)), kernels_(&simd::chosen_kernels()) {
    std::size_t length = num_inputs, channels = 1, stride = plan_.input_stride;
    for (NetworkLayer& layer : layers) {
      layers_.push_back(pack(std::move(layer), length, channels, stride, *kernels_));
      if (layers_.back().layer.kind == NetworkLayer::Kind::kDense) length = 1;
      channels = layers_.back().layer.outputs;
      stride = simd::round_up_to_group(channels);
    }
  }

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
      const NetworkLayer& layer = layers_[i].layer;
      tensors.add(fmt::format("layer{}/weights", i), weights_shape(layer), weights_of(layers_[i]));
      const std::vector<float> bias = bias_of(layers_[i]);
      if (!bias.empty()) tensors.add(fmt::format("layer{}/bias", i), {bias.size()}, bias);
      layers.push_back({{"kind", kind_name(layer.kind)},
                        {"inputs", layer.inputs},
                        {"outputs", layer.outputs},
                        {"kernel", layer.kernel},
                        {"relu", layer.relu},
                        {"bias", !bias.empty()}});
      if (layer.tanh) layers.back()["tanh"] = true;
    }
    return {{"kind", kind()},
            {"num_inputs", num_inputs_},
            {"layers", std::move(layers)},
            {"tensors_crc32c", tensors.digest()}};
  }

 private:
  static std::vector<float> weights_of(const PackedLayer& packed) {
    std::vector<float> weights = packed.first.unpack();
    const std::vector<float> second = packed.second.unpack();
    weights.insert(weights.end(), second.begin(), second.end());
    return weights;
  }

  static std::vector<float> bias_of(const PackedLayer& packed) {
    if (!packed.has_bias) return {};
    std::vector<float> bias = packed.first.unpack_bias();
    const std::vector<float> second = packed.second.unpack_bias();
    bias.insert(bias.end(), second.begin(), second.end());
    return bias;
  }

  std::size_t activation_bytes(std::size_t block) const noexcept {
    return align64(block * plan_.activation * sizeof(float));
  }

  void evaluate_block(MatrixView<const double> rows, Span<double> out, std::byte* scratch) const noexcept {
    auto* current = reinterpret_cast<float*>(scratch);
    auto* next = reinterpret_cast<float*>(scratch + activation_bytes(rows.rows()));
    auto* const auxiliary = reinterpret_cast<float*>(scratch + 2 * activation_bytes(rows.rows()));
    Shape shape{rows.rows(), num_inputs_, plan_.input_stride};
    if (shape.stride > 1) std::fill(current, current + shape.positions() * shape.stride, 0.0F);
    for (std::size_t i = 0; i < rows.rows(); ++i) {
      float* const sequence = current + i * num_inputs_ * shape.stride;
      for (std::size_t j = 0; j < num_inputs_; ++j) sequence[j * shape.stride] = static_cast<float>(rows(i, j));
    }
    for (const PackedLayer& packed : layers_) {
      if (packed.layer.kind == NetworkLayer::Kind::kResidual) {
        multiply(packed.first, current, shape.positions(), true, nullptr, next);
        multiply(packed.second, next, shape.positions(), true, current, current);
        continue;
      }
      apply_product(packed, shape, current, next, auxiliary);
      std::swap(current, next);
    }
    for (std::size_t i = 0; i < out.size(); ++i) out[i] = static_cast<double>(current[i * shape.stride]);
  }

  /// A convolution or dense layer from `in` to `out`; `shape` becomes that of `out`.
  void apply_product(const PackedLayer& packed, Shape& shape, const float* in, float* out,
                     float* auxiliary) const noexcept {
    if (packed.layer.kind == NetworkLayer::Kind::kDense) shape.length = 1;
    if (packed.layer.kernel > 1) {
      gather_neighbours(in, shape, packed.layer.kernel, auxiliary);
      in = auxiliary;
    }
    multiply(packed.first, in, shape.positions(), packed.layer.relu, nullptr, out);
    shape.stride = packed.first.columns();
    if (packed.layer.tanh) kernels_->hyperbolic_tangent(out, shape.positions() * shape.stride);
  }

  void multiply(const PackedWeights& weights, const float* in, std::size_t rows, bool relu, const float* skip,
                float* out) const noexcept {
    kernels_->multiply({in, weights.depth(), rows, weights.depth(), weights.data(), weights.bias(), weights.columns(),
                        skip, relu, out});
  }

  std::size_t num_inputs_;
  NetworkPlan plan_;
  const simd::Kernels* kernels_;
  std::vector<PackedLayer> layers_;
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
