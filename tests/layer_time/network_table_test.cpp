#include "perfmodel/layer_time/network_table.h"

#include "expect_error.h"

namespace perfmodel {
namespace {

constexpr const char* kHead =
    "device,network,batchsize,layer,op,matsize,kernelsize,poolsize,channels_in,channels_out,strides,padding,"
    "activation_fct,use_bias,dim_input,dim_output,time_median_ms\n";

// A small network on two devices, its rows out of order, and one layer of another at two batch sizes.
constexpr const char* kRows =
    "gpu,small,2,3,dense,,,,,,,,1,,128,10,0.25\n"
    "gpu,small,2,1,conv,8,3,,3,8,1,1,0,1,,,0.5\n"
    "gpu,small,2,2,pool,8,,2,8,,2,0,,,,,0.125\n"
    "gpu,one,1,1,dense,,,,,,,,0,,4,5,1\n"
    "gpu,one,4,1,dense,,,,,,,,0,,4,5,2\n"
    "cpu,small,2,1,conv,8,3,,3,8,1,1,0,1,,,40\n";

NetworkTable read(const std::string& rows, const std::string& device = "", const std::string& head = kHead) {
  NetworkTableOptions options;
  options.device = device;
  return network_table_from_csv(parse_csv(head + rows, "networks.csv"), options);
}

TEST(NetworkTable, PutsLayersTogetherByDeviceNetworkAndBatch) {
  const NetworkTable table = read(kRows);
  ASSERT_EQ(table.networks.size(), 4U);
  const MeasuredNetwork& small = table.networks[0];
  EXPECT_EQ(small.device, "gpu");
  EXPECT_EQ(small.name, "small");
  EXPECT_EQ(small.batch, 2);
  EXPECT_THAT(small.layers, ::testing::ElementsAre(conv2d(2, 8, 3, 8, 3, 1, 1), pool2d(2, 8, 8, 2, 2),
                                                   dense(2, 128, 10, Activation::kRelu)));
  EXPECT_THAT(small.layer_ms, ::testing::ElementsAre(0.5, 0.125, 0.25));
  EXPECT_EQ(small.total_ms(), 0.875);
  EXPECT_EQ(table.networks[1].batch, 1);
  EXPECT_EQ(table.networks[2].batch, 4);
  EXPECT_EQ(table.networks[3].device, "cpu");
  EXPECT_TRUE(table.skipped.empty());
}

TEST(NetworkTable, HoldsOneDeviceAlone) {
  const NetworkTable table = read(kRows, "cpu");
  ASSERT_EQ(table.networks.size(), 1U);
  EXPECT_EQ(table.networks[0].total_ms(), 40);
  EXPECT_PM_ERROR(read(kRows, "tpu"), ErrorCode::kNotFound, "networks.csv: no device 'tpu' (there are: cpu, gpu)");
}

TEST(NetworkTable, NeedsNoDevices) {
  const std::string head = "network,batchsize,layer,op,dim_input,dim_output,activation_fct,time_median_ms\n";
  const NetworkTable table = read("one,1,1,dense,4,5,0,1\n", "", head);
  EXPECT_EQ(table.networks.at(0).device, "");
  EXPECT_PM_ERROR(read("one,1,1,dense,4,5,0,1\n", "gpu", head), ErrorCode::kNotFound, "no column 'device'");
}

TEST(NetworkTable, LeavesOutNetworksWithALayerItCannotTake) {
  const NetworkTable table = read(std::string(kRows) +
                                  "gpu,a,1,1,lrn,8,,,3,,,,,,,,1\ngpu,a,1,2,dense,,,,,,,,0,,4,5,1\n"
                                  "gpu,b,1,1,dense,,,,,,,,0,,4,5,\ngpu,c,1,1,pool,2,,3,8,,2,0,,,,,0.125\n"
                                  "gpu,d,1,1,lrn,8,,,3,,,,,,,,1\n");
  EXPECT_EQ(table.networks.size(), 4U);
  EXPECT_EQ(skipped_text(table.skipped), "layer kind 'lrn' not known (2), no time (1), an empty output (1)");
}

TEST(NetworkTable, LeavesOutNetworksThatMissALayer) {
  const auto dense_rows = [](const std::string& network, const std::vector<int>& numbers) {
    std::string rows;
    for (const int number : numbers) {
      rows += "gpu," + network + ",1," + std::to_string(number) + ",dense,,,,,,,,0,,4,5,1\n";
    }
    return rows;
  };
  const NetworkTable table = read(dense_rows("from_0", {0, 1, 2}) + dense_rows("from_1", {3, 2, 1}) +
                                  dense_rows("gap", {1, 2, 4}) + dense_rows("begins_late", {2, 3}));
  ASSERT_EQ(table.networks.size(), 2U);
  EXPECT_EQ(table.networks[0].name, "from_0");
  EXPECT_EQ(table.networks[1].name, "from_1");
  EXPECT_EQ(skipped_text(table.skipped), "a layer is missing (2)");
}

TEST(NetworkTable, NeedsANetwork) {
  EXPECT_PM_ERROR(read("gpu,d,1,1,lrn,8,,,3,,,,,,,,1\n"), ErrorCode::kInvalidArgument,
                  "networks.csv: no measured network in 1 rows; left out: layer kind 'lrn' not known (1)");
  EXPECT_PM_ERROR(read(""), ErrorCode::kInvalidArgument, "networks.csv: no measured network in 0 rows");
  EXPECT_PM_ERROR(read_network_table("/nowhere/networks.csv", {}), ErrorCode::kNotFound, "/nowhere/networks.csv");
}

TEST(NetworkTable, NamesTheLineOfABadCell) {
  const struct {
    const char* row;
    const char* says;
  } bads[] = {
      {"gpu,one,1,1,dense,,,,,,,,0,,4,5,1", "layer 1 of network 'one', batch size 1, is there twice"},
      {"gpu,one,1,first,dense,,,,,,,,0,,4,5,1", "column 'layer': 'first' is not a number"},
      {"gpu,one,1,1.5,dense,,,,,,,,0,,4,5,1", "layer is '1.5', allowed are whole numbers from 0"},
      {"gpu,one,0,1,dense,,,,,,,,0,,4,5,1", "batchsize is '0', allowed are whole numbers from 1"},
      {"gpu,one,1,2,dense,,,,,,,,0,,,5,1", "column 'dim_input': '' is empty where a number belongs"},
      {"gpu,one,1,2,dense,,,,,,,,,,4,5,1", "column 'activation_fct': '' is empty where a number belongs"},
      {"gpu,one,1,2,dense,,,,,,,,0,,4,5,soon", "column 'time_median_ms': 'soon' is not a number"},
  };
  for (const auto& bad : bads) {
    SCOPED_TRACE(bad.row);
    const std::string rows = std::string(kRows) + bad.row + "\n";
    EXPECT_PM_ERROR(read(rows), ErrorCode::kParse, "networks.csv:8: ");
    EXPECT_PM_ERROR(read(rows), ErrorCode::kParse, bad.says);
  }
}

TEST(NetworkTable, NamesTheMissingColumn) {
  for (const char* column : {"network", "batchsize", "layer", "op", "kernelsize"}) {
    SCOPED_TRACE(column);
    std::string head = kHead;
    head.replace(head.find(column), std::string(column).size(), "other");
    EXPECT_PM_ERROR(read(kRows, "", head), ErrorCode::kNotFound,
                    std::string("networks.csv: no column '") + column + "'");
  }
}

TEST(NetworkTable, IsToldFromATableOfLayers) {
  EXPECT_TRUE(is_network_table(parse_csv(kHead)));
  EXPECT_FALSE(is_network_table(parse_csv("batchsize,matsize,op\n")));
}

}  // namespace
}  // namespace perfmodel
