#include "transfer/match_source.h"

#include <gtest/gtest.h>

#include "expect_error.h"
#include "predict/evaluators.h"

namespace perfmodel {
namespace {

ConfigSpace source_space() {
  return ConfigSpace({Option::ordinal("clock_mhz", {100, 200, 400}), Option::integer("cores", 1, 4),
                      Option::categorical("governor", {"fast", "lazy", "off"})});
}

/// Answers 1000 clock + 10 cores + governor, so that one number tells all inputs of the model.
Model source_model() {
  ModelInfo info;
  info.kind = "polynomial";
  info.target = "time_ms";
  info.features = {{"clock_mhz", "mhz", 100, 400, true}, {"cores", "", 1, 4, true}, {"governor", "", 0, 2, true}};
  return Model(info, make_polynomial({3, 0, {1000, 10, 1}, {0, 1, 2, 3}, {{0, 1}, {1, 1}, {2, 1}}}));
}

Prediction answer_of(const Model& model, const std::vector<double>& row) {
  Prediction prediction;
  Workspace workspace(model.workspace_bytes(1));
  model.predict({row.data(), 1, row.size()}, {&prediction, 1}, workspace).throw_if_error();
  return prediction;
}

Model match(std::vector<Option> target) {
  return match_source(source_model(), source_space(), ConfigSpace(std::move(target))).model;
}

TEST(MatchSource, TakesOptionsAndLabelsInAnotherOrder) {
  const Model model = match({Option::categorical("governor", {"off", "fast", "lazy"}), Option::integer("cores", 1, 4),
                             Option::ordinal("clock_mhz", {100, 200, 400})});
  EXPECT_EQ(model.info().features[0].name, "governor");
  EXPECT_EQ(model.info().features[2].unit, "mhz");
  EXPECT_EQ(answer_of(model, {0, 3, 200}).mean, 200032) << "off is label 2 on the source";
  EXPECT_EQ(answer_of(model, {1, 3, 200}).mean, 200030);
  EXPECT_EQ(answer_of(model, {2, 3, 200}).mean, 200031);
}

TEST(MatchSource, TakesSomeOfTheLevels) {
  const Model model = match({Option::ordinal("clock_mhz", {200, 400}), Option::integer("cores", 2, 4, 2),
                             Option::categorical("governor", {"lazy", "off"})});
  EXPECT_EQ(answer_of(model, {200, 4, 0}).mean, 200041);
  EXPECT_EQ(answer_of(model, {400, 2, 1}).mean, 400022);
}

TEST(MatchSource, KeepsNumbersOfMoreLevelsAndSaysWhichWereNotLearnt) {
  const Model model = match({Option::ordinal("clock_mhz", {100, 200, 400, 800}), Option::integer("cores", 1, 8),
                             Option::categorical("governor", {"fast", "lazy", "off"})});
  EXPECT_EQ(answer_of(model, {800, 8, 0}).mean, 800080);
  EXPECT_FALSE(answer_of(model, {800, 1, 0}).in_domain);
  EXPECT_TRUE(answer_of(model, {400, 4, 0}).in_domain);
}

TEST(MatchSource, GoesByRankWhereNumbersDiffer) {
  const Model model = match({Option::ordinal("clock_mhz", {110, 150, 300, 500, 900}), Option::integer("cores", 1, 4),
                             Option::categorical("governor", {"fast", "lazy", "off"})});
  EXPECT_EQ(answer_of(model, {110, 1, 0}).mean, 100010);
  EXPECT_EQ(answer_of(model, {150, 1, 0}).mean, 150010) << "half way from the first level to the second";
  EXPECT_EQ(answer_of(model, {300, 1, 0}).mean, 200010);
  EXPECT_EQ(answer_of(model, {900, 1, 0}).mean, 400010);
  EXPECT_TRUE(answer_of(model, {900, 1, 0}).in_domain) << "it stands for a level that was learnt";
}

// Of one level, a rank says nothing: the source's nearest level it is.
TEST(MatchSource, TakesOptionsOfOneLevel) {
  const Model one = match(
      {Option::ordinal("clock_mhz", {190}), Option::integer("cores", 3, 3), Option::categorical("governor", {"off"})});
  EXPECT_EQ(answer_of(one, {190, 3, 0}).mean, 200032);

  const ConfigSpace single(
      {Option::ordinal("clock_mhz", {200}), Option::integer("cores", 1, 4), Option::categorical("governor", {"off"})});
  const ConfigSpace several({Option::ordinal("clock_mhz", {150, 300, 600}), Option::integer("cores", 1, 4),
                             Option::categorical("governor", {"off"})});
  const Model many = match_source(source_model(), single, several).model;
  for (const double clock : {150, 300, 600}) EXPECT_EQ(answer_of(many, {clock, 1, 0}).mean, 200010);
}

TEST(MatchSource, NamesWhatDoesNotMatch) {
  const Option clock = Option::ordinal("clock_mhz", {100, 200, 400}), cores = Option::integer("cores", 1, 4);
  const Option governor = Option::categorical("governor", {"fast", "lazy", "off"});
  EXPECT_PM_ERROR(match({clock, cores, governor, Option::boolean("turbo")}), ErrorCode::kMismatch,
                  "option 'turbo' is not among the source's options (clock_mhz, cores, governor)");
  EXPECT_PM_ERROR(match({clock, governor}), ErrorCode::kMismatch,
                  "option 'cores' is not among the target's options (clock_mhz, governor)");
  EXPECT_PM_ERROR(match({clock, cores, Option::integer("governor", 0, 2)}), ErrorCode::kMismatch,
                  "option 'governor' is categorical on the source and integer on the target");
  EXPECT_PM_ERROR(match({clock, Option::categorical("cores", {"1", "2"}), governor}), ErrorCode::kMismatch,
                  "option 'cores' is integer on the source and categorical on the target");
  EXPECT_PM_ERROR(match({clock, cores, Option::categorical("governor", {"fast", "turbo"})}), ErrorCode::kMismatch,
                  "the target's level 'turbo' is unknown to the source: option 'governor': 'turbo' is not an allowed "
                  "level ('fast', 'lazy', 'off')");
  const ConfigSpace other({clock, governor, cores});
  EXPECT_PM_ERROR(match_source(source_model(), other, other), ErrorCode::kMismatch,
                  "the source model's features (clock_mhz, cores, governor) are not the source's options (clock_mhz, "
                  "governor, cores)");
}

}  // namespace
}  // namespace perfmodel
