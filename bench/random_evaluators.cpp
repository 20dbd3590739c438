#include "random_evaluators.h"

#include <cmath>
#include <string>
#include <utility>

namespace perfmodel {
namespace {

using LayerType = NetworkLayer::Kind;

/// Adds every term of `degree` factors, from input `first` on, behind those in `chosen`.
void append_terms(std::vector<std::int32_t>& chosen, std::int32_t first, std::size_t degree, Polynomial& out,
                  Random& random) {
  if (chosen.size() == degree) {
    for (std::size_t i = 0; i < chosen.size(); ++i) {
      const bool repeated = i > 0 && chosen[i] == chosen[i - 1];
      if (repeated) {
        ++out.factors.back().power;
      } else {
        out.factors.push_back({chosen[i], 1});
      }
    }
    out.coefficients.push_back(random.uniform(-0.1, 0.1));
    out.first_factor.push_back(static_cast<std::int32_t>(out.factors.size()));
    return;
  }
  for (std::int32_t input = first; input < static_cast<std::int32_t>(out.num_inputs); ++input) {
    chosen.push_back(input);
    append_terms(chosen, input, degree, out, random);
    chosen.pop_back();
  }
}

/// A lower triangle in n x n numbers, diagonal about 1.
std::vector<double> random_triangle(std::size_t n, Random& random) {
  std::vector<double> values(n * n, 0.0);
  for (std::size_t i = 0; i < n; ++i) {
    for (std::size_t j = 0; j < i; ++j) values[i * n + j] = random.uniform(-0.05, 0.05);
    values[i * n + i] = random.uniform(0.9, 1.1);
  }
  return values;
}

}  // namespace

NetworkLayer random_network_layer(NetworkLayer::Kind kind, std::size_t inputs, std::size_t outputs, std::size_t kernel,
                                  Random& random) {
  const std::size_t num_products = kind == LayerType::kResidual ? 2 : 1;
  NetworkLayer layer;
  layer.kind = kind;
  layer.inputs = inputs;
  layer.outputs = outputs;
  layer.kernel = kernel;
  layer.weights.resize(num_products * kernel * inputs * outputs);
  layer.bias.resize(num_products * outputs);
  const double limit = std::sqrt(6.0 / static_cast<double>(kernel * (inputs + outputs)));
  for (float& weight : layer.weights) weight = static_cast<float>(random.uniform(-limit, limit));
  return layer;
}

std::vector<NetworkLayer> random_resperfnet(std::size_t length, bool output_relu, Random& random) {
  struct Stage {
    std::size_t filters, kernel;
  };
  constexpr Stage kStages[] = {{128, 3}, {64, 3}, {32, 2}};
  constexpr int kBlocksPerStage = 2, kHiddenDenseLayers = 3;
  constexpr std::size_t kDenseWidth = 128;

  std::vector<NetworkLayer> layers;
  std::size_t channels = 1;
  for (const Stage& stage : kStages) {
    layers.push_back(random_network_layer(LayerType::kConv, channels, stage.filters, stage.kernel, random));
    channels = stage.filters;
    for (int i = 0; i < kBlocksPerStage; ++i) {
      layers.push_back(random_network_layer(LayerType::kResidual, channels, channels, 1, random));
    }
  }
  std::size_t values = length * channels;
  for (int i = 0; i < kHiddenDenseLayers; ++i) {
    layers.push_back(random_network_layer(LayerType::kDense, values, kDenseWidth, 1, random));
    values = kDenseWidth;
  }
  layers.push_back(random_network_layer(LayerType::kDense, values, 1, 1, random));
  layers.back().bias.clear();
  layers.back().relu = output_relu;
  return layers;
}

std::vector<NetworkLayer> random_perceptron(std::size_t length, const std::vector<std::size_t>& hidden_units, bool tanh,
                                            Random& random) {
  std::vector<NetworkLayer> layers;
  std::size_t values = length;
  for (const std::size_t units : hidden_units) {
    layers.push_back(random_network_layer(LayerType::kDense, values, units, 1, random));
    layers.back().relu = !tanh;
    layers.back().tanh = tanh;
    values = units;
  }
  layers.push_back(random_network_layer(LayerType::kDense, values, 1, 1, random));
  layers.back().relu = false;
  return layers;
}

TreeEnsemble random_ensemble(std::size_t num_inputs, std::size_t num_trees, int depth, Random& random) {
  const std::int32_t num_splits = (1 << depth) - 1, num_nodes = 2 * num_splits + 1;
  TreeEnsemble trees;
  trees.num_inputs = num_inputs;
  trees.base = 0.5;
  for (std::size_t t = 0; t < num_trees; ++t) {
    const auto root = static_cast<std::int32_t>(trees.feature.size());
    trees.roots.push_back(root);
    for (std::int32_t node = 0; node < num_nodes; ++node) {  // children of node i of a complete tree: 2 i + 1, 2 i + 2
      const bool leaf = node >= num_splits;
      const std::int64_t feature = leaf ? -1 : random.integer(0, static_cast<std::int64_t>(num_inputs) - 1);
      trees.feature.push_back(static_cast<std::int32_t>(feature));
      trees.threshold.push_back(static_cast<float>(random.normal()));
      trees.left.push_back(leaf ? 0 : root + 2 * node + 1);
    }
  }
  return trees;
}

Polynomial random_polynomial(std::size_t num_inputs, int degree, Random& random) {
  Polynomial polynomial;
  polynomial.num_inputs = num_inputs;
  polynomial.base = 1;
  polynomial.first_factor = {0};
  for (int of_term = 1; of_term <= degree; ++of_term) {
    std::vector<std::int32_t> chosen;
    append_terms(chosen, 0, static_cast<std::size_t>(of_term), polynomial, random);
  }
  return polynomial;
}

GaussianProcess random_process(std::size_t num_inputs, std::size_t num_points, Random& random) {
  GaussianProcess process;
  process.inverse_length_scales.assign(num_inputs, 0.5);
  process.noise_variance = 0.01;
  process.points = random_rows(num_points, num_inputs, random);
  process.weights = random_rows(num_points, 1, random);
  process.cholesky = random_triangle(num_points, random);
  return process;
}

std::vector<double> random_rows(std::size_t num_rows, std::size_t num_inputs, Random& random) {
  std::vector<double> values(num_rows * num_inputs);
  for (double& value : values) value = random.normal();
  return values;
}

Model model_of(std::shared_ptr<const Evaluator> evaluator) {
  ModelInfo info;
  info.kind = "random";
  info.target = "time_ms";
  for (std::size_t j = 0; j < evaluator->num_inputs(); ++j) {
    info.features.push_back({"x" + std::to_string(j), "", -10, 10, true});
  }
  return Model(std::move(info), std::move(evaluator));
}

double flops_per_row(std::size_t length, const std::vector<NetworkLayer>& layers) {
  double flops = 0;
  for (const NetworkLayer& layer : layers) {
    const bool on_each_position = layer.kind != LayerType::kDense;
    flops += 2 * static_cast<double>(layer.weights.size()) * static_cast<double>(on_each_position ? length : 1);
  }
  return flops;
}

}  // namespace perfmodel
