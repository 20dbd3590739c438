#include <gmock/gmock.h>

#include <cmath>
#include <map>
#include <new>

#include "core/file.h"
#include "expect_error.h"
#include "layer_campaign.h"
#include "perfmodel/core/build_info.h"
#include "perfmodel/layer_time/layer_table.h"
#include "run_tool.h"

namespace perfmodel::tools {
namespace {

CampaignSchema schema() {
  return campaign_schema(MeasureOptions{}, Environment{"cpu", "a, \"quoted\" processor", "eager", "1.2.3", 1});
}

CampaignOptions options(std::uint64_t num_layers) {
  CampaignOptions options;
  options.num_candidates = num_layers;
  options.repeat_fraction = 0.2;
  options.noise_column = "exe_ms";
  return options;
}

/// Layer i takes i + 1 ms, 10 % more each further time it is measured; every seventh layer cannot run.
class FakeLayers {
 public:
  void operator()(CampaignRow& row) {
    row.inputs = layer_to_values({dense(1, 10 + static_cast<std::int64_t>(row.candidate), 5), {1e6}});
    if (row.candidate % 7 == 6) throw Error(ErrorCode::kOutOfMemory, "no memory, \"really\"");
    const double execution_ms = (1 + static_cast<double>(row.candidate)) * (row.pass == 0 ? 1 : 1.1);
    row.outputs = {0.5, execution_ms, 0.25, 0, 0, 0, 10, 0};
  }
};

TEST(PlainCampaign, GivesATableToTrainOn) {
  const std::string path = test_folder() + "layers.csv";
  const CampaignReport report = run_plain_campaign(path, schema(), options(20), FakeLayers());
  EXPECT_TRUE(report.complete);
  EXPECT_EQ(report.num_measured, 24U);
  EXPECT_NEAR(report.noise_floor_pct, 10, 1e-9);
  const LayerTable table = read_layer_table(path);
  EXPECT_EQ(table.num_failed, 2U);  // 6 and 13
  ASSERT_EQ(table.rows.size(), 18U);
  EXPECT_EQ(table.environment.device_name, "a, \"quoted\" processor");
  EXPECT_EQ(table.rows[3].sample.layer, dense(1, 13, 5));
  EXPECT_EQ(table.rows[3].phase_ms[1], 4);
  EXPECT_NEAR(noise_floor_pct(table), 10, 1e-9);
}

TEST(PlainCampaign, KeepsEveryRowItMeasuredWhenItEnds) {
  const std::string path = test_folder() + "layers.csv";
  const auto stop_after_five = [](CampaignRow& row) {
    if (row.candidate == 5) throw Error(ErrorCode::kCancelled, "enough");
    FakeLayers()(row);
  };
  EXPECT_PM_ERROR(run_plain_campaign(path, schema(), options(20), stop_after_five), ErrorCode::kCancelled, "enough");
  EXPECT_EQ(read_layer_table(path).rows.size(), 5U);
}

TEST(PlainCampaign, StopsWhenCancelled) {
  const std::string path = test_folder() + "layers.csv";
  CampaignOptions cancelled = options(20);
  int num_asked = 0;
  cancelled.callbacks.cancelled = [&num_asked] { return ++num_asked > 4; };
  EXPECT_PM_ERROR(run_plain_campaign(path, schema(), cancelled, FakeLayers()), ErrorCode::kCancelled, "cancelled");
  EXPECT_EQ(read_layer_table(path).rows.size(), 4U);
}

TEST(PlainCampaign, GoesOnWithoutLayersThatCannotRunAndMeasuresThemOnce) {
  const std::string path = test_folder() + "layers.csv";
  CampaignOptions all_twice = options(10);
  all_twice.repeat_fraction = 1;
  const auto only_odd = [](CampaignRow& row) {
    if (row.candidate % 2 == 0) throw std::bad_alloc();
    row.outputs = {0.5, 1, 0.25, 0, 0, 0, 10, 0};
  };
  const CampaignReport report = run_plain_campaign(path, schema(), all_twice, only_odd);
  EXPECT_TRUE(report.complete);
  EXPECT_EQ(report.num_measured, 15U);
  EXPECT_EQ(report.num_failed, 5U);
  EXPECT_THAT(read_file(path), ::testing::HasSubstr("0,0,failed,out of memory,"));
}

TEST(ReasonOfAllFailures, IsTheMostFrequentOneUnlessALayerWasMeasured) {
  CsvTable rows;
  rows.columns = {"candidate", "status", "reason"};
  EXPECT_EQ(reason_of_all_failures(rows), "");
  rows.rows = {{"0", "failed", "a"}, {"1", "failed", "b"}, {"2", "failed", "b"}};
  EXPECT_EQ(reason_of_all_failures(rows), "b");
  rows.rows.push_back({"3", "ok", ""});
  EXPECT_EQ(reason_of_all_failures(rows), "");
}

TEST(PlainCampaign, NeverWritesOverAFile) {
  const std::string path = test_folder() + "layers.csv";
  write_file_atomically(path, "mine");
  EXPECT_PM_ERROR(run_plain_campaign(path, schema(), options(2), FakeLayers()), ErrorCode::kInvalidArgument,
                  "cannot be resumed");
  EXPECT_EQ(read_file(path), "mine");
  EXPECT_PM_ERROR(run_plain_campaign("/nowhere/layers.csv", schema(), options(2), FakeLayers()), ErrorCode::kIo,
                  "cannot write '/nowhere/layers.csv'");
}

TEST(LayerCampaign, IsOfOneVersionOfPerfmodel) {
  EXPECT_EQ(schema().identity.at("perfmodel_version"), version());
}

TEST(LayerDraws, FollowTheKindsAskedFor) {
  MeasureOptions only_dense;
  only_dense.kinds = {"dense"};
  MeasureOptions no_dense;
  no_dense.kinds = {"conv", "pool2d"};
  const LayerSampler dense_sampler = make_sampler(only_dense), other_sampler = make_sampler(no_dense);
  for (std::uint64_t i = 0; i < 50; ++i) {
    EXPECT_EQ(dense_sampler.sample(i).layer.kind, LayerKind::kDense);
    EXPECT_NE(other_sampler.sample(i).layer.kind, LayerKind::kDense);
  }
}

TEST(LayerDraws, HoldOtherKindsWhereTheyAreAskedFor) {
  MeasureOptions options;
  options.kinds = {"conv", "matmul", "matmul", "add"};
  const LayerSampler sampler = make_sampler(options);
  std::map<LayerKind, int> counts;
  int num_in_groups = 0;
  for (std::uint64_t i = 0; i < 800; ++i) {
    const LayerSpec layer = sampler.sample(i).layer;
    ++counts[layer.kind];
    if (layer.kind == LayerKind::kConv2d) num_in_groups += layer.groups > 1 ? 1 : 0;
  }
  EXPECT_EQ(counts.size(), 3u);
  EXPECT_NEAR(counts[LayerKind::kMatMul], 400, 70);  // named twice: as often as the two others together
  EXPECT_NEAR(counts[LayerKind::kAdd], 200, 60);
  EXPECT_GT(num_in_groups, counts[LayerKind::kConv2d] / 3);
}

TEST(LayerDraws, AreIdentifiedByTheirKinds) {
  const auto kinds_of = [](const std::vector<std::string>& kinds) {
    MeasureOptions options;
    options.kinds = kinds;
    return campaign_schema(options, {}).identity.at("kinds");
  };
  EXPECT_EQ(kinds_of({"dense", "conv", "dense"}), "conv2d dense");
  EXPECT_EQ(kinds_of({"add", "conv", "add"}), "add conv2d add");  // here number and order decide what is drawn
}

// The same shapes whatever the batch size; bias, activation and kind of pooling aside.
void expect_no_layer_of_a_builtin(const LayerSpec& drawn) {
  for (const std::string& name : builtin_network_names()) {
    for (const LayerSpec& layer : builtin_network(name, 1).layers()) {
      EXPECT_FALSE(have_same_shape(drawn, layer)) << name << ": " << describe(drawn);
    }
  }
}

// Of the candidates named one by one, and of 798, the first draw is a layer of ResNet-18, of ResNet-50, of MobileNetV2
// or of SqueezeNet.
TEST(LayerDraws, AreNeverLayersOfBuiltInNetworks) {
  MeasureOptions options;
  options.around_fraction = 1;
  const LayerSampler sampler = make_sampler(options);
  for (std::uint64_t i = 0; i < 1000; ++i) expect_no_layer_of_a_builtin(sampler.sample(i).layer);
  for (const std::uint64_t i : {21077U, 28005U, 28494U, 75250U}) expect_no_layer_of_a_builtin(sampler.sample(i).layer);
}

TEST(LayerDraws, OfOtherKindsAreNeverLayersOfBuiltInNetworks) {
  MeasureOptions options;
  options.around_fraction = 1;
  for (int kind = 0; kind < kNumLayerKinds; ++kind) {
    options.kinds = {layer_kind_name(static_cast<LayerKind>(kind)), "softmax"};
    const LayerSampler sampler = make_sampler(options);
    for (std::uint64_t i = 0; i < 200; ++i) expect_no_layer_of_a_builtin(sampler.sample(i).layer);
  }
}

// Which shapes steering networks and built-in ones have in common was counted by hand: 6 of ResNet-18, 22 of ResNet-50
// and the first layer of MobileNetV2.
TEST(LayerDraws, AreSteeredByTheNetworksThatTheyGoAround) {
  const std::map<std::string, bool> expected = {
      {"lenet", true},       {"alexnet", true},     {"vgg16", true},
      {"cifarnet", false},   {"resnet18", true},    {"resnet50", true},
      {"mobilenetv2", true}, {"squeezenet", false}, {"transformer_encoder", false}};
  ASSERT_EQ(expected.size(), builtin_network_names().size());
  for (const std::string& name : builtin_network_names()) {
    for (const std::int64_t batch : {1, 4}) {
      EXPECT_EQ(steers_drawing(builtin_network(name, batch)), expected.at(name)) << name;
    }
  }
}

}  // namespace
}  // namespace perfmodel::tools
