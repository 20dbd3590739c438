#include "perfmodel/layer_time/timed_network.h"

#include "expect_error.h"

namespace perfmodel {
namespace {

constexpr const char* kHead = "net_id,batchsize,n_layers,layers,time_median_ms\n";

TimedNetworkTable read(const std::string& rows, LayerSizes sizes = LayerSizes::kFromInput,
                       const std::string& head = kHead) {
  TimedNetworkOptions options;
  options.sizes = sizes;
  return timed_networks_from_csv(parse_csv(head + rows, "networks.csv"), options);
}

LayerSpec with_input(LayerSpec layer, Size2 input) {
  layer.input = input;
  return layer;
}

LayerSpec without_bias(LayerSpec layer) {
  layer.bias = false;
  return layer;
}

// A pooling of 8 by steps of 2 gives 4, whatever is written down for the convolution; of which 4 x 4 positions of 5
// channels go into the dense layer, and 4 x 4 of 16 into the next.
constexpr const char* kRow = "7,2,4,IN:2 8 3;P:2 8 3 2 2 1;C:2 8 3 5 3 1 1 1 0;FC:2 64 5 16 0 1;FC:2 16 1 10 1 0,2.5\n";

TEST(TimedNetwork, TakesSizesFromTheInputOn) {
  const TimedNetworkTable table = read(kRow);
  ASSERT_EQ(table.networks.size(), 1U);
  const TimedNetwork& network = table.networks[0];
  EXPECT_EQ(network.name, "7");
  EXPECT_EQ(network.time_ms, 2.5);
  EXPECT_THAT(network.layers, ::testing::ElementsAre(
                                  pool2d(2, 8, 3, 2, 2), without_bias(conv2d(2, 4, 3, 5, 3, 1, 1, Activation::kRelu)),
                                  with_input(dense(2, 5, 16), {4, 4}),
                                  without_bias(with_input(dense(2, 16, 10, Activation::kRelu), {4, 4}))));
  EXPECT_TRUE(table.skipped.empty());
}

TEST(TimedNetwork, TakesSizesAsRecorded) {
  const TimedNetworkTable table = read(kRow, LayerSizes::kAsRecorded);
  EXPECT_THAT(
      table.networks.at(0).layers,
      ::testing::ElementsAre(pool2d(2, 8, 3, 2, 2), without_bias(conv2d(2, 8, 3, 5, 3, 1, 1, Activation::kRelu)),
                             dense(2, 320, 16), without_bias(dense(2, 16, 10, Activation::kRelu))));
}

TEST(TimedNetwork, LeavesOutWhatIsImpossibleOrHasNoTime) {
  const TimedNetworkTable table = read(std::string(kRow) +
                                       "1,1,1,IN:1 4 3;P:1 4 3 5 1 0,1\n2,1,1,IN:1 4 3;P:1 4 3 2 1 0,\n"
                                       "3,1,1,IN:1 4 3;P:1 4 3 2 1 0,0\n4,1,1,IN:1 4 3;C:1 4 3 8 7 1 0 0 0,2\n");
  EXPECT_EQ(table.networks.size(), 1U);
  EXPECT_EQ(skipped_text(table.skipped), "an empty output (2), no time (1), a time not above 0 (1)");
}

TEST(TimedNetwork, NeedsANetwork) {
  EXPECT_PM_ERROR(read("1,1,1,IN:1 4 3;P:1 4 3 5 1 0,1\n"), ErrorCode::kInvalidArgument,
                  "networks.csv: no timed network in 1 rows; left out: an empty output (1)");
  EXPECT_PM_ERROR(read(""), ErrorCode::kInvalidArgument, "networks.csv: no timed network in 0 rows");
  EXPECT_PM_ERROR(read_timed_networks("/nowhere/networks.csv", {}), ErrorCode::kNotFound, "/nowhere/networks.csv");
}

TEST(TimedNetwork, NamesTheLineOfABadCell) {
  const struct {
    const char* row;
    const char* says;
  } bads[] = {
      {"1,1,1,,1", "layer '': allowed are IN:, C:, P: and FC:"},
      {"1,1,1,IN:1 4 3,1", "layers hold an input and nothing else"},
      {"1,1,1,P:1 4 3 2 1 0,1", "layer 'P:1 4 3 2 1 0': comes before the input (IN)"},
      {"1,1,1,IN:1 4 3;IN:1 4 3,1", "layer 'IN:1 4 3': a second input"},
      {"1,1,1,IN:1 4 3;,1", "layer '': allowed are IN:, C:, P: and FC:"},
      {"1,1,1,IN:1 4 3;D:1 4 3,1", "layer 'D:1 4 3': allowed are IN:, C:, P: and FC:"},
      {"1,1,1,IN:1 4 3;P,1", "layer 'P': allowed are IN:, C:, P: and FC:"},
      {"1,1,1,IN:1 4 3;P:1 4 3 2 1,1", "layer 'P:1 4 3 2 1': 5 numbers, P takes 6"},
      {"1,1,1,IN:1 4 3;P:1 4 3 2 1 0 0,1", "7 numbers, P takes 6"},
      {"1,1,1,IN:1 4 3;P:1 4 3 2 1 2,1", "number 6 is 2, allowed are 0 and 1"},
      {"1,1,1,IN:1 0 3;P:1 0 3 2 1 0,1", "layer 'IN:1 0 3': number 2 is 0, allowed are 1 to 2147483647"},
      {"1,1,1,IN:1 4 3;P:1 4 3 -2 1 0,1", "number 4 is -2, allowed are 1 to 2147483647"},
      {"1,1,1,IN:1 4 3;P:1 4 3 2.5 1 0,1", "numbers are whole, a blank between"},
      {"1,1,1,IN:1 4 3;P:1 4 3 99999999999999999999 1 0,1", "numbers are whole, a blank between"},
      {"1,1,1,IN:1 4 3;P:2 4 3 2 1 0,1", "layer 'P:2 4 3 2 1 0': batch size 2 after an input of 1"},
      {"1,1,1,IN:1 4 3;P:1 4 8 2 1 0,1", "layer 'P:1 4 8 2 1 0': 8 channels in, 3 come"},
      {"1,2,1,IN:1 4 3;P:1 4 3 2 1 0,1", "batchsize is 2, its layers have 1"},
      {"1,none,1,IN:1 4 3;P:1 4 3 2 1 0,1", "column 'batchsize': 'none' is not a number"},
      {"1,1,1,IN:1 4 3;P:1 4 3 2 1 0,soon", "column 'time_median_ms': 'soon' is not a number"},
      {"1,1,1,IN:2147483647 2147483647 3;P:2147483647 4 3 2 1 0,1", "allowed are 2^53"},
  };
  for (const auto& bad : bads) {
    SCOPED_TRACE(bad.row);
    const std::string rows = std::string(kRow) + bad.row + "\n";
    EXPECT_PM_ERROR(read(rows), ErrorCode::kParse, "networks.csv:3: ");
    EXPECT_PM_ERROR(read(rows), ErrorCode::kParse, bad.says);
  }
}

TEST(TimedNetwork, NamesTheMissingColumn) {
  for (const char* column : {"net_id", "batchsize", "layers,time"}) {
    SCOPED_TRACE(column);
    std::string head = kHead;
    head.replace(head.find(column), 2, "xx");
    EXPECT_PM_ERROR(read(kRow, LayerSizes::kFromInput, head), ErrorCode::kNotFound, "networks.csv: no column '");
  }
}

TEST(TimedNetwork, TakesTimesInAnotherUnit) {
  EXPECT_EQ(read("1,1,1,IN:1 4 3;P:1 4 3 2 1 0,2000\n", LayerSizes::kFromInput,
                 "net_id,batchsize,n_layers,layers,time_median_us\n")
                .networks.at(0)
                .time_ms,
            2);
}

}  // namespace
}  // namespace perfmodel
