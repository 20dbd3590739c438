#include <gtest/gtest.h>

#include <cmath>

#include "expect_error.h"
#include "model_files_for_tests.h"
#include "perfmodel/core/random.h"
#include "perfmodel/learner/learner.h"

namespace perfmodel {
namespace {

Dataset noisy_data(std::size_t num_rows) {
  Random random(5);
  Dataset data({"batch"}, "post_ms");
  for (std::size_t i = 0; i < num_rows; ++i) {
    data.add_row(std::vector<double>{static_cast<double>(i % 8)}, 0.001 * std::exp(0.1 * random.normal()));
  }
  return data;
}

TEST(ConstantLearner, AnswersTheMedian) {
  Dataset data({"x"}, "time_ms");
  for (const double target : {5.0, 1.0, 100.0}) data.add_row(std::vector<double>{1}, target);
  const Model model = ConstantLearner().fit(data, {});
  EXPECT_EQ(predict_all(model, {1})[0].mean, 5);
  EXPECT_EQ(model.info().kind, "constant");
  EXPECT_EQ(model.info().target, "time_ms");
  EXPECT_EQ(model.info().training_rows, 3U);
  EXPECT_EQ(model.info().interval_level, 0);
}

TEST(ConstantLearner, CalibratesOnRowsItDidNotFit) {
  const Model model = ConstantLearner().fit(noisy_data(1000), {});
  EXPECT_EQ(model.info().training_rows, 850U);
  EXPECT_EQ(model.info().interval_level, 0.9);
  const Prediction answer = predict_all(model, {1})[0];
  // Log-normal of deviation 0.1: 90 % lie within exp(+-1.645 * 0.1) = 0.848 .. 1.179; from 150 rows to about 0.03.
  EXPECT_NEAR(answer.lower / answer.mean, 0.848, 0.04);
  EXPECT_NEAR(answer.upper / answer.mean, 1.179, 0.05);
  EXPECT_NEAR(answer.mean, 0.001, 0.00002);
}

TEST(ConstantLearner, RepeatsWithTheSameSeed) {
  FitOptions options;
  options.seed = 3;
  const Model a = ConstantLearner().fit(noisy_data(300), options), b = ConstantLearner().fit(noisy_data(300), options);
  EXPECT_EQ(file_of(a), file_of(b));
  options.seed = 4;
  EXPECT_NE(file_of(a), file_of(ConstantLearner().fit(noisy_data(300), options)));
}

TEST(ConstantLearner, TakesASingleRow) {
  EXPECT_NEAR(predict_all(ConstantLearner().fit(noisy_data(1), {}), {0})[0].mean, 0.001, 0.0005);
}

TEST(ConstantLearner, RejectsNoRows) {
  EXPECT_PM_ERROR(ConstantLearner().fit(noisy_data(0), {}), ErrorCode::kInvalidArgument, "the data set has no rows");
}

}  // namespace
}  // namespace perfmodel
