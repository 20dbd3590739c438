#include <ATen/ATen.h>
#include <ATen/CPUGeneratorImpl.h>
#include <ATen/Parallel.h>
#include <gtest/gtest.h>

#include <cmath>
#include <thread>

#include "expect_error.h"
#include "perfmodel/train/resperfnet.h"
#include "synthetic_layers.h"

namespace perfmodel {
namespace {

FitOptions two_threads(std::uint64_t seed = 0) {
  FitOptions options;
  options.seed = seed;
  options.num_threads = 2;
  return options;
}

ResPerfNetOptions brief(const std::string& preset, int epochs = 2) {
  ResPerfNetOptions options = resperfnet_preset(preset);
  options.epochs = epochs;
  return options;
}

Model fit(const ResPerfNetOptions& options, const Dataset& data, const FitOptions& fit_options) {
  return make_resperfnet_learner(options)->fit(data, fit_options);
}

// 2 % log-normal noise is a MAPE of 1.6 that nobody can predict; the rest is what 1500 rows and short training leave.
TEST(ResPerfNetLearner, DefaultLearnsLayersWithinAFewTimesTheNoise) {
  constexpr double kNoise = 0.02, kNoiseMapePct = 1.6, kBoundPct = 6;
  const Dataset data = synthetic_layers(1500, 1, kNoise), fresh = synthetic_layers(500, 2, kNoise);
  const Model model = fit(brief("default", 30), data, two_threads());
  const double error_pct = mape_of(model, fresh);
  RecordProperty("mape_pct", std::to_string(error_pct));
  EXPECT_LT(error_pct, kBoundPct);
  EXPECT_GT(error_pct, kNoiseMapePct / 2);

  std::vector<Prediction> predictions(fresh.num_rows());
  Workspace workspace(model.workspace_bytes(fresh.num_rows()));
  model.predict(fresh.features(), predictions, workspace).throw_if_error();
  std::size_t inside = 0;
  for (std::size_t i = 0; i < fresh.num_rows(); ++i) {
    inside += predictions[i].lower <= fresh.targets()[i] && fresh.targets()[i] <= predictions[i].upper ? 1 : 0;
  }
  EXPECT_EQ(model.info().interval_level, 0.9);
  EXPECT_GT(inside, 0.8 * static_cast<double>(fresh.num_rows()));  // 0.9, from 225 rows that also chose the epoch
  EXPECT_LT(inside, 0.98 * static_cast<double>(fresh.num_rows()));
}

// Matrices 4 times as long as any learnt: 16 times the work.
TEST(ResPerfNetLearner, CostsCarryBeyondTheLearntRange) {
  const Dataset data = with_cost_terms(synthetic_layers(600, 1, 0.02));
  const Dataset larger = with_cost_terms(synthetic_layers(200, 2, 0.0, 4));
  EXPECT_LT(mape_of(fit(brief("default", 10), data, two_threads()), larger), 10);
}

TEST(ResPerfNetLearner, PaperPresetLearns) {
  const Dataset data = synthetic_layers(1000, 1, 0.02), fresh = synthetic_layers(300, 2, 0.02);
  ResPerfNetOptions untrained = brief("paper", 1);
  untrained.learning_rate = 1e-12;
  const double before_pct = mape_of(fit(untrained, data, two_threads()), fresh);
  const double after_pct = mape_of(fit(brief("paper", 40), data, two_threads()), fresh);
  RecordProperty("mape_pct", std::to_string(after_pct));
  EXPECT_LT(after_pct, before_pct / 2);
  EXPECT_LT(after_pct, 60);
  EXPECT_GT(after_pct, 1);
}

TEST(ResPerfNetLearner, SameSeedAndThreadsGiveTheSameBits) {
  const Dataset data = synthetic_layers(200, 1, 0.02), fresh = synthetic_layers(50, 2, 0.02);
  for (const char* preset : {"default", "paper"}) {
    const auto answers = [&](const FitOptions& options) {
      return predicted_means(fit(brief(preset), data, options), fresh.features());
    };
    EXPECT_EQ(answers(two_threads(3)), answers(two_threads(3))) << preset;
    EXPECT_NE(answers(two_threads(3)), answers(two_threads(4))) << preset;
  }
}

TEST(ResPerfNetLearner, MembersSideBySideGiveTheSameBitsAsInTurn) {
  const Dataset data = synthetic_layers(200, 1, 0.02), fresh = synthetic_layers(50, 2, 0.02);
  FitOptions one_thread;
  EXPECT_EQ(predicted_means(fit(brief("default"), data, one_thread), fresh.features()),
            predicted_means(fit(brief("default"), data, two_threads()), fresh.features()));
}

TEST(ResPerfNetLearner, LeavesLibTorchsGlobalsAlone) {
  const int threads_before = at::get_num_threads();
  const at::Generator generator = at::detail::getDefaultCPUGenerator();
  const at::Tensor state_before = generator.get_state();
  fit(brief("default", 1), synthetic_layers(50, 1, 0.02), two_threads());
  FitOptions one_thread;
  fit(brief("paper", 1), synthetic_layers(50, 1, 0.02), one_thread);
  EXPECT_EQ(at::get_num_threads(), threads_before);
  EXPECT_TRUE(at::equal(generator.get_state(), state_before));
}

TEST(ResPerfNetLearner, SaysWhatItKnowsOfTheFit) {
  const Dataset data = synthetic_layers(100, 1, 0.02);
  const Model model = fit(brief("paper"), data, two_threads());
  const ModelInfo& info = model.info();
  EXPECT_EQ(info.kind, "resperfnet");
  EXPECT_EQ(info.preset, "paper");
  EXPECT_EQ(info.target, "time_ms");
  EXPECT_EQ(info.training_rows, 85u);  // 15 % are validation rows
  ASSERT_EQ(info.features.size(), 6u);
  EXPECT_TRUE(info.features[0].used);
  EXPECT_FALSE(info.features[5].used);  // use_bias never varies
}

TEST(ResPerfNetLearner, CostTermsCountAsUsed) {
  const Model model = fit(brief("default", 1), with_cost_terms(synthetic_layers(100, 1, 0.02)), two_threads());
  EXPECT_FALSE(model.info().features[5].used);
  EXPECT_TRUE(model.info().features[6].used);  // cost_call never varies, and is part of every answer
  EXPECT_TRUE(model.info().features[7].used);
}

TEST(ResPerfNetLearner, FitsWithoutValidationRows) {
  FitOptions options = two_threads();
  options.validation_fraction = 0;
  const Model model = fit(brief("default"), synthetic_layers(60, 1, 0.02), options);
  EXPECT_EQ(model.info().training_rows, 60u);
  EXPECT_EQ(model.info().interval_level, 0);
}

TEST(ResPerfNetLearner, ReportsEpochsFromTheCallersThread) {
  FitOptions options = two_threads();
  const std::thread::id caller = std::this_thread::get_id();
  std::vector<Progress> reports;
  options.callbacks.progress = [&](const Progress& progress) {
    EXPECT_EQ(std::this_thread::get_id(), caller);
    reports.push_back(progress);
  };
  fit(brief("default", 3), synthetic_layers(60, 1, 0.02), options);
  ASSERT_FALSE(reports.empty());
  EXPECT_EQ(reports.back().task, "fitting resperfnet");
  EXPECT_EQ(reports.back().total, 6u);  // 2 members of 3 epochs
  EXPECT_EQ(reports.back().done, 6u);
  EXPECT_THAT(reports.back().note, ::testing::ContainsRegex("loss .*, validation MAPE .* %"));
}

TEST(ResPerfNetLearner, TellsOfEveryEpochFromTheCallersThread) {
  constexpr int kEpochs = 5;
  ResPerfNetOptions options = brief("default", kEpochs);
  const std::thread::id caller = std::this_thread::get_id();
  std::vector<std::vector<TrainingEpoch>> members(static_cast<std::size_t>(options.members));
  options.on_epoch = [&](const TrainingEpoch& epoch) {
    EXPECT_EQ(std::this_thread::get_id(), caller);
    members.at(static_cast<std::size_t>(epoch.member)).push_back(epoch);
  };
  fit(options, synthetic_layers(60, 1, 0.02), two_threads());
  for (const std::vector<TrainingEpoch>& epochs : members) {
    ASSERT_EQ(epochs.size(), static_cast<std::size_t>(kEpochs));
    EXPECT_TRUE(epochs.front().best);  // there was none before
    for (int i = 0; i < kEpochs; ++i) {
      EXPECT_EQ(epochs[static_cast<std::size_t>(i)].epoch, i + 1);
      EXPECT_GT(epochs[static_cast<std::size_t>(i)].loss, 0);
      EXPECT_GT(epochs[static_cast<std::size_t>(i)].validation_mape_pct, 0);
    }
  }
}

TEST(ResPerfNetLearner, NoEpochIsBestWithoutValidationRows) {
  ResPerfNetOptions options = brief("default", 2);
  FitOptions fit_options = two_threads();
  fit_options.validation_fraction = 0;
  std::vector<TrainingEpoch> epochs;
  options.on_epoch = [&](const TrainingEpoch& epoch) { epochs.push_back(epoch); };
  fit(options, synthetic_layers(60, 1, 0.02), fit_options);
  ASSERT_FALSE(epochs.empty());
  for (const TrainingEpoch& epoch : epochs) {
    EXPECT_FALSE(epoch.best);
    EXPECT_TRUE(std::isnan(epoch.validation_mape_pct));
  }
}

TEST(ResPerfNetLearner, StopsWhenToldTo) {
  FitOptions options = two_threads();
  int num_questions = 0;
  options.callbacks.cancelled = [&] { return ++num_questions > 2; };
  EXPECT_PM_ERROR(fit(brief("default", 100000), synthetic_layers(60, 1, 0.02), options), ErrorCode::kCancelled,
                  "cancel");
}

TEST(ResPerfNetLearner, PatienceEndsAFitThatNoLongerImproves) {
  ResPerfNetOptions options = brief("default", 5000);
  options.schedule = ResPerfNetOptions::Schedule::kStep;
  options.learning_rate = 1e-12;  // nothing improves but by rounding
  options.patience_epochs = 2;
  FitOptions fit_options = two_threads();
  std::size_t epochs_done = 0;
  fit_options.callbacks.progress = [&](const Progress& progress) { epochs_done = progress.done; };
  fit(options, synthetic_layers(60, 1, 0.02), fit_options);
  EXPECT_LT(epochs_done, 1000u);
}

TEST(ResPerfNetLearner, SaysThatTrainingDiverges) {
  ResPerfNetOptions options = brief("default", 20);
  options.learning_rate = 1e20;
  EXPECT_PM_ERROR(fit(options, synthetic_layers(60, 1, 0.02), two_threads()), ErrorCode::kInvalidArgument,
                  "training diverges");
}

TEST(ResPerfNetLearner, RejectsEmptyDataAndBadFitOptions) {
  const Dataset empty({"a"}, "time_ms");
  EXPECT_PM_ERROR(fit(brief("default"), empty, two_threads()), ErrorCode::kInvalidArgument, "the data set has no rows");
  FitOptions options;
  options.num_threads = 0;
  EXPECT_PM_ERROR(fit(brief("default"), synthetic_layers(60, 1, 0.02), options), ErrorCode::kInvalidArgument,
                  "num_threads is 0");
}

}  // namespace
}  // namespace perfmodel
