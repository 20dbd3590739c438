#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "evaluators_for_tests.h"
#include "expect_error.h"

namespace perfmodel {
namespace {

using Kind = NetworkLayer::Kind;

// float32 carries 6e-8; sums of up to 1000 terms over up to 26 layers, activations near 1.
constexpr double kRelativeTolerance = 1e-5;

void expect_reference(std::size_t num_inputs, const std::vector<NetworkLayer>& layers, std::size_t num_rows,
                      Random& random) {
  const auto network = make_sequence_network(num_inputs, layers);
  const std::vector<double> values = random_rows(num_rows, num_inputs, random);
  const MatrixView<const double> rows(values.data(), num_rows, num_inputs);
  const std::vector<double> answers = evaluate(*network, rows);
  ASSERT_EQ(answers.size(), num_rows);
  for (std::size_t i = 0; i < num_rows; ++i) {
    const double expected = reference_answer(layers, rows.row(i));
    ASSERT_NEAR(answers[i], expected, kRelativeTolerance * std::max(1.0, std::abs(expected))) << "row " << i;
  }
}

NetworkLayer layer_of(Kind kind, std::size_t inputs, std::size_t outputs, std::size_t kernel,
                      std::vector<float> weights, std::vector<float> bias = {}) {
  NetworkLayer layer;
  layer.kind = kind;
  layer.inputs = inputs;
  layer.outputs = outputs;
  layer.kernel = kernel;
  layer.weights = std::move(weights);
  layer.bias = std::move(bias);
  layer.relu = false;
  return layer;
}

double answer(const std::vector<NetworkLayer>& layers, const std::vector<double>& row) {
  return evaluate(*make_sequence_network(row.size(), layers), {row.data(), 1, row.size()})[0];
}

TEST(SequenceNetwork, PadsKernelThreeOnBothSides) {
  // By hand: [1 2 3] under weights (1, 10, 100) is 0+10+200, 1+20+300, 2+30+0, then read off by a dense layer.
  const NetworkLayer conv = layer_of(Kind::kConv, 1, 1, 3, {1, 10, 100});
  EXPECT_EQ(answer({conv, layer_of(Kind::kDense, 3, 1, 1, {1, 0, 0})}, {1, 2, 3}), 210);
  EXPECT_EQ(answer({conv, layer_of(Kind::kDense, 3, 1, 1, {0, 1, 0})}, {1, 2, 3}), 321);
  EXPECT_EQ(answer({conv, layer_of(Kind::kDense, 3, 1, 1, {0, 0, 1})}, {1, 2, 3}), 32);
}

TEST(SequenceNetwork, PadsKernelTwoOnTheRightOnly) {
  // By hand: [1 2] under weights (1, 10) is 1+20, 2+0.
  const NetworkLayer conv = layer_of(Kind::kConv, 1, 1, 2, {1, 10});
  EXPECT_EQ(answer({conv, layer_of(Kind::kDense, 2, 1, 1, {1, 0})}, {1, 2}), 21);
  EXPECT_EQ(answer({conv, layer_of(Kind::kDense, 2, 1, 1, {0, 1})}, {1, 2}), 2);
}

TEST(SequenceNetwork, FlattensPositionByPosition) {
  // Two channels, x and 10 x: positions 1, 2 flatten to 1, 10, 2, 20.
  const NetworkLayer conv = layer_of(Kind::kConv, 1, 2, 1, {1, 10});
  EXPECT_EQ(answer({conv, layer_of(Kind::kDense, 4, 1, 1, {1, 3, 100, 1000})}, {1, 2}), 1 + 30 + 200 + 20000);
}

TEST(SequenceNetwork, AddsTheShortcutOfAResidualBlock) {
  // By hand with x = 2: relu(2 + relu(3 relu(2 * 2 - 1) - 4)) = 2 + 5.
  EXPECT_EQ(answer({layer_of(Kind::kResidual, 1, 1, 1, {2, 3}, {-1, -4})}, {2}), 7);
  // x = -3: relu(-3 + relu(3 * 0 - 4)) = 0; x = -3 with biases 1 and 5: relu(-3 + relu(0 + 5)) = 2.
  EXPECT_EQ(answer({layer_of(Kind::kResidual, 1, 1, 1, {2, 3}, {-1, -4})}, {-3}), 0);
  EXPECT_EQ(answer({layer_of(Kind::kResidual, 1, 1, 1, {2, 3}, {1, 5})}, {-3}), 2);
}

TEST(SequenceNetwork, TakesTheHyperbolicTangent) {
  // tanh(2 * 0.5 - 0.5) = 0.46211715726 and tanh(-20) = -1 within rounding.
  NetworkLayer hidden = layer_of(Kind::kDense, 1, 1, 1, {2}, {-0.5});
  hidden.tanh = true;
  const NetworkLayer output = layer_of(Kind::kDense, 1, 1, 1, {10}, {1});
  EXPECT_NEAR(answer({hidden, output}, {0.5}), 5.6211715726, kRelativeTolerance);
  EXPECT_NEAR(answer({hidden, output}, {-9.75}), -9, kRelativeTolerance);
}

TEST(SequenceNetwork, AgreesWithPlainLoopsForResPerfNet) {
  Random random(1);
  for (const std::size_t num_inputs : {1, 2, 4, 5, 6, 9, 23, 48}) {
    SCOPED_TRACE(num_inputs);
    const std::vector<NetworkLayer> layers = resperfnet_layers(num_inputs, 128, random);
    expect_reference(num_inputs, layers, 3, random);
  }
}

TEST(SequenceNetwork, AgreesWithPlainLoopsForAnyNumberOfRows) {
  Random random(2);
  const std::vector<NetworkLayer> layers = resperfnet_layers(9, 16, random);
  for (const std::size_t num_rows : {0, 1, 2, 27, 28, 29, 33, 1000}) {
    SCOPED_TRACE(num_rows);
    expect_reference(9, layers, num_rows, random);
  }
}

TEST(SequenceNetwork, AgreesWithPlainLoopsForRandomNetworks) {
  Random random(3);
  for (int trial = 0; trial < 60; ++trial) {
    SCOPED_TRACE(trial);
    const auto num_inputs = static_cast<std::size_t>(random.integer(1, 12));
    const auto num_rows = static_cast<std::size_t>(random.integer(1, 40));
    expect_reference(num_inputs, random_layers(num_inputs, random), num_rows, random);
  }
}

TEST(SequenceNetwork, TakesRowsWithAStride) {
  Random random(4);
  const auto network = make_sequence_network(3, resperfnet_layers(3, 8, random));
  const std::vector<double> wide = random_rows(50, 5, random);
  std::vector<double> narrow;
  for (std::size_t i = 0; i < 50; ++i) narrow.insert(narrow.end(), &wide[i * 5], &wide[i * 5] + 3);
  EXPECT_EQ(evaluate(*network, {wide.data(), 50, 3, 5}), evaluate(*network, {narrow.data(), 50, 3}));
}

TEST(SequenceNetwork, NeedsNoMoreScratchForMoreRowsThanABlock) {
  Random random(5);
  const auto network = make_sequence_network(9, resperfnet_layers(9, 128, random));
  EXPECT_EQ(network->scratch_bytes(1000), network->scratch_bytes(100000000));
  EXPECT_EQ(network->scratch_bytes(0), 0U);
}

TEST(SequenceNetwork, DoesNotHideNotANumber) {
  Random random(6);
  const auto network = make_sequence_network(9, resperfnet_layers(9, 16, random));
  std::vector<double> row(9, 1.0);
  row[4] = std::numeric_limits<double>::quiet_NaN();
  EXPECT_TRUE(std::isnan(evaluate(*network, {row.data(), 1, 9})[0]));
}

TEST(SequenceNetwork, RejectsLayersThatDoNotFit) {
  const NetworkLayer dense = layer_of(Kind::kDense, 2, 1, 1, {1, 1});
  NetworkLayer huge = layer_of(Kind::kConv, 1, std::size_t{1} << 60, std::size_t{1} << 60, {});
  NetworkLayer infinite = dense;
  infinite.weights[1] = std::numeric_limits<float>::infinity();
  NetworkLayer one_bias = dense;
  one_bias.bias = {1, 2};
  NetworkLayer dense_kernel = dense;
  dense_kernel.kernel = 2;
  NetworkLayer two_activations = dense;
  two_activations.relu = two_activations.tanh = true;
  struct Bad {
    const char* name;
    std::size_t num_inputs;
    std::vector<NetworkLayer> layers;
    const char* says;
  };
  const Bad kBad[] = {
      {"no layers", 1, {}, "0 layers end in 1 values, expected one"},
      {"no inputs", 0, {dense}, "layer 0: a size is 0"},
      {"too many inputs", std::size_t{1} << 60, {dense}, "multiply to more than"},
      {"other width", 3, {dense}, "layer 0: takes 2 inputs, the layer before gives 3"},
      {"several values", 2, {layer_of(Kind::kConv, 1, 1, 1, {1})}, "1 layers end in 2 values, expected one"},
      {"few weights", 2, {layer_of(Kind::kDense, 2, 1, 1, {1})}, "layer 0: 1 weights, expected 2"},
      {"no outputs", 2, {layer_of(Kind::kDense, 2, 0, 1, {})}, "layer 0: a size is 0"},
      {"kernel 0", 2, {layer_of(Kind::kConv, 1, 1, 0, {}), dense}, "layer 0: a size is 0"},
      {"overflowing sizes", 2, {huge, dense}, "multiply to more than"},
      {"infinite weight", 2, {infinite}, "layer 0: weights must be finite"},
      {"two biases for one output", 2, {one_bias}, "layer 0: 2 bias values, expected 1"},
      {"kernel of a dense layer", 2, {dense_kernel}, "layer 0: kernel 2, only a convolution"},
      {"two activations", 2, {two_activations}, "layer 0: a tanh beside another activation"},
      {"growing residual block",
       1,
       {layer_of(Kind::kResidual, 1, 2, 1, {})},
       "a residual block of 1 inputs and 2 outputs"},
      {"residual block without bias", 1, {layer_of(Kind::kResidual, 1, 1, 1, {1, 1})}, "0 bias values, expected 2"},
  };
  for (const Bad& bad : kBad) {
    SCOPED_TRACE(bad.name);
    EXPECT_PM_ERROR(make_sequence_network(bad.num_inputs, bad.layers), ErrorCode::kCorrupt, bad.says);
  }
}

}  // namespace
}  // namespace perfmodel
