#include <gtest/gtest.h>

#include <cmath>

#include "expect_error.h"
#include "learner/training_info.h"
#include "synthetic_configurations.h"
#include "synthetic_layers.h"
#include "train_torch/mlp_fit.h"

namespace perfmodel {
namespace {

using Activation = MlpOptions::Activation;

constexpr double kNoise = 0.02;  // whose mean absolute value is 1.6 %: no model can be better on noisy rows

Model fit(const MlpOptions& options, const Dataset& data, const FitOptions& fit_options = {}) {
  return make_mlp_learner(options)->fit(data, fit_options);
}

FitOptions without_validation(std::uint64_t seed = 0) {
  FitOptions options;
  options.seed = seed;
  options.validation_fraction = 0;
  return options;
}

TEST(MlpLearner, PerfmodelAnswersWhatLibTorchDoes) {
  constexpr double kRelative = 1e-4;  // what the project promises: float32 sums for double precision
  const Dataset data = synthetic_configurations(200, 1, kNoise), rows = synthetic_configurations(1000, 2, kNoise);
  for (const auto activation : {Activation::kTanh, Activation::kRelu}) {
    for (const std::vector<int>& hidden : {std::vector<int>{40}, std::vector<int>{8}, std::vector<int>{16, 8}}) {
      for (const bool log_target : {false, true}) {
        MlpOptions options;
        options.hidden_units = hidden;
        options.activation = activation;
        options.log_target = log_target;
        options.members = hidden.size() == 1 ? 1 : 2;
        const MlpFit trained = fit_mlp(data, options, {});
        const std::vector<double> torch = forward_in_torch(trained, rows.features());
        const Model model(training_info("mlp", data), to_evaluator(trained));
        const std::vector<double> ours = predicted_means(model, rows.features());
        for (std::size_t i = 0; i < ours.size(); ++i) {
          ASSERT_NEAR(ours[i], torch[i], kRelative * std::abs(torch[i])) << "row " << i;
        }
      }
    }
  }
}

TEST(MlpLearner, LearnsASmoothFunctionDownToItsNoise) {
  const Dataset data = synthetic_configurations(768, 1, kNoise), fresh = synthetic_configurations(500, 2, kNoise);
  for (const bool log_target : {false, true}) {
    MlpOptions options;
    options.log_target = log_target;
    const double error_pct = mape_of(fit(options, data), fresh);
    EXPECT_LT(error_pct, 3) << "log_target " << log_target;
    EXPECT_GT(error_pct, 1.3) << "log_target " << log_target;
  }
}

TEST(MlpLearner, LearnsFromNineteenRows) {
  const Dataset data = synthetic_configurations(19, 1, kNoise), fresh = synthetic_configurations(500, 2, kNoise);
  MlpOptions options;
  options.hidden_units = {8};
  options.log_target = true;
  const double error_pct = mape_of(fit(options, data, without_validation()), fresh);
  EXPECT_LT(error_pct, 15);
  EXPECT_GT(error_pct, 3);
  EXPECT_GT(mape_of(ConstantLearner().fit(data, {}), fresh), 25) << "the median alone would do";
}

TEST(MlpLearner, AveragesMembers) {
  const Dataset data = synthetic_configurations(60, 1, 0.1), fresh = synthetic_configurations(500, 2, 0);
  MlpOptions options;
  options.l2 = 0;  // overfits, so that members differ
  double alone_pct = 0;
  constexpr int kSeeds = 5;
  for (int seed = 0; seed < kSeeds; ++seed) {
    alone_pct += mape_of(fit(options, data, without_validation(seed)), fresh) / kSeeds;
  }
  options.members = kSeeds;
  EXPECT_LT(mape_of(fit(options, data, without_validation()), fresh), alone_pct);
}

TEST(MlpLearner, SameSeedGivesTheSameBitsWhateverTheThreads) {
  const Dataset data = synthetic_configurations(100, 1, kNoise), fresh = synthetic_configurations(50, 2, 0);
  const auto answers = [&](std::uint64_t seed, int num_threads) {
    FitOptions options;
    options.seed = seed;
    options.num_threads = num_threads;
    const Model model = fit({}, data, options);
    std::vector<double> means = predicted_means(model, fresh.features());
    means.push_back(model.info().interval_upper_factor);
    return means;
  };
  EXPECT_EQ(answers(3, 1), answers(3, 4));
  EXPECT_NE(answers(3, 1), answers(4, 1));
}

TEST(MlpLearner, SetsEnoughRowsAsideToCalibrateOrNone) {
  const Dataset fresh = synthetic_configurations(1000, 2, kNoise);
  const auto coverage = [&](const Model& model) {
    std::vector<Prediction> predictions(fresh.num_rows());
    Workspace workspace(model.workspace_bytes(fresh.num_rows()));
    model.predict(fresh.features(), predictions, workspace).throw_if_error();
    double inside = 0;
    for (std::size_t i = 0; i < predictions.size(); ++i) {
      const double target = fresh.targets()[i];
      inside += predictions[i].lower <= target && target <= predictions[i].upper ? 1 : 0;
    }
    return inside / static_cast<double>(predictions.size());
  };
  const Model many = fit({}, synthetic_configurations(400, 1, kNoise));
  EXPECT_EQ(many.info().training_rows, 340u);
  EXPECT_NEAR(coverage(many), 0.9, 0.09);  // 60 ratios: the 4th from either end, two standard deviations of its rank
  const Model few = fit({}, synthetic_configurations(100, 1, kNoise));
  EXPECT_EQ(few.info().training_rows, 100u);
  EXPECT_NEAR(coverage(few), 0.9, 0.09);
  EXPECT_EQ(fit({}, synthetic_configurations(100, 1, kNoise), without_validation()).info().interval_level, 0);
  EXPECT_EQ(fit({}, synthetic_configurations(12, 1, kNoise)).info().interval_level, 0);
}

TEST(MlpLearner, SaysWhatItKnowsOfTheFit) {
  const Model model = fit({}, synthetic_configurations(50, 1, kNoise));
  EXPECT_EQ(model.info().kind, "mlp");
  EXPECT_EQ(model.info().target, "time_s");
  EXPECT_TRUE(model.info().features[0].used);
  EXPECT_FALSE(model.info().features[3].used);
  EXPECT_EQ(make_mlp_learner()->name(), "mlp");
}

TEST(MlpLearner, AnswersAConstantTargetWithIt) {
  Dataset data({"a"}, "power_mw");
  for (int i = 0; i < 10; ++i) data.add_row(std::vector<double>{1.0 * i}, 4321);
  const std::vector<double> rows = {-5, 3, 20};
  for (const bool log_target : {false, true}) {
    MlpOptions options;
    options.log_target = log_target;
    for (const double mean : predicted_means(fit(options, data), {rows.data(), 3, 1})) EXPECT_NEAR(mean, 4321, 0.1);
  }
}

TEST(MlpLearner, RejectsWhatItCannotTrainOn) {
  EXPECT_PM_ERROR(fit({}, Dataset({"a"}, "time_s")), ErrorCode::kInvalidArgument, "the data set has no rows");
  EXPECT_PM_ERROR(fit({}, synthetic_configurations(2, 1, 0)), ErrorCode::kInvalidArgument,
                  "the data set has 2 rows, mlp needs at least 3");
  Dataset zero = synthetic_configurations(10, 1, 0);
  zero.add_row(std::vector<double>{1, 1, 1, 1}, 0);
  MlpOptions log_target;
  log_target.log_target = true;
  EXPECT_PM_ERROR(fit(log_target, zero), ErrorCode::kInvalidArgument,
                  "row 10: time_s is 0, mlp with log_target needs targets > 0");
  EXPECT_NO_THROW(fit({}, zero));
  Dataset flat({"a"}, "time_s");
  for (int i = 0; i < 20; ++i) flat.add_row(std::vector<double>{1}, 1 + i);
  EXPECT_PM_ERROR(fit({}, flat), ErrorCode::kInvalidArgument,
                  "none of the 1 features varies over the 20 training rows");
  FitOptions nearly_all;
  nearly_all.validation_fraction = 0.99;
  EXPECT_PM_ERROR(fit({}, synthetic_configurations(100, 1, 0), nearly_all), ErrorCode::kInvalidArgument,
                  "validation_fraction 0.99 leaves 1 of 100 rows to train on");
}

TEST(MlpLearner, StopsWhenToldTo) {
  FitOptions options;
  int num_questions = 0;
  options.callbacks.cancelled = [&] { return ++num_questions > 3; };
  EXPECT_PM_ERROR(fit({}, synthetic_configurations(100, 1, kNoise), options), ErrorCode::kCancelled, "cancel");
}

TEST(MlpOptions, OutOfRangeNamesTheOptionItsValueAndWhatIsAllowed) {
  const auto rejected = [](auto spoil) {
    MlpOptions options;
    spoil(options);
    make_mlp_learner(options);
  };
  const auto kBad = ErrorCode::kInvalidArgument;
  EXPECT_PM_ERROR(rejected([](MlpOptions& o) { o.hidden_units = {}; }), kBad,
                  "option 'hidden_units' holds 0 layers, allowed is 1 to 16");
  EXPECT_PM_ERROR(rejected([](MlpOptions& o) {
                    o.hidden_units = {8, 0};
                  }),
                  kBad, "option 'hidden_units' is 0, allowed is 1 to 4096");
  EXPECT_PM_ERROR(rejected([](MlpOptions& o) { o.l2 = -1; }), kBad, "option 'l2' is -1, at least 0 is allowed");
  EXPECT_PM_ERROR(rejected([](MlpOptions& o) { o.max_iterations = 0; }), kBad, "option 'max_iterations' is 0");
  EXPECT_PM_ERROR(rejected([](MlpOptions& o) { o.members = 101; }), kBad, "option 'members' is 101, allowed is 1 to");
}

}  // namespace
}  // namespace perfmodel
