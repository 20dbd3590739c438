// Networks with kinds of layers that a predictor has no model for, and with branches.
#include "expect_error.h"
#include "perfmodel/network/layer_makers.h"
#include "predictor_fixture.h"

namespace perfmodel {
namespace {

constexpr double kRounding = 1e-12;      // of a few sums and quotients
constexpr double kFloatRounding = 1e-6;  // the sum model computes in float32

Network small_network() {
  return Network("small", {{"image", {2, 4, 6, 6}}},
                 {{"conv", conv2d(2, 6, 4, 8, 3, 1, 1), {"image"}},
                  {"pool", pool2d(2, 6, 8, 2, 2), {"conv"}},
                  {"dense", dense(2, 72, 10), {"pool"}}});
}

LayerTimePredictor predictor_of(const std::vector<LayerKind>& kinds) {
  std::vector<LayerTimePredictor::KindModels> models;
  for (const LayerKind kind : kinds) models.push_back(sum_models(kind, 1));
  return LayerTimePredictor(test_environment(), std::move(models));
}

TEST(Coverage, IsAllOfAKnownNetwork) {
  for (const UnknownKinds unknown : {UnknownKinds::kRefuse, UnknownKinds::kSkip}) {
    const Coverage coverage = sum_predictor().predict(small_network(), unknown).coverage;
    EXPECT_EQ(coverage.layers_fraction, 1);
    EXPECT_EQ(coverage.flops_fraction, 1);
    EXPECT_EQ(coverage.bytes_fraction, 1);
  }
}

TEST(Coverage, RefusesUnknownKindsUnlessTheyAreToBeSkipped) {
  const LayerTimePredictor predictor = predictor_of({LayerKind::kConv2d});
  EXPECT_PM_ERROR(predictor.predict(small_network()), ErrorCode::kUnsupported,
                  "node 'pool' of network 'small': no model for layer kind 'pool2d'");
  EXPECT_NO_THROW(predictor.predict(small_network(), UnknownKinds::kSkip));
}

// By hand: 576 outputs of 73 operations, 144 of 4, 20 of 145; elements in, out and of weights 288 + 576 + 296,
// 576 + 144, 144 + 20 + 730.
TEST(Coverage, SharesLayersOperationsAndBytes) {
  const NetworkTime time = predictor_of({LayerKind::kConv2d}).predict(small_network(), UnknownKinds::kSkip);
  EXPECT_NEAR(time.coverage.layers_fraction, 1.0 / 3, kRounding);
  EXPECT_NEAR(time.coverage.flops_fraction, 42048.0 / (42048 + 576 + 2900), kRounding);
  EXPECT_NEAR(time.coverage.bytes_fraction, 1160.0 / (1160 + 720 + 894), kRounding);
}

// pre and exe of the convolution, 62 + 2 * 62 as in network_time_test.cpp; what hands over the result has no model.
TEST(Coverage, AddsUpWhatIsKnown) {
  const NetworkTime time = predictor_of({LayerKind::kConv2d}).predict(small_network(), UnknownKinds::kSkip);
  EXPECT_NEAR(time.total.mean_ms, 3 * 62, 3 * 62 * kFloatRounding);
  EXPECT_FALSE(time.in_domain);
  ASSERT_EQ(time.layers.size(), 3u);
  EXPECT_TRUE(time.layers[0].in_domain);
  EXPECT_FALSE(time.layers[1].in_domain);
  EXPECT_EQ(time.layers[2].execution().upper_ms, 0);
  EXPECT_THAT(time.names, ::testing::ElementsAre("conv", "pool", "dense"));
}

TEST(Coverage, MayBeNothing) {
  const NetworkTime time = predictor_of({LayerKind::kSoftmax}).predict(small_network(), UnknownKinds::kSkip);
  EXPECT_EQ(time.total.mean_ms, 0);
  EXPECT_EQ(time.coverage.layers_fraction, 0);
  EXPECT_EQ(time.coverage.flops_fraction, 0);
  EXPECT_EQ(time.coverage.bytes_fraction, 0);
}

// A concatenation has no operations: nothing of nothing is all where it is known, and none where it is not.
TEST(Coverage, OfLayersWithoutOperationsIsAllOrNothing) {
  const Network network("join", {{"x", {1, 3, 4, 4}}}, {{"both", concatenation(1, 4, 6), {"x", "x"}}});
  EXPECT_EQ(predictor_of({LayerKind::kConcat}).predict(network).coverage.flops_fraction, 1);
  const NetworkTime unknown = predictor_of({LayerKind::kAdd}).predict(network, UnknownKinds::kSkip);
  EXPECT_EQ(unknown.coverage.flops_fraction, 0);
}

TEST(Coverage, OfBuiltinNetworksNamesWhatIsMissing) {
  const LayerTimePredictor three = sum_predictor();
  const Coverage resnet = three.predict(builtin_network("resnet50", 1), UnknownKinds::kSkip).coverage;
  EXPECT_NEAR(resnet.layers_fraction, 55.0 / 125, kRounding);  // 53 convolutions, pooling and classes of 125 layers
  EXPECT_GT(resnet.flops_fraction, 0.98);                      // but these do nearly all the arithmetic
  EXPECT_LT(resnet.bytes_fraction, 0.7);
}

// Three dense layers and an addition read the input; it is brought in once, for the first of them.
TEST(BranchedNetworkTime, BringsEachInputInOnce) {
  const LayerTimePredictor predictor = predictor_of({LayerKind::kDense});
  const NetworkTime fork = predictor.predict(
      Network("fork", {{"x", {2, 72, 1, 1}}}, {{"a", dense(2, 72, 10), {"x"}}, {"b", dense(2, 72, 5), {"x"}}}));
  // Sums of features: 2 + 72 + 10 + 1 = 85 and 80. pre(a), twice each, thrice each as none reads them.
  EXPECT_NEAR(fork.total.mean_ms, 85 + 2 * (85 + 80) + 3 * (85 + 80), 1000 * kFloatRounding);
  const NetworkTime two = predictor.predict(Network("two", {{"x", {2, 72, 1, 1}}, {"y", {2, 72, 1, 1}}},
                                                    {{"a", dense(2, 72, 10), {"x"}}, {"b", dense(2, 72, 5), {"y"}}}));
  EXPECT_NEAR(two.total.mean_ms, (85 + 80) * 6, 1000 * kFloatRounding);
}

}  // namespace
}  // namespace perfmodel
