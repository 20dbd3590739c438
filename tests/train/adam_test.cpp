#include "train_torch/adam.h"

#include <ATen/ATen.h>
#include <gtest/gtest.h>

namespace perfmodel {
namespace {

constexpr double kRounding = 1e-6;  // float32 at 1

// Expected values: the formulas before section 2.1 of Kingma and Ba (2015), evaluated by hand in double precision.
TEST(Adam, FollowsTheFormulaWithEpsilonOnTheUncorrectedMoment) {
  const at::Tensor parameters = at::ones({1});
  Adam adam(parameters, 0.1, 0);
  adam.step(parameters, at::full({1}, 2.0), 0.1);
  EXPECT_NEAR(parameters.item<double>(), 0.9612574113277207, kRounding);
  adam.step(parameters, at::full({1}, -1.0), 0.1);
  EXPECT_NEAR(parameters.item<double>(), 0.9502279558425836, kRounding);
}

TEST(Adam, TakesWeightDecayOffTheWeightsAndNotThroughTheMoments) {
  const at::Tensor parameters = at::ones({1});
  Adam adam(parameters, 1e-8, 0.5);
  adam.step(parameters, at::full({1}, 2.0), 0.1);
  EXPECT_NEAR(parameters.item<double>(), 0.95 - 0.1, kRounding);  // 1 - rate x decay, then a full step against the sign
}

}  // namespace
}  // namespace perfmodel
