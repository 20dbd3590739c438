#include "perfmodel/layer_time/layer_table.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "expect_error.h"

namespace perfmodel {
namespace {

constexpr std::size_t kStatusCell = 2;

LayerSample unusual_sample() {
  LayerSample sample;
  sample.layer.batch = 3;
  sample.layer.input = {20, 30};
  sample.layer.channels_in = 8;
  sample.layer.channels_out = 12;
  sample.layer.kernel = {3, 5};
  sample.layer.stride = {1, 2};
  sample.layer.dilation = {2, 1};
  sample.layer.pads = {1, 2, 3, 4};
  sample.layer.groups = 4;
  sample.layer.bias = false;
  sample.layer.activation = Activation::kRelu;
  sample.context.reuse_bytes = 123456.5;
  return sample;
}

/// One row of a campaign's export.
std::vector<std::string> cells(int candidate, int pass, const LayerSample& sample, std::vector<double> times) {
  std::vector<std::string> row = {std::to_string(candidate), std::to_string(pass), "ok"};
  for (const double value : layer_to_values(sample)) row.push_back(format_number(value));
  for (const double time : times) row.push_back(format_number(time));
  for (const char* text : {"cpu", "a processor", "eager", "1.2.3", "1"}) row.emplace_back(text);
  return row;
}

CsvTable empty_table() {
  CsvTable csv;
  csv.name = "layers.csv";
  csv.columns = {"candidate", "pass", "status"};
  for (const auto* columns : {&layer_columns(), &phase_columns(), &environment_columns()}) {
    csv.columns.insert(csv.columns.end(), columns->begin(), columns->end());
  }
  return csv;
}

/// Three layers, the first of them measured twice, the third failed; as text, so that lines have numbers.
CsvTable small_table() {
  CsvTable csv = empty_table();
  csv.rows.push_back(cells(0, 0, unusual_sample(), {1, 4, 0.5}));
  csv.rows.push_back(cells(1, 0, {pool2d(2, 28, 6, 2, 2), {1e9}}, {0.25, 2, 0.125}));
  csv.rows.push_back(cells(2, 0, {dense(1, 100, 10), {1e9}}, {}));
  csv.rows.back()[kStatusCell] = "failed";
  for (const char* nothing : {"", "", ""}) csv.rows.back().insert(csv.rows.back().end() - 5, nothing);
  csv.rows.push_back(cells(0, 1, unusual_sample(), {1, 5, 0.5}));
  return csv;
}

CsvTable with_cell(std::size_t row, const std::string& column, const std::string& text) {
  CsvTable csv = small_table();
  csv.rows[row][csv.column_index(column)] = text;
  return parse_csv(to_csv(csv), "layers.csv");
}

TEST(LayerValues, ComeBackAsTheyWere) {
  for (const LayerSample& sample : {unusual_sample(), LayerSample{pool2d(2, 28, 6, 3, 2, 1, PoolKind::kAverage), {5e4}},
                                    LayerSample{dense(7, 100, 10, Activation::kRelu), {1e9}}}) {
    const std::vector<double> values = layer_to_values(sample);
    ASSERT_EQ(values.size(), layer_columns().size());
    const LayerSample back = layer_from_values(values);
    EXPECT_EQ(back.layer, sample.layer);
    EXPECT_EQ(back.context.reuse_bytes, sample.context.reuse_bytes);
  }
}

TEST(LayerValues, StandUnderTheirColumns) {
  const std::vector<double> values = layer_to_values(unusual_sample());
  const std::vector<std::pair<std::string, double>> expected = {{"kind", 0},
                                                                {"batch", 3},
                                                                {"input_height", 20},
                                                                {"input_width", 30},
                                                                {"channels_in", 8},
                                                                {"channels_out", 12},
                                                                {"kernel_height", 3},
                                                                {"kernel_width", 5},
                                                                {"stride_height", 1},
                                                                {"stride_width", 2},
                                                                {"dilation_height", 2},
                                                                {"dilation_width", 1},
                                                                {"pad_top", 1},
                                                                {"pad_bottom", 2},
                                                                {"pad_left", 3},
                                                                {"pad_right", 4},
                                                                {"groups", 4},
                                                                {"bias", 0},
                                                                {"activation", 1},
                                                                {"data_type", 0},
                                                                {"pool_kind", 0},
                                                                {"reuse_bytes", 123456.5}};
  ASSERT_EQ(expected.size(), layer_columns().size());
  for (std::size_t i = 0; i < expected.size(); ++i) {
    EXPECT_EQ(layer_columns()[i], expected[i].first);
    EXPECT_EQ(values[i], expected[i].second) << expected[i].first;
  }
}

TEST(LayerValues, RejectWhatIsNoLayer) {
  struct Bad {
    const char* column;
    double value;
    const char* says;
  };
  const Bad bads[] = {
      {"kind", 11, "column 'kind' of a layer: 11 is not 0 to 10"},
      {"kind", 0.5, "0.5 is not 0 to 10"},
      {"activation", 6, "column 'activation' of a layer: 6 is not 0 to 5"},
      {"data_type", -1, "column 'data_type'"},
      {"pool_kind", 7, "column 'pool_kind'"},
      {"bias", 2, "2 is not 0 or 1"},
      {"batch", 1.5, "1.5 is not a whole number"},
      {"batch", 0, "batch is 0"},
      {"pad_left", -1, "left pad is -1"},
      {"channels_in", std::numeric_limits<double>::quiet_NaN(), "is not a whole number"},
      {"channels_in", 1e300, "is not a whole number"},
      {"reuse_bytes", 0, "0 is not a finite number above 0"},
      {"reuse_bytes", std::numeric_limits<double>::infinity(), "is not a finite number above 0"},
  };
  for (const Bad& bad : bads) {
    SCOPED_TRACE(bad.says);
    std::vector<double> values = layer_to_values(unusual_sample());
    const auto column = std::find(layer_columns().begin(), layer_columns().end(), bad.column);
    values[static_cast<std::size_t>(column - layer_columns().begin())] = bad.value;
    EXPECT_PM_ERROR(layer_from_values(values), ErrorCode::kInvalidArgument, bad.says);
  }
  EXPECT_PM_ERROR(layer_from_values(std::vector<double>(3)), ErrorCode::kMismatch, "a layer has 22 values, not 3");
}

TEST(LayerTable, IsReadFromACampaignsExport) {
  const LayerTable table = layer_table_from_csv(parse_csv(to_csv(small_table()), "layers.csv"));
  ASSERT_EQ(table.rows.size(), 2U);
  EXPECT_EQ(table.num_failed, 1U);
  EXPECT_EQ(table.rows[0].sample.layer, unusual_sample().layer);
  EXPECT_EQ(table.rows[0].phase_ms[0], 1);
  EXPECT_EQ(table.rows[0].phase_ms[1], 4);
  EXPECT_EQ(table.rows[0].phase_ms[2], 0.5);
  EXPECT_EQ(table.rows[0].repeat_execution_ms, 5);
  EXPECT_EQ(table.rows[1].repeat_execution_ms, 0);
  EXPECT_EQ(table.environment.device_name, "a processor");
  EXPECT_EQ(table.environment.framework, "eager");
  EXPECT_EQ(table.environment.num_threads, 1);
}

TEST(LayerTable, TakesTheFirstPassWhereverItStands) {
  CsvTable csv = small_table();
  std::swap(csv.rows[0], csv.rows[3]);
  const LayerTable table = layer_table_from_csv(csv);
  EXPECT_EQ(table.rows[0].phase_ms[1], 4);
  EXPECT_EQ(table.rows[0].repeat_execution_ms, 5);
}

TEST(LayerTable, TakesTheRepeatWhenTheFirstPassFailed) {
  const LayerTable table = layer_table_from_csv(with_cell(0, "status", "failed"));
  ASSERT_EQ(table.rows.size(), 2U);
  EXPECT_EQ(table.rows[1].phase_ms[1], 5);
  EXPECT_EQ(table.rows[1].repeat_execution_ms, 0);
}

// |4 - 5| / 4 over the one layer that was measured twice.
TEST(NoiseFloor, IsTheMeanDifferenceOfTwoPasses) {
  EXPECT_DOUBLE_EQ(noise_floor_pct(layer_table_from_csv(small_table())), 25);
}

TEST(NoiseFloor, IsUnknownWithoutRepeats) {
  CsvTable csv = small_table();
  csv.rows.pop_back();
  EXPECT_TRUE(std::isnan(noise_floor_pct(layer_table_from_csv(csv))));
}

TEST(LayerTable, NamesTheMissingColumn) {
  for (const char* column : {"candidate", "pass", "status", "kernel_width", "exe_ms", "framework"}) {
    SCOPED_TRACE(column);
    CsvTable csv = small_table();
    csv.columns[csv.column_index(column)] = "other";
    EXPECT_PM_ERROR(layer_table_from_csv(csv), ErrorCode::kNotFound, column);
  }
}

TEST(LayerTable, NamesTheLineOfABadCell) {
  struct Bad {
    const char* column;
    const char* text;
    const char* says;
  };
  const Bad bads[] = {
      {"exe_ms", "fast", "exe_ms"},
      {"exe_ms", "nan", "exe_ms"},
      {"exe_ms", "", "exe_ms"},
      {"pre_ms", "-1", "pre_ms is -1, a time is not negative"},
      {"batch", "many", "batch"},
      {"batch", "0", "batch is 0"},
      {"kind", "11", "column 'kind' of a layer: 11 is not 0 to 10"},
      {"kernel_height", "99", "kernel"},
      {"status", "perhaps", "status 'perhaps' is not known; there are ok and failed"},
      {"candidate", "0", "candidate 0 is there twice in pass 0"},
  };
  for (const Bad& bad : bads) {
    SCOPED_TRACE(bad.says);
    const CsvTable csv = with_cell(1, bad.column, bad.text);
    EXPECT_PM_ERROR(layer_table_from_csv(csv), ErrorCode::kParse, "layers.csv:3: ");
    EXPECT_PM_ERROR(layer_table_from_csv(csv), ErrorCode::kParse, bad.says);
  }
}

TEST(LayerTable, HoldsOneEnvironment) {
  EXPECT_PM_ERROR(layer_table_from_csv(with_cell(1, "framework", "optimized")), ErrorCode::kInvalidArgument,
                  "layers.csv:3: framework is 'optimized' but 'eager' before");
}

TEST(LayerTable, NamesAnImpossibleNumberOfThreads) {
  for (const char* num_threads : {"0", "65537", "1e300"}) {
    SCOPED_TRACE(num_threads);
    CsvTable csv = small_table();
    for (auto& row : csv.rows) row[csv.column_index("num_threads")] = num_threads;
    EXPECT_PM_ERROR(layer_table_from_csv(csv), ErrorCode::kParse,
                    std::string("num_threads is ") + num_threads + ", allowed are 1 to 65536");
  }
}

TEST(LayerTable, NeedsAMeasuredLayer) {
  EXPECT_PM_ERROR(layer_table_from_csv(empty_table()), ErrorCode::kInvalidArgument, "no layer was measured (0 rows");
  EXPECT_PM_ERROR(read_layer_table("/nowhere/layers.csv"), ErrorCode::kNotFound, "/nowhere/layers.csv");
}

}  // namespace
}  // namespace perfmodel
