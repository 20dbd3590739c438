#include "train_torch/sequence_module.h"

#include <ATen/ATen.h>
#include <gtest/gtest.h>

#include <cmath>
#include <vector>

#include "train_torch/network_layers.h"

namespace perfmodel {
namespace {

using Kind = NetworkLayer::Kind;

constexpr float kRounding = 1e-4f;  // 26 layers in float32, sums in another order

at::Tensor tensor_of(const std::vector<float>& values, at::IntArrayRef shape) {
  return at::tensor(values).view(shape);
}

/// Weights as LibTorch's conv1d wants them (outputs x inputs x kernel) from kernel x inputs x outputs.
at::Tensor conv_weights(const float* weights, std::int64_t kernel, std::int64_t inputs, std::int64_t outputs) {
  const auto count = static_cast<std::size_t>(kernel * inputs * outputs);
  return tensor_of({weights, weights + count}, {kernel, inputs, outputs}).permute({2, 1, 0}).contiguous();
}

/// ResPerfNet as the paper draws it, on n x 1 x length through conv1d, from exported weights.
at::Tensor paper_forward(const std::vector<NetworkLayer>& layers, const at::Tensor& rows) {
  at::Tensor x = rows.unsqueeze(1);
  for (const NetworkLayer& layer : layers) {
    const auto in = static_cast<std::int64_t>(layer.inputs), out = static_cast<std::int64_t>(layer.outputs);
    const auto kernel = static_cast<std::int64_t>(layer.kernel);
    if (layer.kind == Kind::kConv) {
      const at::Tensor padded = at::constant_pad_nd(x, {(kernel - 1) / 2, kernel / 2});
      x = at::conv1d(padded, conv_weights(layer.weights.data(), kernel, in, out), tensor_of(layer.bias, {out})).relu();
    } else if (layer.kind == Kind::kResidual) {
      const at::Tensor bias = tensor_of(layer.bias, {2, out});
      const at::Tensor first = at::conv1d(x, conv_weights(layer.weights.data(), 1, in, out), bias[0]).relu();
      const at::Tensor second = at::conv1d(first, conv_weights(&layer.weights[in * out], 1, in, out), bias[1]).relu();
      x = (x + second).relu();
    } else {
      if (x.dim() == 3) x = x.permute({0, 2, 1}).flatten(1);
      x = at::mm(x, tensor_of(layer.weights, {in, out}));
      if (!layer.bias.empty()) x = x + tensor_of(layer.bias, {1, out});
      if (layer.relu) x = x.relu();
    }
  }
  return x.view({-1});
}

TEST(ResPerfNetLayers, AreThePapers26) {
  int convolutions = 0, additions = 0, dense = 0;
  for (const NetworkLayer& layer : resperfnet_layers(9, true)) {
    convolutions += layer.kind == Kind::kConv ? 1 : layer.kind == Kind::kResidual ? 2 : 0;
    additions += layer.kind == Kind::kResidual ? 1 : 0;
    dense += layer.kind == Kind::kDense ? 1 : 0;
  }
  EXPECT_EQ(convolutions, 15);
  EXPECT_EQ(additions, 6);
  EXPECT_EQ(dense, 4);  // and one dropout, which is no layer here
}

TEST(SequenceModule, EqualsThePapersNetworkThroughConv1d) {
  for (const std::int64_t length : {1, 2, 5, 9}) {
    for (const bool output_relu : {false, true}) {
      SequenceModule network(resperfnet_layers(static_cast<std::size_t>(length), output_relu), Random(7));
      const at::Tensor rows = at::sin(at::arange(20 * length, at::kFloat)).view({20, length});
      if (network.forward(rows, {}).abs().max().item<float>() == 0) network.negate_output();  // the ReLU cut all
      const at::Tensor output = network.forward(rows, {}), expected = paper_forward(network.export_layers(), rows);
      EXPECT_TRUE(at::allclose(output, expected, kRounding, kRounding)) << "length " << length;
      EXPECT_GT(expected.abs().max().item<float>(), 0) << "nothing to compare";
    }
  }
}

TEST(SequenceModule, StartsWithXaviersWeightsAndNoBias) {
  const SequenceModule network(resperfnet_layers(9, false), Random(7));
  const std::vector<NetworkLayer> layers = network.export_layers();
  EXPECT_EQ(layers.back().bias.size(), 0u);
  const at::Tensor weights = at::tensor(layers[1].weights);  // a residual block of 128 channels
  const double limit = std::sqrt(6.0 / (128 + 128));         // Glorot and Bengio (2010), equation 16
  EXPECT_LE(weights.abs().max().item<double>(), limit);
  EXPECT_NEAR(weights.std().item<double>(), limit / std::sqrt(3.0), 0.01 * limit);  // 32 768 uniform draws
  EXPECT_NEAR(weights.mean().item<double>(), 0, 0.02 * limit);
  for (const NetworkLayer& layer : layers) {
    for (const float bias : layer.bias) EXPECT_EQ(bias, 0);
  }
}

TEST(SequenceModule, SameSeedSameWeights) {
  const std::vector<NetworkLayer> layers = resperfnet_layers(5, true);
  const SequenceModule a(layers, Random(1)), b(layers, Random(1)), c(layers, Random(2));
  EXPECT_TRUE(at::equal(a.parameters(), b.parameters()));
  EXPECT_FALSE(at::equal(a.parameters(), c.parameters()));
}

TEST(SequenceModule, PenalisesTheWeightsOfDenseLayersOnly) {
  const SequenceModule network(resperfnet_layers(9, true), Random(1));
  constexpr int kDenseWeights = 9 * 32 * 128 + 2 * 128 * 128 + 128;
  EXPECT_EQ(network.dense_weights().sum().item<int>(), kDenseWeights);
  EXPECT_EQ(network.dense_weights().sizes(), network.parameters().sizes());
}

TEST(SequenceModule, NegatesItsOutput) {
  SequenceModule network(resperfnet_layers(3, false), Random(4));
  const at::Tensor rows = at::ones({2, 3});
  const at::Tensor before = network.forward(rows, {}).detach().clone();
  network.negate_output();
  EXPECT_TRUE(at::allclose(network.forward(rows, {}), -before));
}

TEST(SequenceModule, DropoutSilencesTheLastHiddenLayer) {
  const SequenceModule network(resperfnet_layers(3, false), Random(4));
  const at::Tensor rows = at::ones({2, 3});
  EXPECT_EQ(network.forward(rows, at::zeros({2, network.last_width()})).abs().max().item<float>(), 0);
  const at::Tensor twice = at::full({2, network.last_width()}, 2.0f);
  EXPECT_TRUE(at::allclose(network.forward(rows, twice), 2 * network.forward(rows, {})));
}

}  // namespace
}  // namespace perfmodel
