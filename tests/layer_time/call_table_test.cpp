#include "perfmodel/layer_time/call_table.h"

#include "expect_error.h"

namespace perfmodel {
namespace {

// In the columns of PerfNet's convolutions, and of Justus et al.
constexpr const char* kConvHead =
    "batchsize,matsize,kernelsize,channels_in,channels_out,strides,padding,activation_fct,use_bias,time_median_ms";
constexpr const char* kJustusHead =
    "batchsize,dim_input,dim_output,optimizer,activation,time_median_ms,time_min_ms,time_std_ms";

LayerTable read(const std::string& text, const CallTableOptions& options = {}) {
  return call_table_from_csv(parse_csv(text, "conv.csv"), options);
}

std::string conv_rows(const std::string& rows) {
  return std::string(kConvHead) + "\n" + rows;
}

CallTableOptions of_kind(LayerKind kind) {
  CallTableOptions options;
  options.kind = kind;
  return options;
}

double time_of(const LayerRow& row) {
  return row.phase_ms[static_cast<int>(Phase::kExecution)];
}

TEST(CallTable, HoldsConvolutionsAsWholeCalls) {
  const LayerTable table = read(conv_rows("33,116,7,71,47,2,1,0,1,38.562\n2,8.0,3,4,6,1,0,1.0,0,0.5\n"));
  EXPECT_EQ(table.environment.timing, LayerTiming::kTotal);
  EXPECT_EQ(table.environment.device_name, "unknown");
  ASSERT_EQ(table.rows.size(), 2U);
  LayerSpec same = conv2d(33, 116, 71, 47, 7, 2);
  same.pads = {2, 3, 2, 3};  // SAME: 58 outputs, 57 * 2 + 7 - 116 = 5 zeros, the odd one at the end
  EXPECT_EQ(table.rows[0].sample.layer, same);
  LayerSpec valid = conv2d(2, 8, 4, 6, 3, 1, 0, Activation::kRelu);
  valid.bias = false;
  EXPECT_EQ(table.rows[1].sample.layer, valid);
  for (const LayerRow& row : table.rows) {
    EXPECT_EQ(row.phase_ms[0], 0);
    EXPECT_EQ(row.phase_ms[2], 0);
    EXPECT_EQ(row.spread_ms, 0);
    EXPECT_EQ(row.sample.context.reuse_bytes, LayerContext{}.reuse_bytes);
  }
  EXPECT_EQ(time_of(table.rows[0]), 38.562);
  EXPECT_TRUE(table.skipped.empty());
}

TEST(CallTable, HoldsPoolingOfTheMaximum) {
  const LayerTable table =
      read("batchsize,matsize,channels_in,poolsize,strides,padding,time_median_ms\n15,98,57,5,3,0,2\n",
           of_kind(LayerKind::kPool2d));
  ASSERT_EQ(table.rows.size(), 1U);
  EXPECT_EQ(table.rows[0].sample.layer, pool2d(15, 98, 57, 5, 3));
}

TEST(CallTable, HoldsDenseLayersWithABias) {
  const LayerTable table = read("batchsize,dim_input,dim_output,activation_fct,time_median_ms\n35,1420,2379,1,0.3\n",
                                of_kind(LayerKind::kDense));
  ASSERT_EQ(table.rows.size(), 1U);
  EXPECT_EQ(table.rows[0].sample.layer, dense(35, 1420, 2379, Activation::kRelu));
  EXPECT_TRUE(table.rows[0].sample.layer.bias);
}

TEST(CallTable, ReadsNamesOfActivationsAndTheSpreadAndLeavesOutTrainingSteps) {
  const LayerTable table = read(std::string(kJustusHead) +
                                    "\n30,32,36,adam,none,2.3,2.2,0.04\n18,46,15,none,tanh,0.4,0.3,0.02\n"
                                    "18,46,15,none,sigmoid,0.5,0.3,\n34,33,29,sgd,sigmoid,0.4,0.3,0.01\n"
                                    "34,33,29,,sigmoid,0.4,0.3,0.01\n",
                                of_kind(LayerKind::kDense));
  ASSERT_EQ(table.rows.size(), 2U);
  EXPECT_EQ(table.rows[0].sample.layer, dense(18, 46, 15, Activation::kTanh));
  EXPECT_EQ(table.rows[0].spread_ms, 0.02);
  EXPECT_EQ(table.rows[1].sample.layer.activation, Activation::kSigmoid);
  EXPECT_EQ(table.rows[1].spread_ms, 0);  // the table does not tell
  EXPECT_EQ(skipped_text(table.skipped), "a training step (2), an empty optimizer (1)");
}

TEST(CallTable, ReadsColumnsInAnyOrder) {
  const LayerTable table = read(
      "time_median_ms,use_bias,strides,batchsize,colour,padding,channels_out,kernelsize,activation_fct,matsize,"
      "channels_in\n"
      "0.5,0,1,2,red,0,6,3,1,8,4\n");
  LayerSpec layer = conv2d(2, 8, 4, 6, 3, 1, 0, Activation::kRelu);
  layer.bias = false;
  EXPECT_EQ(table.rows.at(0).sample.layer, layer);
  EXPECT_EQ(time_of(table.rows[0]), 0.5);
}

TEST(CallTable, TakesTimesInAnyUnit) {
  const struct {
    const char* column;
    const char* asked;
    double ms;
  } cases[] = {{"time_median_us", "time_median_us", 2.5e-3},
               {"time_median_us", "time_median_ms", 2.5e-3},
               {"time_median_s", "time_median_ms", 2500},
               {"gpu_mean_ns", "gpu_mean_ns", 2.5e-6},
               {"gpu_mean_ms", "gpu_mean", 2.5}};
  for (const auto& each : cases) {
    SCOPED_TRACE(std::string(each.column) + " as " + each.asked);
    CallTableOptions options = of_kind(LayerKind::kDense);
    options.time_column = each.asked;
    const LayerTable table =
        read("batchsize,dim_input,dim_output,activation_fct," + std::string(each.column) + "\n1,2,3,0,2.5\n", options);
    EXPECT_DOUBLE_EQ(time_of(table.rows.at(0)), each.ms);
  }
}

TEST(CallTable, RefusesATimeThatDoesNotFitInMilliseconds) {
  CallTableOptions options = of_kind(LayerKind::kDense);
  options.time_column = "time_s";
  EXPECT_PM_ERROR(read("batchsize,dim_input,dim_output,activation_fct,time_s\n1,2,3,0,1e308\n", options),
                  ErrorCode::kParse, "conv.csv:2: time_s is 1e308, too much to count in milliseconds");
}

TEST(CallTable, TakesTheSpreadOfItsTimeColumn) {
  CallTableOptions options = of_kind(LayerKind::kDense);
  options.time_column = "gpu_mean_ms";
  const LayerTable table = read(
      "batchsize,dim_input,dim_output,activation_fct,gpu_mean_ms,gpu_std_us,time_std_ms\n1,2,3,0,2.5,40,7\n", options);
  EXPECT_DOUBLE_EQ(table.rows.at(0).spread_ms, 0.04);
}

TEST(CallTable, CountsWhatItLeavesOutByReason) {
  const LayerTable table =
      read(conv_rows("2,8,3,4,6,1,0,1,0,0.5\n2,8,3,4,6,1,0,1,0,\n2,8,3,4,6,1,0,1,0,0\n"
                     "2,8,3,4,6,1,0,1,0,-1\n2,2,3,4,6,1,0,1,0,0.5\n2,2,3,4,6,1,1,1,0,0.5\n"
                     "2,8,3,4,6,1,0,1,0, \n"));
  EXPECT_EQ(table.rows.size(), 2U);  // the first, and SAME on an input below the kernel
  EXPECT_EQ(skipped_text(table.skipped), "no time (2), a time not above 0 (2), an empty output (1)");
}

TEST(CallTable, NeedsAMeasuredLayer) {
  EXPECT_PM_ERROR(read(conv_rows("2,8,3,4,6,1,0,1,0,\n2,2,3,4,6,1,0,1,0,0.5\n")), ErrorCode::kInvalidArgument,
                  "conv.csv: no measured layer in 2 rows; left out: no time (1), an empty output (1)");
  EXPECT_PM_ERROR(read(conv_rows("")), ErrorCode::kInvalidArgument, "conv.csv: no measured layer in 0 rows");
  EXPECT_PM_ERROR(read_call_table("/nowhere/conv.csv", {}), ErrorCode::kNotFound, "/nowhere/conv.csv");
}

TEST(CallTable, NamesTheColumnsOfTimesWhereOneIsMissing) {
  CallTableOptions options;
  options.time_column = "rtx4090_mean_ms";
  EXPECT_PM_ERROR(read(conv_rows(""), options), ErrorCode::kNotFound,
                  "conv.csv: no time column 'rtx4090_mean_ms' (columns of times: time_median_ms)");
  EXPECT_PM_ERROR(read("batchsize,matsize\n", options), ErrorCode::kNotFound,
                  "no time column 'rtx4090_mean_ms' (none ends in _ms, _us, _s or _ns)");
  options.time_column = "batchsize";
  EXPECT_PM_ERROR(read(conv_rows(""), options), ErrorCode::kInvalidArgument,
                  "conv.csv: column 'batchsize' names no unit of time; it has to end in _ms, _us, _s or _ns");
}

TEST(CallTable, RefusesKindsThatSuchTablesDoNotHold) {
  for (const LayerKind kind : {LayerKind::kBatchNorm2d, LayerKind::kMatMul}) {
    EXPECT_PM_ERROR(
        read(conv_rows("2,8,3,4,6,1,0,1,0,0.5\n"), of_kind(kind)), ErrorCode::kUnsupported,
        std::string("a table of calls holds layers of kind conv, pool or dense, not '") + layer_kind_name(kind) + "'");
  }
}

TEST(CallTable, NamesAMissingColumn) {
  for (const char* column : {"batchsize", "kernelsize", "channels_out", "padding", "use_bias", "activation_fct"}) {
    SCOPED_TRACE(column);
    std::string text = conv_rows("2,8,3,4,6,1,0,1,0,0.5\n");
    text.replace(text.find(column), std::string(column).size(), "other");
    EXPECT_PM_ERROR(read(text), ErrorCode::kNotFound, std::string("conv.csv: no column '") + column + "'");
  }
}

TEST(CallTable, NamesTheLineOfABadCell) {
  const struct {
    const char* row;
    const char* says;
  } bads[] = {
      {"2,8,3,4,6,1,0,1,0,fast", "column 'time_median_ms': 'fast' is not a number"},
      {"2,8,3,4,6,1,0,1,0,nan", "'nan' is not a finite number"},
      {"many,8,3,4,6,1,0,1,0,1", "column 'batchsize': 'many' is not a number"},
      {"0,8,3,4,6,1,0,1,0,1", "batchsize is '0', allowed are whole numbers from 1 to 2147483647"},
      {"2,8.5,3,4,6,1,0,1,0,1", "matsize is '8.5', allowed are whole numbers"},
      {"2,8,1e300,4,6,1,0,1,0,1", "kernelsize is '1e300', allowed are whole numbers"},
      {"2,8,,4,6,1,0,1,0,1", "column 'kernelsize': '' is empty where a number belongs"},
      {"2,8,3,4,6,1,2,1,0,1", "padding is '2', allowed are 0 (VALID) and 1 (SAME)"},
      {"2,8,3,4,6,1,0,swish,0,1", "column 'activation_fct': activation 'swish' is not known (none, relu"},
      {"2,8,3,4,6,1,0,2,0,1", "activation_fct is '2', allowed are 0 (none), 1 (ReLU) and names of activations"},
      {"2,8,3,4,6,1,0,1,yes,1", "column 'use_bias': 'yes' is not a number"},
      {"2,8,3,4,6,1,0,1,3,1", "use_bias is '3', allowed are 0 and 1"},
      {"2,2147483647,3,2147483647,6,1,0,1,0,1", "conv2d layer: elements of the input are"},
  };
  for (const auto& bad : bads) {
    SCOPED_TRACE(bad.row);
    const std::string text = conv_rows("2,8,3,4,6,1,0,1,0,0.5\n" + std::string(bad.row) + "\n");
    EXPECT_PM_ERROR(read(text), ErrorCode::kParse, "conv.csv:3: ");
    EXPECT_PM_ERROR(read(text), ErrorCode::kParse, bad.says);
  }
  EXPECT_PM_ERROR(read(std::string(kJustusHead) + "\n1,2,3,none,none,1,1,-2\n", of_kind(LayerKind::kDense)),
                  ErrorCode::kParse, "conv.csv:2: time_std_ms is -2, a spread is not negative");
}

TEST(CallTable, KnowsItsKindByItsColumns) {
  const auto kind_of = [](const char* head) { return call_table_kind(parse_csv(std::string(head) + "\n", "t.csv")); };
  EXPECT_EQ(kind_of("batchsize,kernelsize"), LayerKind::kConv2d);
  EXPECT_EQ(kind_of("poolsize,matsize"), LayerKind::kPool2d);
  EXPECT_EQ(kind_of("dim_input"), LayerKind::kDense);
  EXPECT_PM_ERROR(kind_of("batchsize"), ErrorCode::kInvalidArgument,
                  "t.csv: 0 of the columns kernelsize, poolsize and dim_input are there");
  EXPECT_PM_ERROR(kind_of("poolsize,kernelsize"), ErrorCode::kInvalidArgument, "t.csv: 2 of the columns");
}

}  // namespace
}  // namespace perfmodel
