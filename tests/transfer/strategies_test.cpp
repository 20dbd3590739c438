#include <gtest/gtest.h>

#include <algorithm>

#include "boards.h"
#include "perfmodel/transfer/replay.h"
#include "transfer/guided_pool.h"

namespace perfmodel {
namespace {

ReplayResult replay(const std::string& strategy, const Boards& boards, std::size_t budget = 12) {
  return replay_transfer(*start(strategy, boards), boards.problem, boards.target_values, budget);
}

TEST(DirectModel, AnswersWithTheSourceModel) {
  const Boards boards = make_boards();
  const ReplayResult result = replay("dm", boards);
  EXPECT_TRUE(result.measured.empty());
  double expected_pct = 0;
  for (std::size_t i = 0; i < boards.target_values.size(); ++i) {
    const double answer = source_ms(boards.problem.target_space.values(boards.problem.candidates[i]));
    expected_pct +=
        100 * std::abs(answer / boards.target_values[i] - 1) / static_cast<double>(boards.target_values.size());
  }
  constexpr double kFloatLeaves = 1e-4;  // a tree's leaves are float32
  EXPECT_NEAR(result.mape_pct, expected_pct, kFloatLeaves);
}

// The target is a line on the source, but for 5 % by chance: 2.5 % on average.
TEST(LinearModelShift, FindsTheLine) {
  const ReplayResult result = replay("lms", make_boards());
  EXPECT_EQ(result.measured.size(), 12U);
  EXPECT_GT(result.mape_pct, 1.5);
  EXPECT_LT(result.mape_pct, 5);
}

TEST(NonlinearModelShift, FollowsTheSource) {
  const ReplayResult result = replay("nlms", make_boards(), 30);
  EXPECT_GT(result.mape_pct, 1.5);
  EXPECT_LT(result.mape_pct, 15);
}

TEST(MatchedLevels, GoByRankWhereTheirNumbersDiffer) {
  EXPECT_LT(replay("lms", make_boards({111, 333, 555, 999})).mape_pct, 5);
}

TEST(GuidedSampling, SweepsATermWithAllOthersAtTheirDefaults) {
  const ConfigSpace space = board_space();
  const std::vector<Configuration> candidates = all_configurations(space);
  const std::vector<std::size_t> swept = sweep_term(space, candidates, {2, 3});
  EXPECT_EQ(swept.size(), 16U);
  for (const std::size_t candidate : swept) {
    EXPECT_EQ(candidates[candidate][0], 1U);
    EXPECT_EQ(candidates[candidate][1], 1U);
    EXPECT_EQ(candidates[candidate][4], 1U);
  }
}

// core1 off with core2 on is forbidden: core2 goes with it.
TEST(GuidedSampling, SweepsAnOptionThatAConstraintTiesToOthers) {
  const ConfigSpace space = board_space();
  const std::vector<Configuration> candidates = all_configurations(space);
  const std::vector<std::size_t> swept = sweep_term(space, candidates, {0});
  ASSERT_EQ(swept.size(), 2U);
  EXPECT_EQ(candidates[swept[0]], (Configuration{0, 0, 3, 3, 1}));
  EXPECT_EQ(candidates[swept[1]], (Configuration{1, 1, 3, 3, 1}));
}

TEST(GuidedSampling, NeverVariesWhatDoesNotMatter) {
  const Boards boards = make_boards();
  const auto session = start("gs", boards);
  for (const std::size_t candidate : session->ask(8)) EXPECT_EQ(boards.problem.candidates[candidate][4], 1U);
  const std::vector<std::string> words = session->explain();
  ASSERT_GE(words.size(), 3U);
  EXPECT_NE(words[0].find("guided sampling"), std::string::npos);
  EXPECT_NE(words[1].find("gpu_freq_mhz"), std::string::npos) << "the GPU matters most: " << words[1];
  for (const std::string& line : words) EXPECT_EQ(line.find("unused"), std::string::npos) << line;
}

TEST(Replay, CountsWhatMeasuringCostsAndTheRegret) {
  const Boards boards = make_boards();
  const auto session = start("lms", boards);
  const ReplayResult result = replay_transfer(*session, boards.problem, boards.target_values, 12);
  double sum = 0;
  for (const std::size_t candidate : result.measured) sum += boards.target_values[candidate];
  EXPECT_DOUBLE_EQ(result.measured_sum, sum);
  EXPECT_EQ(result.num_compared, boards.target_values.size() - 12);
  const double best = *std::min_element(boards.target_values.begin(), boards.target_values.end());
  EXPECT_DOUBLE_EQ(result.regret_pct, 100 * (boards.target_values[result.predicted_best] / best - 1));
  EXPECT_GE(result.regret_pct, 0);
}

}  // namespace
}  // namespace perfmodel
