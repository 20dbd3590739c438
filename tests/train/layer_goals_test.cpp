// XGBoost on physics features against the layers that ResPerfNet's authors measured on a GTX 1080 Ti: what a feature
// that is broken by a factor would show.
#include "measured_tables.h"
#include "perfmodel/layer_time/call_table.h"
#include "perfmodel/layer_time/fit_predictor.h"
#include "perfmodel/train/xgboost.h"

namespace perfmodel {
namespace {

constexpr std::size_t kRows = 3000;

/// `mape_pct` is above what this learner reaches (4.4, 3.2 and 6.7) and at or below what the paper's features leave it
/// (14.7, 12.2 and 7.0). Below half of it a fit saw what it is tested on.
struct Goal {
  const char* name;
  LayerKind kind;
  double mape_pct;
};
constexpr Goal kGoals[] = {
    {"conv", LayerKind::kConv2d, 6}, {"pool", LayerKind::kPool2d, 4}, {"dense", LayerKind::kDense, 7}};

class LayerGoals : public MeasuredTables {};

TEST_F(LayerGoals, AreMetByXGBoostOnPhysicsFeatures) {
  for (const Goal& goal : kGoals) {
    SCOPED_TRACE(goal.name);
    LayerTable table = read_call_table(path_of(std::string("perfnet_layers/") + goal.name + "_gtx1080ti_train.csv"),
                                       {goal.kind, "time_mean_ms", "gtx1080ti"});
    ASSERT_GE(table.rows.size(), kRows);
    table.rows.resize(kRows);
    const PhaseReport report = fit_layer_time_predictor(table, *make_xgboost_learner({}), {}).reports.at(0);
    EXPECT_EQ(report.errors.rows, kRows / 5);
    EXPECT_LT(report.errors.mape_pct, goal.mape_pct);
    EXPECT_GT(report.errors.mape_pct, goal.mape_pct / 2);
    EXPECT_GT(report.interval_coverage_pct, 84);  // 90 % of 600 rows, give or take what 360 calibrate it on
    EXPECT_LT(report.interval_coverage_pct, 96);
  }
}

}  // namespace
}  // namespace perfmodel
