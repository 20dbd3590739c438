// What LibTorch computes for the kinds of layers that networks with branches and attention have.
#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>
#include <string>
#include <vector>

#include "expect_error.h"
#include "layer_timing/framework.h"
#include "layer_timing/host_memory.h"
#include "perfmodel/network/layer_makers.h"
#include "perfmodel/network/layer_sampler.h"
#include "perfmodel/train/layer_benchmark.h"

namespace perfmodel {
namespace {

// float32 against double: sums of some hundred products, and exponentials by polynomials.
constexpr double kTolerance = 1e-4;

std::size_t size(std::int64_t n) {
  return static_cast<std::size_t>(n);
}

double activated(double value, Activation activation) {
  switch (activation) {
    case Activation::kNone:
      return value;
    case Activation::kRelu:
      return std::max(value, 0.0);
    case Activation::kSigmoid:
      return 1 / (1 + std::exp(-value));
    case Activation::kTanh:
      return std::tanh(value);
    case Activation::kGelu:
      return value / 2 * (1 + std::erf(value / std::sqrt(2.0)));
    case Activation::kRelu6:
      return std::min(std::max(value, 0.0), 6.0);
  }
  return std::numeric_limits<double>::quiet_NaN();
}

/// Mean of 0 and variance of 1, then scale and shift; epsilon as LibTorch's.
std::vector<double> normalised(const float* row, std::int64_t length, const WeightSet& set) {
  double mean = 0, variance = 0;
  for (std::int64_t i = 0; i < length; ++i) mean += static_cast<double>(row[i]) / static_cast<double>(length);
  for (std::int64_t i = 0; i < length; ++i) variance += std::pow(row[i] - mean, 2) / static_cast<double>(length);
  std::vector<double> result;
  for (std::int64_t i = 0; i < length; ++i) {
    result.push_back((row[i] - mean) / std::sqrt(variance + 1e-5) * set.weights[i] + set.bias[i]);
  }
  return result;
}

std::vector<double> softmax_of(const float* row, std::int64_t length) {
  double sum = 0;
  std::vector<double> result;
  for (std::int64_t i = 0; i < length; ++i) sum += std::exp(static_cast<double>(row[i]));
  for (std::int64_t i = 0; i < length; ++i) result.push_back(std::exp(static_cast<double>(row[i])) / sum);
  return result;
}

/// Element `index` of what an image-wise layer makes of a batch x channels x positions tensor.
double image_element(const LayerSpec& layer, const float* input, const WeightSet& set, std::int64_t index) {
  const std::int64_t positions = layer.input.height * layer.input.width;
  const std::int64_t elements = layer.batch * layer.channels_in * positions;
  const std::int64_t channel = index / positions % layer.channels_in;
  switch (layer.kind) {
    case LayerKind::kBatchNorm2d: {  // the pool's scales, shifts and means, a variance of 1
      const double mean = set.weights[layer.channels_in + channel];
      return (input[index] - mean) / std::sqrt(1 + 1e-5) * set.weights[channel] + set.bias[channel];
    }
    case LayerKind::kAdd:
      return static_cast<double>(input[index]) + static_cast<double>(input[elements + index]);
    case LayerKind::kActivation:
      return input[index];
    default:
      return std::numeric_limits<double>::quiet_NaN();
  }
}

/// Of tensors that lie one after the other, each batch x its channels x positions, and whose channels differ by one.
std::vector<double> concatenated(const LayerSpec& layer, const float* input) {
  const std::int64_t positions = layer.input.height * layer.input.width;
  std::vector<double> output;
  for (std::int64_t n = 0; n < layer.batch; ++n) {
    const float* tensor = input;
    for (std::int64_t i = 0; i < layer.groups; ++i) {
      const std::int64_t channels = layer.channels_in / layer.groups + (i < layer.channels_in % layer.groups ? 1 : 0);
      const float* begin = tensor + n * channels * positions;
      output.insert(output.end(), begin, begin + channels * positions);
      tensor += layer.batch * channels * positions;
    }
  }
  return output;
}

/// batch x m x (heads x k) times batch x k x (heads x n), head by head: batch x heads x m x n.
std::vector<double> products(const LayerSpec& layer, const float* first, const float* second) {
  const std::int64_t heads = layer.groups, m = layer.input.height * layer.input.width;
  const std::int64_t k = layer.channels_in / heads, n = layer.channels_out / heads;
  std::vector<double> output;
  for (std::int64_t b = 0; b < layer.batch; ++b) {
    for (std::int64_t h = 0; h < heads; ++h) {
      for (std::int64_t i = 0; i < m; ++i) {
        for (std::int64_t j = 0; j < n; ++j) {
          double sum = 0;
          for (std::int64_t l = 0; l < k; ++l) {
            sum += static_cast<double>(first[(b * m + i) * heads * k + h * k + l]) *
                   static_cast<double>(second[(b * k + l) * heads * n + h * n + j]);
          }
          output.push_back(sum);
        }
      }
    }
  }
  return output;
}

std::vector<double> dense_rows(const LayerSpec& layer, const float* input, const WeightSet& set) {
  std::vector<double> output;
  for (std::int64_t row = 0; row < layer.batch * layer.input.height * layer.input.width; ++row) {
    for (std::int64_t o = 0; o < layer.channels_out; ++o) {
      double sum = set.bias == nullptr ? 0 : set.bias[o];
      for (std::int64_t i = 0; i < layer.channels_in; ++i) {
        sum += static_cast<double>(input[row * layer.channels_in + i]) * set.weights[o * layer.channels_in + i];
      }
      output.push_back(sum);
    }
  }
  return output;
}

/// Layers by their definition. What works on tokens takes batch x tokens x channels, a softmax in groups
/// batch x groups x tokens x channels.
std::vector<double> reference(const LayerSpec& layer, const float* input, const WeightSet& set) {
  std::vector<double> output;
  const auto append_rows = [&](std::int64_t length, const std::function<std::vector<double>(const float*)>& of_row) {
    for (std::int64_t begin = 0; begin < layer.num_inputs(); begin += length) {
      const std::vector<double> row = of_row(input + begin);
      output.insert(output.end(), row.begin(), row.end());
    }
  };
  const std::int64_t part = layer.channels_in / layer.groups;
  switch (layer.kind) {
    case LayerKind::kLayerNorm:
      append_rows(part, [&](const float* row) { return normalised(row, part, set); });
      break;
    case LayerKind::kSoftmax:
      append_rows(part, [&](const float* row) { return softmax_of(row, part); });
      break;
    case LayerKind::kGlobalPool2d: {
      const std::int64_t positions = layer.input.height * layer.input.width;
      append_rows(positions, [&](const float* row) {
        double sum = 0;
        for (std::int64_t i = 0; i < positions; ++i) sum += row[i];
        return std::vector<double>{sum / static_cast<double>(positions)};
      });
      break;
    }
    case LayerKind::kConcat:
      output = concatenated(layer, input);
      break;
    case LayerKind::kMatMul:
      output = products(layer, input, input + layer.batch * layer.channels_in * layer.input.height);
      break;
    case LayerKind::kDense:
      output = dense_rows(layer, input, set);
      break;
    default:
      for (std::int64_t i = 0; i < layer.num_outputs(); ++i) output.push_back(image_element(layer, input, set, i));
  }
  for (double& value : output) value = activated(value, layer.activation);
  return output;
}

LayerSpec rectangular(LayerSpec layer, Size2 input) {
  layer.input = input;
  return layer;
}

LayerSpec ending_in(LayerSpec layer, Activation activation) {
  layer.activation = activation;
  return layer;
}

std::vector<LayerSpec> layers_of_every_form() {
  std::vector<LayerSpec> layers = {
      batch_norm2d(2, 5, 7),
      rectangular(batch_norm2d(1, 1, 15, Activation::kRelu6), {3, 9}),
      batch_norm2d(3, 1, 20, Activation::kRelu),
      layer_norm(2, 6, 20),
      ending_in(layer_norm(1, 1, 9), Activation::kGelu),
      addition(2, 6, 16, Activation::kRelu),
      rectangular(addition(1, 1, 3), {2, 9}),
      concatenation(2, 5, 16),
      concatenation(3, 4, 11, 4),  // 3, 3, 3 and 2 channels
      ending_in(concatenation(1, 4, 6), Activation::kRelu),
      global_pool2d(2, 7, 16),
      rectangular(global_pool2d(1, 1, 5), {3, 8}),
      softmax(3, 1, 10),
      softmax(2, 4, 10),
      softmax(2, 5, 12, 3),
      matmul(2, 3, 5, 4, 7),
      matmul(1, 1, 6, 30, 2),
      matmul(1, 4, 1, 8, 9),
      dense_over_tokens(2, 6, 20, 9),
      dense_over_tokens(1, 5, 12, 7, Activation::kGelu),
  };
  // 16 channels: LibTorch 1.13's optimiser does relu6 on oneDNN's blocks, and forgets some where channels fill up none.
  for (int i = 1; i < kNumActivations; ++i) layers.push_back(activation_layer(2, 6, 16, static_cast<Activation>(i)));
  return layers;
}

/// What a framework computes with the pool's first set of weights and the caller's input.
void expect_computes_reference(const std::string& framework_name, const LayerSpec& layer) {
  SCOPED_TRACE(framework_name + ": " + describe(layer));
  WeightPool pool;
  FilledBuffer input;
  std::vector<float> output(size(layer.num_outputs()), std::numeric_limits<float>::quiet_NaN());
  const CallerBuffers buffers = {input.reserve(size(layer.num_inputs())), output.data()};
  const auto framework = make_framework(framework_name, DeviceKind::kCpu, pool);
  const auto prepared = framework->prepare({layer, LayerContext{1e6}}, buffers);
  prepared->refresh_input();
  prepared->execute_ms(3);  // so that another set's turn has come before
  prepared->run_first_set();

  const std::vector<double> expected = reference(layer, buffers.input, pool.sets(layer, 0).front());
  ASSERT_EQ(expected.size(), output.size());
  double largest = 0, worst = 0;
  for (std::size_t i = 0; i < expected.size(); ++i) {
    largest = std::max(largest, std::abs(expected[i]));
    worst = std::max(worst, std::isnan(output[i]) ? 1e300 : std::abs(expected[i] - static_cast<double>(output[i])));
  }
  EXPECT_GT(largest, 0);
  EXPECT_LE(worst, kTolerance * largest);
}

TEST(BranchedLayers, AreComputedEagerly) {
  for (const LayerSpec& layer : layers_of_every_form()) expect_computes_reference("eager", layer);
}

TEST(BranchedLayers, AreComputedOptimized) {
  for (const LayerSpec& layer : layers_of_every_form()) expect_computes_reference("optimized", layer);
}

TEST(BranchedLayers, AreMeasuredInThreePhases) {
  for (const std::string& name : layer_frameworks()) {
    LayerBenchmarkOptions options;
    options.framework = name;
    options.pin_thread = false;
    options.protocol.max_seconds = 0.01;
    LayerBenchmark benchmark(options);
    for (const LayerSpec& layer : layers_of_every_form()) {
      SCOPED_TRACE(name + ": " + describe(layer));
      for (const PhaseSummary& phase : benchmark.measure({layer, LayerContext{1e6}}).phases) {
        EXPECT_GT(phase.median_ms, 0);
        EXPECT_LT(phase.median_ms, 100);  // all of them are microseconds of work
      }
    }
  }
}

std::vector<float> outputs_of(const std::string& framework_name, const Network& network) {
  std::size_t num_inputs = 0, num_outputs = 0;
  for (const NetworkInput& input : network.inputs()) {
    num_inputs += size(input.shape.batch * input.shape.channels * input.shape.height * input.shape.width);
  }
  for (const std::size_t node : output_nodes(network)) num_outputs += size(network.nodes()[node].layer.num_outputs());
  WeightPool pool;
  FilledBuffer input;
  std::vector<float> output(num_outputs, std::numeric_limits<float>::quiet_NaN());
  const auto framework = make_framework(framework_name, DeviceKind::kCpu, pool);
  const auto prepared = framework->prepare(network, CallerBuffers{input.reserve(num_inputs), output.data()});
  for (int i = 0; i < 3; ++i) prepared->run();  // the interpreter specialises in its first runs
  return output;
}

/// Each value of 2 x 4 tokens x 6 channels looks at the others, in 3 heads of 2 channels.
TEST(BranchedNetworks, AttendAsDefined) {
  constexpr std::int64_t kBatch = 2, kTokens = 4, kHeads = 3, kChannels = 2;
  const Network network("attention", {{"x", {kBatch, kHeads * kChannels, kTokens, 1}}},
                        {{"scores", matmul(kBatch, kHeads, kTokens, kChannels, kTokens), {"x", "x"}},
                         {"weights", softmax(kBatch, kTokens, kHeads * kTokens, kHeads), {"scores"}},
                         {"context", matmul(kBatch, kHeads, kTokens, kTokens, kChannels), {"weights", "x"}}});
  FilledBuffer buffer;
  const float* input = buffer.reserve(size(kBatch * kTokens * kHeads * kChannels));
  const auto at = [&](std::int64_t b, std::int64_t token, std::int64_t head, std::int64_t channel) {
    return static_cast<double>(input[((b * kTokens + token) * kHeads + head) * kChannels + channel]);
  };
  std::vector<double> expected;  // batch x heads x tokens x channels
  for (std::int64_t b = 0; b < kBatch; ++b) {
    for (std::int64_t head = 0; head < kHeads; ++head) {
      for (std::int64_t token = 0; token < kTokens; ++token) {
        std::vector<double> weights;
        double sum = 0;
        for (std::int64_t other = 0; other < kTokens; ++other) {
          double score = 0;
          for (std::int64_t c = 0; c < kChannels; ++c) score += at(b, token, head, c) * at(b, other, head, c);
          weights.push_back(std::exp(score));
          sum += weights.back();
        }
        for (std::int64_t c = 0; c < kChannels; ++c) {
          double mean = 0;
          for (std::int64_t other = 0; other < kTokens; ++other) {
            mean += weights[size(other)] / sum * at(b, other, head, c);
          }
          expected.push_back(mean);
        }
      }
    }
  }
  for (const std::string& name : layer_frameworks()) {
    SCOPED_TRACE(name);
    const std::vector<float> output = outputs_of(name, network);
    ASSERT_EQ(output.size(), expected.size());
    for (std::size_t i = 0; i < expected.size(); ++i) EXPECT_NEAR(output[i], expected[i], 1e-7);
  }
}

/// Forms that change from layer to layer: an image's positions as tokens, tokens as an image, flat values as both.
Network shifting_forms() {
  LayerSpec project = dense_over_tokens(2, 1, 8, 12), filter = conv2d(2, 6, 12, 4, 3, 1, 1);
  LayerSpec norm = layer_norm(2, 1, 8), clip = activation_layer(2, 6, 12, Activation::kRelu6);
  project.input = norm.input = {6, 6};
  return Network("forms", {{"image", {2, 3, 6, 6}}},
                 {{"stem", conv2d(2, 6, 3, 8, 3, 1, 1), {"image"}},
                  {"norm", norm, {"stem"}},
                  {"project", project, {"norm"}},
                  {"clip", clip, {"project"}},
                  {"filter", filter, {"clip"}},
                  {"both", concatenation(2, 6, 16), {"filter", "clip"}},
                  {"scale", batch_norm2d(2, 6, 16), {"both"}},
                  {"mean", global_pool2d(2, 6, 16), {"scale"}},
                  {"flat", dense(2, 16, 8), {"mean"}},
                  {"flat_norm", batch_norm2d(2, 1, 8), {"flat"}},
                  {"sum", addition(2, 1, 8), {"flat", "flat_norm"}},
                  {"classes", softmax(2, 1, 8), {"sum"}},
                  {"all", dense(2, 16 * 36, 24), {"both"}},
                  {"shares", softmax(2, 1, 24, 2), {"all"}}});
}

TEST(BranchedNetworks, AreTheSameInBothFrameworks) {
  std::vector<Network> networks = branched_steering_networks();
  networks.push_back(shifting_forms());
  for (const Network& network : networks) {
    SCOPED_TRACE(network.name());
    const std::vector<float> eager = outputs_of("eager", network), optimized = outputs_of("optimized", network);
    ASSERT_EQ(eager.size(), optimized.size());
    double largest = 0, worst = 0;
    for (std::size_t i = 0; i < eager.size(); ++i) {
      ASSERT_TRUE(std::isfinite(eager[i]));
      largest = std::max(largest, std::abs(static_cast<double>(eager[i])));
      worst = std::max(worst, std::abs(static_cast<double>(eager[i]) - static_cast<double>(optimized[i])));
    }
    EXPECT_GT(largest, 1e-30);  // nothing denormal: that would decide times
    EXPECT_LE(worst, kTolerance * largest);
  }
}

TEST(BranchedNetworks, AreMeasuredFromEndToEnd) {
  LayerBenchmarkOptions options;
  options.pin_thread = false;
  LayerBenchmark benchmark(options);
  for (const char* name : {"resnet18", "squeezenet", "transformer_encoder"}) {
    SCOPED_TRACE(name);
    const NetworkMeasurement measurement = benchmark.measure(builtin_network(name, 1), 0.05);
    EXPECT_GE(measurement.result.num_samples, 5);
    EXPECT_GT(measurement.median_ms, 0.1);
    EXPECT_LT(measurement.median_ms, 10000);
  }
}

}  // namespace
}  // namespace perfmodel
