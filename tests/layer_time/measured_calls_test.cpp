// Tables of calls that the authors of PerfNet and ResPerfNet, and Justus et al., published.
#include <algorithm>
#include <numeric>

#include "measured_tables.h"
#include "perfmodel/layer_time/call_table.h"
#include "perfmodel/layer_time/fit_predictor.h"
#include "perfmodel/layer_time/network_table.h"
#include "perfmodel/learner/registry.h"

namespace perfmodel {
namespace {

constexpr LayerKind kKinds[] = {LayerKind::kConv2d, LayerKind::kPool2d, LayerKind::kDense};
constexpr const char* kNames[] = {"conv", "pool", "dense"};

using MeasuredCalls = MeasuredTables;

// Numbers of rows and empty cells: README.md of the data.
TEST_F(MeasuredCalls, OfPerfNetAreAllRead) {
  for (int i = 0; i < 3; ++i) {
    SCOPED_TRACE(kNames[i]);
    const std::string folder = path_of("perfnet_layers/") + kNames[i];
    const CallTableOptions options{kKinds[i], "time_median_ms", "gtx1080ti"};
    const LayerTable training = read_call_table(folder + "_gtx1080ti_train.csv", options);
    EXPECT_EQ(training.rows.size(), 30000U);
    EXPECT_TRUE(training.skipped.empty()) << skipped_text(training.skipped);
    const CsvTable devices = read_csv(folder + "_devices.csv");
    EXPECT_EQ(call_table_kind(devices), kKinds[i]);
    for (const char* column : {"gtx1080ti_mean_ms", "quadro_p1000_mean_ms", "cpu_i3_mean_ms"}) {
      SCOPED_TRACE(column);
      const LayerTable table = call_table_from_csv(devices, {kKinds[i], column, "unknown"});
      const bool is_conv = kKinds[i] == LayerKind::kConv2d;
      const std::string p1000 = is_conv ? "no time (3)" : "", cpu = is_conv ? "no time (581)" : "";
      EXPECT_EQ(skipped_text(table.skipped), column[0] == 'q' ? p1000 : column[0] == 'c' ? cpu : "");
      EXPECT_EQ(table.rows.size() + (table.skipped.empty() ? 0 : table.skipped[0].count), 20000U);
    }
  }
}

// About half of the rows are forward passes: README.md of the data.
TEST_F(MeasuredCalls, OfJustusHaveASpreadOfTheirOwn) {
  for (const char* name : {"conv_1080ti", "conv_k80", "conv_p100", "dense_1080ti", "dense_k80", "dense_p100"}) {
    SCOPED_TRACE(name);
    CallTableOptions options;
    if (name[0] == 'd') options.kind = LayerKind::kDense;
    const LayerTable table = read_call_table(path_of("justus_layers/") + name + ".csv", options);
    EXPECT_GT(table.rows.size(), 4500U);
    EXPECT_LT(table.rows.size(), 5500U);
    const auto with = [&table](Activation activation) {
      return std::count_if(table.rows.begin(), table.rows.end(), [activation](const LayerRow& row) {
        return row.sample.layer.activation == activation && row.spread_ms > 0;
      });
    };
    for (const auto activation : {Activation::kNone, Activation::kRelu, Activation::kSigmoid, Activation::kTanh}) {
      EXPECT_GT(with(activation), 1000);
    }
  }
}

// Three networks at eight batch sizes; VGG16 at 64 and 128 is not there on the CPU. The sum of AlexNet's eleven rows at
// batch 1 was made with awk.
TEST_F(MeasuredCalls, MakeUpNetworks) {
  const CsvTable csv = read_csv(path_of("perfnet_layers/networks.csv"));
  ASSERT_TRUE(is_network_table(csv));
  EXPECT_EQ(network_table_from_csv(csv, {}).networks.size(), 46U);
  const NetworkTable table = network_table_from_csv(csv, {"time_median_ms", "gtx1080ti"});
  EXPECT_EQ(table.networks.size(), 24U);
  EXPECT_TRUE(table.skipped.empty());
  const MeasuredNetwork& alexnet = table.networks.front();
  EXPECT_EQ(alexnet.name, "alexnet");
  EXPECT_EQ(alexnet.batch, 1);
  EXPECT_EQ(alexnet.layers.size(), 11U);
  EXPECT_NEAR(alexnet.total_ms(), 4.45293, 1e-5);
}

// A random forest on a tenth of the rows has to be off by less than the paper's XGBoost, 29.25 %, and by more than
// these rows' noise.
TEST_F(MeasuredCalls, AreLearntFrom) {
  LayerTable table = read_call_table(path_of("perfnet_layers/conv_gtx1080ti_train.csv"), {});
  table.rows.resize(3000);
  FitPredictorOptions options;
  options.fit.seed = 1;
  const auto learner = builtin_learners().make("forest", "");
  const FittedPredictor fitted = fit_layer_time_predictor(table, *learner, options);
  ASSERT_EQ(fitted.reports.size(), 1U);
  EXPECT_EQ(fitted.reports[0].errors.rows, 600U);
  EXPECT_LT(fitted.reports[0].errors.mape_pct, 29);
  EXPECT_GT(fitted.reports[0].errors.mape_pct, 2);
  EXPECT_GT(fitted.reports[0].interval_coverage_pct, 84);
  EXPECT_LT(fitted.reports[0].interval_coverage_pct, 96);
}

}  // namespace
}  // namespace perfmodel
