// Each learner on tables that are degenerate or wrong: a model that answers finite numbers, or an error that says what
// is wrong.

#include <gtest/gtest.h>

#include <cmath>

#include "expect_error.h"
#include "perfmodel/learner/registry.h"

namespace perfmodel {
namespace {

/// Rows of two features and a target.
Dataset table(const std::vector<std::vector<double>>& rows) {
  Dataset data({"cores", "clock_mhz"}, "time_ms");
  for (const std::vector<double>& row : rows) data.add_row({row.data(), 2}, row[2]);
  return data;
}

/// The answer for a row in the middle, finite and in its interval.
Prediction expect_finite(const Model& model) {
  Prediction answer;
  const std::vector<double> row = {2, 150};
  Workspace workspace(model.workspace_bytes(1));
  model.predict({row.data(), 1, 2}, {&answer, 1}, workspace).throw_if_error();
  EXPECT_TRUE(std::isfinite(answer.mean) && std::isfinite(answer.lower) && std::isfinite(answer.upper));
  EXPECT_LE(answer.lower, answer.mean);
  EXPECT_LE(answer.mean, answer.upper);
  return answer;
}

class LearnerBadInput : public ::testing::TestWithParam<std::string> {
 protected:
  Model fit(const Dataset& data, const std::string& options = "") const {
    FitOptions all_rows;
    all_rows.validation_fraction = 0;
    return builtin_learners().make(GetParam(), options)->fit(data, all_rows);
  }
};

TEST_P(LearnerBadInput, NoRowsAreAnError) {
  EXPECT_PM_ERROR(fit(table({})), ErrorCode::kInvalidArgument, "the data set has no rows");
}

TEST_P(LearnerBadInput, FewRowsAreAnsweredOrCounted) {
  for (const Dataset& few : {table({{1, 100, 5}}), table({{1, 100, 5}, {2, 200, 6}})}) {
    SCOPED_TRACE(few.num_rows());
    try {
      expect_finite(fit(few));
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), ErrorCode::kInvalidArgument);
      EXPECT_THAT(error.what(), ::testing::HasSubstr("needs at least"));
    }
  }
}

// A Gaussian process rounds where it takes the target's mean off and adds it again.
TEST_P(LearnerBadInput, AConstantTargetIsAnsweredByItself) {
  std::vector<std::vector<double>> rows;
  for (int i = 0; i < 12; ++i) rows.push_back({1.0 + i % 4, 100.0 + 50 * (i % 3), 7});
  try {
    EXPECT_NEAR(expect_finite(fit(table(rows))).mean, 7, 1e-6);
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::kInvalidArgument);
    EXPECT_THAT(error.what(), ::testing::HasSubstr("time_ms is 7 in all 12 rows"));
  }
}

TEST_P(LearnerBadInput, RowsThatContradictEachOtherAreAveraged) {
  std::vector<std::vector<double>> rows;
  for (int i = 0; i < 24; ++i) rows.push_back({1.0 + i % 4, 100.0 + 50 * (i % 3), i < 12 ? 8.0 : 12.0});
  const double mean = expect_finite(fit(table(rows))).mean;
  EXPECT_GE(mean, 8);
  EXPECT_LE(mean, 12);
}

TEST_P(LearnerBadInput, FeaturesThatDoNotVaryAreAnsweredOrAnError) {
  const Dataset same = table({{2, 150, 5}, {2, 150, 6}, {2, 150, 7}, {2, 150, 8}});
  try {
    const double mean = expect_finite(fit(same)).mean;
    EXPECT_GE(mean, 5);
    EXPECT_LE(mean, 8);
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::kInvalidArgument);
    EXPECT_THAT(error.what(), ::testing::HasSubstr("var"));
  }
}

TEST_P(LearnerBadInput, TargetsWithoutALogarithmAreNamed) {
  const std::string logs = R"({"log_target": true})";
  for (const double bad : {0.0, -3.0}) {
    const Dataset data = table({{1, 100, 5}, {2, 200, bad}, {3, 100, 6}, {4, 200, 7}});
    if (GetParam() == "constant") {
      EXPECT_PM_ERROR(fit(data, logs), ErrorCode::kParse, "log_target");  // it has no such option
    } else {
      EXPECT_PM_ERROR(fit(data, logs), ErrorCode::kInvalidArgument,
                      "row 1: time_ms is " + std::string(bad == 0 ? "0" : "-3"));
    }
  }
}

TEST_P(LearnerBadInput, ValuesOfAnySizeAreAnsweredOrRefused) {
  for (const double size : {1e-300, 1e36, 1e300}) {
    SCOPED_TRACE(size);
    std::vector<std::vector<double>> rows;
    for (int i = 0; i < 12; ++i) rows.push_back({1.0 + i % 4, 100.0 + 50 * (i % 3), size * (1 + i)});
    try {
      expect_finite(fit(table(rows)));
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), ErrorCode::kInvalidArgument) << error.what();
    }
  }
}

/// But for additive_cost, which takes features of another sort: additive_cost_learner_test.cpp.
std::vector<std::string> learners_of_any_features() {
  std::vector<std::string> names;
  for (const std::string& name : builtin_learners().names()) {
    if (name != "additive_cost") names.push_back(name);
  }
  return names;
}

INSTANTIATE_TEST_SUITE_P(Builtin, LearnerBadInput, ::testing::ValuesIn(learners_of_any_features()),
                         [](const auto& test) { return test.param; });

}  // namespace
}  // namespace perfmodel
