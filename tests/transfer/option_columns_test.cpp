#include "transfer/option_columns.h"

#include <gtest/gtest.h>

#include "expect_error.h"
#include "perfmodel/learner/gaussian_process.h"
#include "perfmodel/learner/trees.h"
#include "perfmodel/transfer/indicator_learner.h"
#include "server_boards.h"

namespace perfmodel {
namespace {

Option labels(const std::string& name, std::size_t count) {
  std::vector<std::string> labels;
  for (std::size_t i = 0; i < count; ++i) labels.push_back(name + std::to_string(i));
  return Option::categorical(name, labels);
}

ConfigSpace mixed_space() {
  return ConfigSpace({labels("a", 4), Option::ordinal("clock_mhz", {1, 10, 1000}), labels("two", 2), labels("b", 3)});
}

TEST(OptionColumns, AreThoseOfTheSpacesEncoding) {
  const ConfigSpace space = mixed_space();
  EncodingOptions plain;
  plain.log_decades = false;
  const OptionColumns columns(space);
  EXPECT_EQ(columns.names(), space.feature_names(plain));
  EXPECT_EQ(columns.inputs(), (std::vector<std::int32_t>{0, 0, 0, 0, 1, 2, 3, 3, 3}));
  Dataset rows({"a", "clock_mhz", "two", "b"}, "time_ms");
  for (const Configuration& configuration : all_configurations(space)) rows.add_row(space.values(configuration), 1);
  const Dataset spread = columns.spread(rows);
  std::vector<double> expected(columns.size());
  std::size_t row = 0;
  for (const Configuration& configuration : all_configurations(space)) {
    space.encode(configuration, plain, expected);
    const Span<const double> found = spread.features().row(row++);
    EXPECT_EQ(std::vector<double>(found.begin(), found.end()), expected);
  }
  EXPECT_EQ(row, rows.num_rows());
}

TEST(OptionColumns, OfNumbersAndPairsAreTheOptionsThemselves) {
  const OptionColumns columns(ConfigSpace({labels("two", 2), Option::integer("batch", 1, 100000)}));
  EXPECT_FALSE(columns.has_indicators());
  EXPECT_EQ(columns.names(), (std::vector<std::string>{"two", "batch"}));
  for (const InputMap& map : columns.maps()) EXPECT_TRUE(map.from.empty());
}

TEST(OptionColumns, RefuseMoreLabelsThanAModelCanTake) {
  EXPECT_EQ(OptionColumns(ConfigSpace({labels("model", 256), labels("two", 2)})).size(), 257U);
  EXPECT_PM_ERROR(OptionColumns(ConfigSpace({labels("model", 257)})), ErrorCode::kInvalidArgument,
                  "option 'model' has 257 labels: each is a feature of its own, the space has 257 of these, at most "
                  "256 are allowed");
  EXPECT_PM_ERROR(OptionColumns(ConfigSpace({labels("few", 100), labels("model", 200)})), ErrorCode::kInvalidArgument,
                  "option 'model' has 200 labels: each is a feature of its own, the space has 300 of these");
}

TEST(OptionColumns, RefuseRowsOfAnotherWidth) {
  EXPECT_PM_ERROR(OptionColumns(mixed_space()).spread(Dataset({"a"}, "time_ms")), ErrorCode::kMismatch,
                  "the rows have 1 features, the space has 4 options");
}

// A column of free text in a table: what needs numbers refuses it at once, the others answer.
TEST(OptionColumns, KeepStrategiesFromFreeText) {
  constexpr std::size_t kLabels = 6000;
  const ConfigSpace space({labels("commit", kLabels)});
  Dataset source({"commit"}, "time_ms");
  for (std::size_t i = 0; i < kLabels; ++i) source.add_row(std::vector<double>{1.0 * i}, 1 + i % 7);
  const Boards boards{{space, space, source, all_configurations(space)}, {}};
  for (const char* strategy : {"residual", "auto", "gs"}) {
    EXPECT_PM_ERROR(start(strategy, boards), ErrorCode::kInvalidArgument, "option 'commit' has 6000 labels");
  }
  for (const char* strategy : {"dm", "lms", "nlms"}) EXPECT_NO_THROW(start(strategy, boards)) << strategy;
}

TEST(IndicatorLearner, FindsOneLabelApartFromAllOthers) {
  const ConfigSpace space = mixed_space();
  Dataset rows({"a", "clock_mhz", "two", "b"}, "time_ms");
  for (const Configuration& configuration : all_configurations(space)) {
    const std::vector<double> row = space.values(configuration);
    rows.add_row(row, (row[0] == 1 ? 100 : 10) + row[2]);  // one label apart from all others: no line through the index
  }
  StepwiseOptions main_effects;
  main_effects.max_order = 1;
  const std::shared_ptr<const Learner> plain = make_stepwise_learner(main_effects);
  const std::shared_ptr<const Learner> learner = make_indicator_learner(plain, space);
  EXPECT_EQ(learner->name(), "stepwise");
  FitOptions options;
  options.interval_level = 0;
  const auto largest_error = [&](const Model& model) {
    EXPECT_EQ(model.info().features[0].name, "a");
    EXPECT_EQ(model.info().features[0].maximum, 3);
    std::vector<double> answers(rows.num_rows());
    Workspace workspace(model.evaluator().scratch_bytes(rows.num_rows()));
    model.evaluator().evaluate(rows.features(), answers, workspace.data());
    double largest = 0;
    for (std::size_t i = 0; i < answers.size(); ++i) {
      largest = std::max(largest, std::abs(answers[i] - rows.targets()[i]));
    }
    return largest;
  };
  constexpr double kRounding = 1e-9;
  EXPECT_LT(largest_error(learner->fit(rows, options)), kRounding);
  EXPECT_GT(largest_error(plain->fit(rows, options)), 10);
}

TEST(IndicatorLearner, LeavesTreesAndNumbersAlone) {
  const std::shared_ptr<const Learner> tree = make_tree_learner(), process = make_gaussian_process_learner();
  EXPECT_EQ(make_indicator_learner(tree, mixed_space()), tree);
  EXPECT_EQ(make_indicator_learner(process, board_space()), process);
  EXPECT_NE(make_indicator_learner(process, mixed_space()), process);
  EXPECT_PM_ERROR(make_indicator_learner(nullptr, mixed_space()), ErrorCode::kInvalidArgument, "there is no learner");
}

}  // namespace
}  // namespace perfmodel
