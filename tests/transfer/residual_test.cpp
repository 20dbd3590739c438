#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <vector>

#include "boards.h"
#include "expect_error.h"
#include "perfmodel/core/random.h"
#include "perfmodel/learner/registry.h"
#include "perfmodel/transfer/replay.h"

namespace perfmodel {
namespace {

constexpr double kWobble = 0.05;

/// A target that weighs the parts of the time otherwise than the source: a slower GPU, faster cores, and an overhead
/// that grows with the setting that does nothing on the source.
double reweighed_ms(const std::vector<double>& values, std::uint64_t chance) {
  const double cores = 1 + values[0] + values[1];
  const double wobble = 1 + kWobble * (static_cast<double>(chance * 7919 % 101) / 50 - 1);
  return (12000 / values[3] + 3000 / (values[2] * cores) + 0.5 * values[4]) * wobble;
}

Boards reweighed_boards() {
  Boards boards = make_boards();
  for (std::size_t i = 0; i < boards.target_values.size(); ++i) {
    boards.target_values[i] = reweighed_ms(boards.problem.target_space.values(boards.problem.candidates[i]), i);
  }
  return boards;
}

/// The source's targets dealt out at random: they say nothing of the target.
Boards misled_boards() {
  Boards boards = reweighed_boards();
  std::vector<double> targets(boards.problem.source.targets().begin(), boards.problem.source.targets().end());
  Random(11).shuffle(Span<double>(targets));
  Dataset source(boards.problem.source.feature_names(), boards.problem.source.target_name());
  for (std::size_t i = 0; i < targets.size(); ++i) {
    source.add_row(boards.problem.source.features().row(i), targets[i]);
  }
  boards.problem.source = source;
  return boards;
}

/// Means over a few seeds.
struct Replays {
  double mape_pct = 0, coverage_pct = 0;
};

Replays replay(const std::string& strategy, const Boards& boards, std::size_t budget) {
  constexpr int kSeeds = 5;
  Replays mean;
  for (std::uint64_t seed = 0; seed < kSeeds; ++seed) {
    const auto session = start(strategy, boards, seed);
    const ReplayResult result = replay_transfer(*session, boards.problem, boards.target_values, budget);
    mean.mape_pct += result.mape_pct / kSeeds;
    mean.coverage_pct += result.coverage_pct / kSeeds;
  }
  return mean;
}

// The wobble alone makes 2.5 % on average.
TEST(Residual, LearnsOtherWeightsOfTheParts) {
  const Boards boards = reweighed_boards();
  const double residual = replay("residual", boards, 15).mape_pct;
  EXPECT_GT(residual, 2);
  EXPECT_LT(residual, 5);
  for (const char* shift : {"dm", "lms", "nlms"}) {
    EXPECT_LT(residual, 0.75 * replay(shift, boards, 15).mape_pct) << shift;
  }
  EXPECT_LT(residual, replay("gs", boards, 15).mape_pct);  // sweeps a space as small as this one nearly whole
}

TEST(Residual, MatchesALineWhereTheTargetIsOne) {
  const double error = replay("residual", make_boards(), 12).mape_pct;
  EXPECT_GT(error, 2);
  EXPECT_LT(error, 4);
}

TEST(Residual, KnowsHowSureItIs) {
  const double coverage = replay("residual", reweighed_boards(), 15).coverage_pct;
  EXPECT_GT(coverage, 83);
  EXPECT_LT(coverage, 99);
}

TEST(Residual, SaysWhatItFound) {
  const Boards boards = reweighed_boards();
  const auto session = start("residual", boards);
  EXPECT_TRUE(session->explain().empty());
  for (const std::size_t candidate : session->ask(12)) session->tell(candidate, {boards.target_values[candidate], {}});
  const std::vector<std::string> words = session->explain();
  ASSERT_GE(words.size(), 2U);
  EXPECT_NE(words[0].find("log source"), std::string::npos);
  EXPECT_NE(words[1].find("per standard deviation"), std::string::npos);
}

TEST(Residual, RefusesNumbersWithoutALogarithm) {
  const Boards boards = make_boards();
  const auto session = start("residual", boards);
  EXPECT_PM_ERROR(session->tell(2, {0, {}}), ErrorCode::kInvalidArgument,
                  "the value is 0, residual takes finite positive");
  session->tell(2, {1, {}});
  EXPECT_PM_ERROR(session->model(), ErrorCode::kInvalidArgument, "residual needs at least 3 measurements, 1 were told");

  Boards negative = make_boards();
  negative.problem.source.add_row(std::vector<double>{1, 1, 500, 100, 1}, -4);
  EXPECT_PM_ERROR(start("residual", negative), ErrorCode::kInvalidArgument,
                  "the target 'time_ms' is -4, residual takes its logarithm");
}

// A target where nothing varies but the noise, and a source where nothing varies at all.
TEST(Residual, AnswersForConstants) {
  Boards boards = make_boards();
  Dataset source(boards.problem.source.feature_names(), "time_ms");
  for (std::size_t i = 0; i < boards.problem.source.num_rows(); ++i) {
    source.add_row(boards.problem.source.features().row(i), 7);
  }
  boards.problem.source = source;
  std::fill(boards.target_values.begin(), boards.target_values.end(), 20.0);
  const ReplayResult result = replay_transfer(*start("residual", boards), boards.problem, boards.target_values, 6);
  EXPECT_LT(result.mape_pct, 1e-3);
}

TEST(Residual, TakesSpacesWithNamesAndOneConfiguration) {
  const ConfigSpace space(
      {Option::categorical("scheduler", {"fair", "fifo", "round"}), Option::integer("cores", 1, 4)});
  Dataset source({"scheduler", "cores"}, "time_ms");
  std::vector<double> values;
  for (const Configuration& configuration : all_configurations(space)) {
    const std::vector<double> row = space.values(configuration);
    source.add_row(row, (row[0] == 1 ? 30 : 10) / row[1]);
    values.push_back((row[0] == 1 ? 40 : 25) / row[1]);
  }
  const Boards boards{{space, space, source, all_configurations(space)}, values};
  EXPECT_LT(replay("residual", boards, 8).mape_pct, 10);

  const ConfigSpace one({Option::ordinal("clock_mhz", {100})});
  Dataset lone({"clock_mhz"}, "time_ms");
  lone.add_row(std::vector<double>{100}, 3);
  const Boards single{{one, one, lone, all_configurations(one)}, {4}};
  const auto session = start("residual", single);
  EXPECT_EQ(session->ask(5), std::vector<std::size_t>{0});
}

TEST(Auto, IsNotMisledByASourceThatSaysNothing) {
  const Boards boards = misled_boards();
  const double chosen = replay("auto", boards, 30).mape_pct;
  double alone = 0;
  constexpr int kSeeds = 5;
  for (std::uint64_t seed = 0; seed < kSeeds; ++seed) {
    const auto session = start("lms", boards, seed);  // random measurements
    Dataset rows(boards.problem.source.feature_names(), "time_ms");
    std::vector<bool> measured(boards.target_values.size(), false);
    for (const std::size_t candidate : session->ask(30)) {
      measured[candidate] = true;
      rows.add_row(boards.problem.target_space.values(boards.problem.candidates[candidate]),
                   boards.target_values[candidate]);
    }
    const Model model = make_tree_learner()->fit(rows, {});
    Workspace workspace(model.workspace_bytes(1));
    double error_pct = 0;
    for (std::size_t i = 0; i < measured.size(); ++i) {
      if (measured[i]) continue;
      const std::vector<double> row = boards.problem.target_space.values(boards.problem.candidates[i]);
      Prediction prediction;
      model.predict({row.data(), 1, row.size()}, {&prediction, 1}, workspace).throw_if_error();
      error_pct += 100 * std::abs(prediction.mean / boards.target_values[i] - 1);
    }
    alone += error_pct / static_cast<double>(measured.size() - 30) / kSeeds;
  }
  EXPECT_LT(chosen, 1.1 * alone);
}

TEST(Auto, TakesTheStrategyThatPredictsRowsLeftOutBest) {
  const Boards boards = reweighed_boards();
  const auto session = start("auto", boards);
  for (const std::size_t candidate : session->ask(15)) session->tell(candidate, {boards.target_values[candidate], {}});
  const std::vector<std::string> words = session->explain();
  ASSERT_EQ(words.size(), 5U);
  EXPECT_EQ(words[0].find("residual"), 0U);
  std::size_t num_taken = 0;
  for (const std::string& line : words) num_taken += line.find(", taken") != std::string::npos ? 1 : 0;
  EXPECT_EQ(num_taken, 1U);
  EXPECT_EQ(session->model().info().kind, "auto");
  EXPECT_LT(replay("auto", boards, 15).mape_pct, 5);
}

/// A tree that counts how often it is fitted.
class CountingLearner final : public Learner {
 public:
  std::string name() const override { return "counting"; }
  Model fit(const Dataset& data, const FitOptions& options) const override {
    ++num_fits;
    return make_tree_learner()->fit(data, options);
  }
  mutable int num_fits = 0;
};

TEST(Auto, ComparesOnceForTheSameMeasurements) {
  constexpr int kFolds = 10;
  const Boards boards = make_boards();
  const auto learner = std::make_shared<CountingLearner>();
  const auto session = start_transfer("auto", boards.problem, source_model(boards), learner, TransferOptions());
  for (const std::size_t candidate : session->ask(12)) session->tell(candidate, {boards.target_values[candidate], {}});
  const std::vector<std::string> words = session->explain();
  EXPECT_EQ(learner->num_fits, kFolds);
  session->model();
  EXPECT_EQ(session->explain(), words);
  EXPECT_LE(learner->num_fits, kFolds + 1) << "the model itself, where the tree is taken";
  const int before = learner->num_fits;
  for (const std::size_t candidate : session->ask(1)) session->tell(candidate, {boards.target_values[candidate], {}});
  session->explain();
  EXPECT_EQ(learner->num_fits, before + kFolds) << "what was told since counts";
}

}  // namespace
}  // namespace perfmodel
