#include "perfmodel/train/layer_blend.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "expect_error.h"
#include "synthetic_layers.h"

namespace perfmodel {
namespace {

constexpr double kNoise = 0.05;      // who knows the law errs by 4 % MAPE
constexpr double kLawMapePct = 3.5;  // below that a fit saw what it is tested on
constexpr std::size_t kManyRows = 8000;

Dataset layers(std::size_t num_rows, std::uint64_t seed) {
  return with_cost_terms(synthetic_layers(num_rows, seed, kNoise));
}

// A median is off by hundreds of percent, and the noise alone makes 4.
TEST(LayerBlend, LearnsFromSomeHundredRows) {
  const Dataset fresh = layers(1000, 2);
  const Model model = make_layer_blend_learner()->fit(layers(400, 1), {});
  EXPECT_LT(mape_of(model, fresh), 8);
  EXPECT_GT(mape_of(model, fresh), kLawMapePct);
  EXPECT_EQ(model.info().kind, "layer_blend");
  EXPECT_EQ(model.info().training_rows, 400U);
  EXPECT_EQ(model.info().interval_level, 0.9);
}

TEST(LayerBlend, GivesTheSameModelAgain) {
  const Dataset rows = layers(150, 3);  // enough to set 20 aside
  const auto learner = make_layer_blend_learner();
  EXPECT_EQ(predicted_means(learner->fit(rows, {}), rows.features()),
            predicted_means(learner->fit(rows, {}), rows.features()));
}

// Trees and PerfNets are fitted twice each, and all four fits count as long as the first, that of the trees.
std::size_t num_trees_planned(std::size_t num_rows) {
  constexpr std::size_t kFits = 4;
  std::size_t num_steps = 0;
  FitOptions options;
  options.callbacks.progress = [&](const Progress& progress) { num_steps = progress.total; };
  options.callbacks.cancelled = [&] { return num_steps > 0; };
  EXPECT_PM_ERROR(make_layer_blend_learner()->fit(layers(num_rows, 4), options), ErrorCode::kCancelled, "xgboost");
  return num_steps / kFits;
}

TEST(LayerBlend, GrowsMoreTreesFromEightThousandRowsOn) {
  EXPECT_EQ(num_trees_planned(kManyRows - 1), 600U);
  EXPECT_EQ(num_trees_planned(kManyRows), 2000U);
}

TEST(LayerBlend, LearnsFromManyRows) {
  const Dataset fresh = layers(1000, 6);
  const Model model = make_layer_blend_learner()->fit(layers(kManyRows, 5), {});
  EXPECT_LT(mape_of(model, fresh), 5);
  EXPECT_GT(mape_of(model, fresh), kLawMapePct);
}

TEST(LayerBlend, NamesTheMemberThatCannotFit) {
  EXPECT_PM_ERROR(make_layer_blend_learner()->fit(layers(9, 7), {}), ErrorCode::kInvalidArgument,
                  "xgboost needs at least 10");
}

TEST(LayerBlend, IsRegisteredAndTakesNoOptions) {
  LearnerRegistry registry;
  add_layer_learners(registry);
  EXPECT_EQ(registry.make("layer_blend")->name(), "layer_blend");
  EXPECT_PM_ERROR(registry.make("layer_blend", R"({"members": 3})"), ErrorCode::kParse, "members");
}

TEST(Blend, TakesMembersInItsOptions) {
  LearnerRegistry registry;
  add_layer_learners(registry);
  EXPECT_EQ(registry.make("blend", R"({"members": [{"learner": "xgboost"}], "shrinkage": 0.5})")->name(), "blend");
  EXPECT_PM_ERROR(registry.make("blend", R"({"members": [{"learner": "forest"}]})"), ErrorCode::kUnsupported,
                  "learner 'forest' is not registered; there are mlp, perfnet, resperfnet, xgboost");
  EXPECT_PM_ERROR(registry.make("blend", R"({"members": []})"), ErrorCode::kInvalidArgument, "a blend without members");
}

/// What is told of at `member` of three, each of which is fitted twice; the blend's fit is stopped there.
std::string task_at(double member) {
  LearnerRegistry registry;
  add_layer_learners(registry);
  std::string task;
  FitOptions options;
  options.callbacks.progress = [&](const Progress& progress) {
    constexpr double kFits = 6;
    if (kFits * static_cast<double>(progress.done) > member * static_cast<double>(progress.total)) task = progress.task;
  };
  options.callbacks.cancelled = [&] { return !task.empty(); };
  EXPECT_PM_ERROR(registry.make("blend")->fit(layers(150, 8), options), ErrorCode::kCancelled, "cancelled");
  return task;
}

TEST(Blend, IsOfXGBoostResPerfNetAndMlp) {
  EXPECT_EQ(task_at(0), "fitting xgboost");
  EXPECT_EQ(task_at(1), "fitting resperfnet");
  EXPECT_EQ(task_at(2), "fitting mlp");
}

// As well on as many rows.
TEST(Blend, LearnsAsLayerBlendDoes) {
  const Dataset fresh = layers(1000, 2);
  LearnerRegistry registry;
  add_layer_learners(registry);
  const Model model = registry.make("blend")->fit(layers(400, 1), {});
  EXPECT_LT(mape_of(model, fresh), 8);
  EXPECT_GT(mape_of(model, fresh), kLawMapePct);
  EXPECT_EQ(model.info().kind, "blend");
  EXPECT_EQ(model.info().interval_level, 0.9);
}

}  // namespace
}  // namespace perfmodel
