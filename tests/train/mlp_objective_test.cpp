#include "train_torch/mlp_objective.h"

#include <ATen/ATen.h>
#include <gtest/gtest.h>

#include "train_torch/network_layers.h"

namespace perfmodel {
namespace {

constexpr double kRounding = 1e-12;  // sums of some hundred products in double precision
constexpr std::size_t kRows = 30, kFeatures = 5;
constexpr double kL2 = 0.7;

MlpRows random_rows() {
  Random random(1);
  MlpRows rows;
  for (std::size_t i = 0; i < kRows * kFeatures; ++i) rows.features.push_back(random.normal());
  for (std::size_t i = 0; i < kRows; ++i) rows.targets.push_back(random.normal());
  return rows;
}

// Expected: LibTorch's own differentiation of the objective as the header says it.
TEST(MlpObjective, HasTheGradientThatAutogradFinds) {
  const MlpRows rows = random_rows();
  for (const auto activation : {MlpOptions::Activation::kTanh, MlpOptions::Activation::kRelu}) {
    for (const std::vector<int>& hidden : {std::vector<int>{7}, std::vector<int>{6, 4, 3}}) {
      const std::vector<NetworkLayer> layers = mlp_layers(kFeatures, hidden, activation);
      SequenceModule network(layers, Random(2), at::kDouble);
      {
        const at::NoGradGuard no_gradient;
        network.parameters().add_(0.01);  // so that biases are not 0
      }
      const at::Tensor features = at::tensor(at::ArrayRef<double>(rows.features), at::kDouble).view({kRows, kFeatures});
      const at::Tensor targets = at::tensor(at::ArrayRef<double>(rows.targets), at::kDouble);
      const at::Tensor expected = (network.forward(features, {}) - targets).square().mean() +
                                  kL2 / kRows * (network.parameters() * network.dense_weights()).square().sum();
      expected.backward();
      const at::Tensor expected_gradient = network.parameters().grad();

      const auto size = static_cast<std::size_t>(network.parameters().numel());
      std::vector<double> gradient(size);
      MlpObjective objective(rows, layers, kL2);
      const double value = objective.value_and_gradient({network.parameters().data_ptr<double>(), size}, gradient);
      EXPECT_NEAR(value, expected.item<double>(), kRounding);
      for (std::size_t i = 0; i < size; ++i) {
        EXPECT_NEAR(gradient[i], expected_gradient.data_ptr<double>()[i], kRounding) << "parameter " << i;
      }
    }
  }
}

}  // namespace
}  // namespace perfmodel
