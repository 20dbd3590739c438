#include "perfmodel/train/few_layers.h"

#include <gtest/gtest.h>

#include "perfmodel/train/layer_blend.h"
#include "synthetic_layers.h"

namespace perfmodel {
namespace {

constexpr double kNoise = 0.05;

// Of 100 rows with 5 % noise, which makes 4 % MAPE for who knows the law; a median of them is off by hundreds.
TEST(FewLayers, LearnFromAHundredRows) {
  const Dataset rows = with_cost_terms(synthetic_layers(100, 1, kNoise));
  const Dataset fresh = with_cost_terms(synthetic_layers(1000, 2, kNoise));
  const Model model = make_few_layers_learner()->fit(rows, {});
  EXPECT_LT(mape_of(model, fresh), 10);
  EXPECT_GT(mape_of(model, fresh), 3.5);
  EXPECT_EQ(model.info().kind, "few_layers");
  EXPECT_EQ(model.info().training_rows, 100U);
  EXPECT_EQ(model.info().interval_level, 0.9);
}

TEST(FewLayers, GiveTheSameModelAgain) {
  const Dataset rows = with_cost_terms(synthetic_layers(40, 3, kNoise));
  const auto learner = make_few_layers_learner();
  EXPECT_EQ(predicted_means(learner->fit(rows, {}), rows.features()),
            predicted_means(learner->fit(rows, {}), rows.features()));
}

TEST(FewLayers, AreRegistered) {
  LearnerRegistry registry;
  add_layer_learners(registry);
  EXPECT_EQ(registry.make("few_layers")->name(), "few_layers");
}

}  // namespace
}  // namespace perfmodel
