#include <gtest/gtest.h>

#include <cstdlib>
#include <string>

#include "perfmodel/core/csv.h"
#include "perfmodel/train/xgboost.h"
#include "synthetic_layers.h"

namespace perfmodel {
namespace {

/// Pooling layers of TensorFlow on a GTX 1080 Ti, measured by the authors of ResPerfNet, in the folder
/// PERFMODEL_DATA_DIR; the tests skip themselves where it is unset.
class MeasuredLayers : public ::testing::Test {
 protected:
  void SetUp() override {
    const char* folder = std::getenv("PERFMODEL_DATA_DIR");
    if (folder != nullptr && *folder != '\0') {
      folder_ = std::string(folder) + "/perfnet_layers/";
      return;
    }
    const char* required = std::getenv("PERFMODEL_REQUIRE_DATA");
    const bool is_required = required != nullptr && std::string(required) == "1";
    ASSERT_FALSE(is_required) << "PERFMODEL_REQUIRE_DATA is 1, but PERFMODEL_DATA_DIR is unset";
    GTEST_SKIP() << "PERFMODEL_DATA_DIR is unset: no measured layers to compare with";
  }

  /// Mean absolute percentage error on layers that are not among the learnt ones, with the columns as they are.
  double mape_pct_after(std::size_t num_training_rows) const {
    CsvTable learnt = read_csv(folder_ + "pool_gtx1080ti_train.csv");
    learnt.rows.resize(num_training_rows);
    FitOptions options;
    options.num_threads = 2;
    const Model model = make_xgboost_learner({})->fit(rows_of(learnt, "time_mean_ms"), options);
    const double error_pct = mape_of(model, rows_of(read_csv(folder_ + "pool_devices.csv"), "gtx1080ti_mean_ms"));
    RecordProperty("mape_pct", std::to_string(error_pct));
    return error_pct;
  }

 private:
  static Dataset rows_of(const CsvTable& table, const std::string& target) {
    return Dataset::from_csv(table, target, {"batchsize", "matsize", "channels_in", "poolsize", "strides", "padding"});
  }

  std::string folder_;
};

// Histogram gradient boosting of another library, on the same columns and all rows, has 6.5 %. Much less would mean
// that tested layers were learnt.
constexpr double kOtherLibraryPct = 6.5;

TEST_F(MeasuredLayers, ATenthOfTheRowsGivesTwiceTheErrorAtMost) {
  const double error_pct = mape_pct_after(3000);
  EXPECT_LT(error_pct, 2 * kOtherLibraryPct);
  EXPECT_GT(error_pct, kOtherLibraryPct);
}

TEST_F(MeasuredLayers, AllRowsGiveTheErrorOfAnotherLibrary) {
  const double error_pct = mape_pct_after(30000);
  EXPECT_LT(error_pct, 1.2 * kOtherLibraryPct);
  EXPECT_GT(error_pct, 0.7 * kOtherLibraryPct);
}

}  // namespace
}  // namespace perfmodel
