#include "evaluators_for_tests.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <string>

namespace perfmodel {
namespace {

using Sequence = std::vector<std::vector<double>>;  // [position][channel]

double activated(double value, bool relu, bool tanh) {
  return tanh ? std::tanh(value) : relu ? std::max(value, 0.0) : value;
}

Sequence convolve(const Sequence& in, const float* weights, const float* bias, std::size_t kernel, std::size_t outputs,
                  bool relu, bool tanh = false) {
  const auto length = static_cast<std::ptrdiff_t>(in.size());
  const std::ptrdiff_t left = (static_cast<std::ptrdiff_t>(kernel) - 1) / 2;
  const std::size_t inputs = in.front().size();
  Sequence out(in.size(), std::vector<double>(outputs));
  for (std::ptrdiff_t position = 0; position < length; ++position) {
    for (std::size_t o = 0; o < outputs; ++o) {
      double sum = bias != nullptr ? bias[o] : 0.0;
      for (std::size_t k = 0; k < kernel; ++k) {
        const std::ptrdiff_t from = position + static_cast<std::ptrdiff_t>(k) - left;
        if (from < 0 || from >= length) continue;
        for (std::size_t c = 0; c < inputs; ++c) {
          sum += in[static_cast<std::size_t>(from)][c] * weights[(k * inputs + c) * outputs + o];
        }
      }
      out[static_cast<std::size_t>(position)][o] = activated(sum, relu, tanh);
    }
  }
  return out;
}

Sequence add_branch(const Sequence& in, const NetworkLayer& layer) {
  const std::size_t channels = layer.inputs;
  const Sequence hidden = convolve(in, layer.weights.data(), layer.bias.data(), 1, channels, true);
  Sequence out =
      convolve(hidden, layer.weights.data() + channels * channels, layer.bias.data() + channels, 1, channels, true);
  for (std::size_t p = 0; p < in.size(); ++p) {
    for (std::size_t c = 0; c < channels; ++c) out[p][c] = std::max(out[p][c] + in[p][c], 0.0);
  }
  return out;
}

Sequence flatten(const Sequence& in) {
  Sequence out(1);
  for (const auto& position : in) out[0].insert(out[0].end(), position.begin(), position.end());
  return out;
}

/// Calls `work` with scratch memory of exactly the size that is asked for, and checks that it keeps to it.
template <typename Work>
void with_guarded_scratch(const Evaluator& evaluator, MatrixView<const double> rows, const Work& work) {
  constexpr std::size_t kGuard = 64;
  constexpr std::byte kMark{0xA5};
  const std::size_t bytes = evaluator.scratch_bytes(rows.rows());
  std::vector<std::byte> memory(bytes + 3 * kGuard, kMark);
  void* aligned = memory.data() + 1;
  std::size_t space = memory.size() - 1;
  auto* const scratch = static_cast<std::byte*>(std::align(64, bytes, aligned, space));
  work(scratch);
  for (std::byte* guard = memory.data(); guard < scratch; ++guard) EXPECT_EQ(*guard, kMark) << "before the scratch";
  for (std::byte* guard = scratch + bytes; guard < memory.data() + memory.size(); ++guard) {
    EXPECT_EQ(*guard, kMark) << "after the scratch";
  }
}

}  // namespace

std::vector<double> random_rows(std::size_t num_rows, std::size_t num_inputs, Random& random) {
  std::vector<double> values(num_rows * num_inputs);
  for (double& value : values) value = random.uniform(-2, 2);
  return values;
}

std::vector<double> evaluate(const Evaluator& evaluator, MatrixView<const double> rows) {
  std::vector<double> out(rows.rows(), -1);
  with_guarded_scratch(evaluator, rows, [&](std::byte* scratch) { evaluator.evaluate(rows, out, scratch); });
  return out;
}

AnswersWithDeviation evaluate_with_deviation(const Evaluator& evaluator, MatrixView<const double> rows) {
  AnswersWithDeviation out{std::vector<double>(rows.rows(), -1), std::vector<double>(rows.rows(), -1)};
  with_guarded_scratch(evaluator, rows, [&](std::byte* scratch) {
    evaluator.evaluate_with_deviation(rows, out.answers, out.deviations, scratch);
  });
  return out;
}

NetworkLayer random_layer(NetworkLayer::Kind kind, std::size_t inputs, std::size_t outputs, std::size_t kernel,
                          Random& random) {
  const bool residual = kind == NetworkLayer::Kind::kResidual;
  NetworkLayer layer;
  layer.kind = kind;
  layer.inputs = inputs;
  layer.outputs = outputs;
  layer.kernel = kernel;
  layer.weights.resize((residual ? 2 : kernel) * inputs * outputs);
  const double scale = (residual ? 0.5 : 1.4) / std::sqrt(static_cast<double>(kernel * inputs));
  for (float& weight : layer.weights) weight = static_cast<float>(scale * random.normal());
  layer.bias.resize((residual ? 2 : 1) * outputs);
  for (float& value : layer.bias) value = static_cast<float>(0.1 * random.normal());
  return layer;
}

std::vector<NetworkLayer> resperfnet_layers(std::size_t num_inputs, std::size_t width, Random& random) {
  using Kind = NetworkLayer::Kind;
  std::vector<NetworkLayer> layers;
  std::size_t channels = 1;
  for (const auto& [filters, kernel] :
       {std::pair{width, std::size_t{3}}, {width / 2, std::size_t{3}}, {width / 4, std::size_t{2}}}) {
    layers.push_back(random_layer(Kind::kConv, channels, filters, kernel, random));
    for (int block = 0; block < 2; ++block)
      layers.push_back(random_layer(Kind::kResidual, filters, filters, 1, random));
    channels = filters;
  }
  std::size_t values = num_inputs * channels;
  for (int i = 0; i < 3; ++i) {
    layers.push_back(random_layer(Kind::kDense, values, width, 1, random));
    values = width;
  }
  layers.push_back(random_layer(Kind::kDense, values, 1, 1, random));
  layers.back().relu = false;
  layers.back().bias.clear();
  return layers;
}

std::vector<NetworkLayer> random_layers(std::size_t num_inputs, Random& random) {
  using Kind = NetworkLayer::Kind;
  std::vector<NetworkLayer> layers;
  std::size_t channels = 1;
  for (std::int64_t i = random.integer(0, 3); i > 0; --i) {
    const auto filters = static_cast<std::size_t>(random.integer(1, 150));
    layers.push_back(
        random_layer(Kind::kConv, channels, filters, static_cast<std::size_t>(random.integer(1, 5)), random));
    if (random.chance(0.3)) layers.back().bias.clear();
    channels = filters;
    if (random.chance(0.5)) layers.push_back(random_layer(Kind::kResidual, channels, channels, 1, random));
  }
  std::size_t values = num_inputs * channels;
  for (std::int64_t i = random.integer(0, 2); i > 0; --i) {
    const auto outputs = static_cast<std::size_t>(random.integer(1, 200));
    layers.push_back(random_layer(Kind::kDense, values, outputs, 1, random));
    layers.back().relu = random.chance(0.5);
    layers.back().tanh = !layers.back().relu && random.chance(0.5);
    values = outputs;
  }
  layers.push_back(random_layer(Kind::kDense, values, 1, 1, random));
  layers.back().relu = false;
  return layers;
}

double reference_answer(const std::vector<NetworkLayer>& layers, Span<const double> row) {
  Sequence values;
  for (const double value : row) values.push_back({value});
  for (const NetworkLayer& layer : layers) {
    const float* const bias = layer.bias.empty() ? nullptr : layer.bias.data();
    if (layer.kind == NetworkLayer::Kind::kResidual) {
      values = add_branch(values, layer);
    } else {
      if (layer.kind == NetworkLayer::Kind::kDense) values = flatten(values);
      values = convolve(values, layer.weights.data(), bias, layer.kernel, layer.outputs, layer.relu, layer.tanh);
    }
  }
  return values[0][0];
}

TreeEnsemble random_trees(std::size_t num_inputs, std::size_t num_trees, Random& random) {
  TreeEnsemble trees;
  trees.num_inputs = num_inputs;
  trees.base = 0.5;
  for (std::size_t t = 0; t < num_trees; ++t) {
    const auto root = static_cast<std::int32_t>(trees.feature.size());
    trees.roots.push_back(root);
    for (std::int32_t node = 0; node < 7; ++node) {  // children of node i of a complete tree: 2 i + 1 and 2 i + 2
      const bool leaf = node >= 3;
      trees.feature.push_back(
          leaf ? -1 : static_cast<std::int32_t>(random.integer(0, static_cast<std::int64_t>(num_inputs) - 1)));
      trees.threshold.push_back(static_cast<float>(random.uniform(0, leaf ? 1 : 2)));
      trees.left.push_back(leaf ? 0 : root + 2 * node + 1);
    }
  }
  return trees;
}

GaussianProcess random_process(std::size_t num_inputs, std::size_t num_points, Random& random) {
  const auto triangle = [&random](std::size_t n) {
    std::vector<double> values(n * n, 0.0);
    for (std::size_t i = 0; i < n; ++i) {
      for (std::size_t j = 0; j < i; ++j) values[i * n + j] = random.uniform(-0.1, 0.1);
      values[i * n + i] = random.uniform(1.2, 1.5);
    }
    return values;
  };
  GaussianProcess process;
  for (std::size_t j = 0; j < num_inputs; ++j) process.inverse_length_scales.push_back(random.uniform(0.2, 1));
  process.signal_variance = 1.5;
  process.noise_variance = 0.01;
  process.base = 4;
  process.slopes.assign(num_inputs, 0.05);
  process.points = random_rows(num_points, num_inputs, random);
  process.weights = random_rows(num_points, 1, random);
  process.cholesky = triangle(num_points);
  process.mean_cholesky = triangle(num_inputs + 1);
  return process;
}

std::shared_ptr<const Evaluator> example_evaluator(const std::string& kind) {
  constexpr std::size_t kInputs = 3;
  Random random(7);
  if (kind == "constant") return make_constant(kInputs, 1.25);
  if (kind == "sequence_network") return make_sequence_network(kInputs, resperfnet_layers(kInputs, 8, random));
  if (kind == "trees") return make_tree_ensemble(random_trees(kInputs, 5, random));
  if (kind == "transformed") {
    std::vector<ColumnTransform> columns(kInputs);
    columns[0] = {ColumnTransform::Shape::kBoxCox, 0.3, 0.1, 2, true};
    columns[1] = {ColumnTransform::Shape::kIdentity, 1, 0, 1, false};
    columns[2] = {ColumnTransform::Shape::kLog, 1, -0.2, 0.7, true};
    TargetTransform target;
    target.kind = TargetTransform::Kind::kLog;
    target.mean = -1.5;
    target.deviation = 0.3;
    target.trend_bias = 0.1;
    target.trend = {0.2, -0.4};
    return make_transformed(FeatureTransform(columns), make_sequence_network(2, resperfnet_layers(2, 8, random)),
                            target);
  }
  if (kind == "mean") return make_mean({example_evaluator("trees"), example_evaluator("transformed")}, {1, 3}, true);
  if (kind == "polynomial") {  // 2 + 0.5 x0 - 0.25 x0 x1^2 + 0.125 x2^3
    return make_polynomial({kInputs, 2, {0.5, -0.25, 0.125}, {0, 1, 3, 4}, {{0, 1}, {0, 1}, {1, 2}, {2, 3}}});
  }
  if (kind == "gaussian_process") return make_gaussian_process(random_process(kInputs, 7, random));
  if (kind == "stacked") {
    return make_stacked(example_evaluator("trees"), make_gaussian_process(random_process(kInputs + 1, 5, random)), true,
                        true);
  }
  if (kind == "remapped") {
    return make_remapped(kInputs, {2, 0, 0}, {{}, {{1, 10, 100}, {0, 1, 2}}, {{1, 60}, {5, 3}}},
                         example_evaluator("gaussian_process"));
  }
  if (kind == "floored") return make_floored(example_evaluator("gaussian_process"), {0.01, 0, 0.002});
  ADD_FAILURE() << "no example of " << kind;
  return nullptr;
}

}  // namespace perfmodel
