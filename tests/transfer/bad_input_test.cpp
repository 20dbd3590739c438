// Each strategy on problems and outcomes that are degenerate or wrong: an answer that is finite, or an error that says
// what is wrong. What is refused changes nothing.

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "expect_error.h"
#include "perfmodel/transfer/replay.h"
#include "server_boards.h"

namespace perfmodel {
namespace {

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();
constexpr double kInfinity = std::numeric_limits<double>::infinity();

/// Source rows of other targets.
Boards with_source_targets(Boards boards, const std::vector<double>& targets) {
  Dataset source(boards.problem.source.feature_names(), boards.problem.source.target_name());
  for (std::size_t i = 0; i < targets.size(); ++i) {
    source.add_row(boards.problem.source.features().row(i % boards.problem.source.num_rows()), targets[i]);
  }
  boards.problem.source = std::move(source);
  return boards;
}

std::vector<double> source_targets(const Boards& boards) {
  const Span<const double> targets = boards.problem.source.targets();
  return {targets.begin(), targets.end()};
}

/// Predictions of all candidates, which must be finite and lie in their intervals.
std::vector<Prediction> expect_finite(const Model& model, const Boards& boards) {
  std::vector<double> rows;
  for (const Configuration& candidate : boards.problem.candidates) {
    const std::vector<double> row = boards.problem.target_space.values(candidate);
    rows.insert(rows.end(), row.begin(), row.end());
  }
  const std::size_t count = boards.problem.candidates.size();
  std::vector<Prediction> predictions(count);
  Workspace workspace(model.workspace_bytes(count));
  model.predict({rows.data(), count, model.num_features()}, predictions, workspace).throw_if_error();
  for (const Prediction& prediction : predictions) {
    EXPECT_TRUE(std::isfinite(prediction.mean) && std::isfinite(prediction.lower) && std::isfinite(prediction.upper));
    EXPECT_LE(prediction.lower, prediction.mean);
    EXPECT_LE(prediction.mean, prediction.upper);
  }
  return predictions;
}

/// Tells `count` values of candidates all over the space, asked for or not.
void tell_values(TransferSession& session, const Boards& boards, const std::vector<double>& values) {
  const std::size_t step = boards.problem.candidates.size() / values.size();
  for (std::size_t i = 0; i < values.size(); ++i) session.tell(step * i, {values[i], {}});
}

class BadInput : public OnAllBoards {
 protected:
  bool takes_logarithms() const { return strategy() == "residual" || strategy() == "auto"; }
  bool measures() const { return strategy() != "dm"; }
  std::size_t least_rows() const { return takes_logarithms() ? 3 : measures() ? 2 : 0; }

  std::unique_ptr<TransferSession> start_with(const Boards& boards) const { return start(strategy(), boards); }
};

TEST_P(BadInput, AConstantTargetIsAnswered) {
  const Boards boards = this->boards();
  const auto session = start_with(boards);
  tell_values(*session, boards, std::vector<double>(12, 20.0));
  constexpr double kFromTheSource = 0.3;  // residual expects, and from 12 rows cannot rule out, that options act
  for (const Prediction& prediction : expect_finite(session->model(), boards)) {
    if (!measures()) continue;
    EXPECT_NEAR(prediction.mean / 20, 1, kFromTheSource);
    EXPECT_LE(prediction.lower, 20 * (1 + kFromTheSource));
    EXPECT_GE(prediction.upper, 20 * (1 - kFromTheSource));
  }
}

TEST_P(BadInput, AConstantSourceIsAnsweredOrRefused) {
  const Boards plain = this->boards();
  const Boards boards = with_source_targets(plain, std::vector<double>(plain.problem.source.num_rows(), 7.0));
  if (strategy() == "gs") {
    EXPECT_PM_ERROR(start_with(boards), ErrorCode::kInvalidArgument,
                    "time_ms is 7 in all " + std::to_string(boards.problem.source.num_rows()) + " rows");
    return;
  }
  const auto session = start_with(boards);
  EXPECT_EQ(session->ask(6).size(), measures() ? 6U : 0U);
  EXPECT_NO_THROW(session->explain());
  std::vector<double> values;
  for (int i = 0; i < 12; ++i) values.push_back(20 + i % 3);
  tell_values(*session, boards, values);
  for (const Prediction& prediction : expect_finite(session->model(), boards)) {
    EXPECT_GE(prediction.mean, measures() ? 18 : 7);
    EXPECT_LE(prediction.mean, 24);
  }
}

TEST_P(BadInput, SourceTargetsWithoutALogarithmAreNamedOrTaken) {
  for (const double bad : {0.0, -4.0}) {
    SCOPED_TRACE(bad);
    std::vector<double> targets = source_targets(this->boards());
    targets[5] = bad;
    const Boards boards = with_source_targets(this->boards(), targets);
    if (takes_logarithms()) {
      EXPECT_PM_ERROR(start_with(boards), ErrorCode::kInvalidArgument,
                      "source row 6: the target 'time_ms' is " + std::string(bad == 0 ? "0" : "-4") + ", " +
                          strategy() + " takes its logarithm: it must be > 0");
      continue;
    }
    const auto session = start_with(boards);
    tell_values(*session, boards, {4, 5, 6, 7, 8});
    expect_finite(session->model(), boards);
  }
}

TEST_P(BadInput, ToldValuesWithoutALogarithmAreRefusedOrTaken) {
  const Boards boards = this->boards();
  const auto session = start_with(boards);
  tell_values(*session, boards, {4, 5, 6, 7, 8});
  for (const double bad : {0.0, -3.0}) {
    if (takes_logarithms()) {
      EXPECT_PM_ERROR(session->tell(1, {bad, {}}), ErrorCode::kInvalidArgument,
                      "candidate 1: the value is " + std::string(bad == 0 ? "0" : "-3") + ", " + strategy() +
                          " takes finite positive numbers");
    } else {
      session->tell(bad == 0 ? 1 : 2, {bad, {}});
    }
  }
  if (takes_logarithms()) session->tell(1, {5, {}});  // what was refused was not told
  expect_finite(session->model(), boards);
}

TEST_P(BadInput, NumbersThatAreNoneAreRefusedAndForgotten) {
  const Boards boards = this->boards();
  const auto session = start_with(boards);
  tell_values(*session, boards, {4, 5, 6, 7, 8});
  const std::string before = session->save();
  for (const double bad : {kNan, kInfinity, -kInfinity}) {
    EXPECT_PM_ERROR(session->tell(1, {bad, {}}), ErrorCode::kInvalidArgument, "candidate 1: the value is ");
  }
  EXPECT_EQ(session->save(), before);
  session->tell(1, {5, {}});
  expect_finite(session->model(), boards);
}

TEST_P(BadInput, TooFewRowsAreCountedAndTheFewestAreEnough) {
  const Boards boards = this->boards();
  const auto session = start_with(boards);
  session->tell(60, {0, "the board rebooted"});
  for (std::size_t told = 0; told < least_rows(); ++told) {
    EXPECT_PM_ERROR(session->model(), ErrorCode::kInvalidArgument,
                    strategy() + " needs at least " + std::to_string(least_rows()) + " measurements, " +
                        std::to_string(told) + " were told and 1 failed");
    EXPECT_NO_THROW(session->explain());
    session->tell(11 * told, {boards.target_values[11 * told], {}});
  }
  expect_finite(session->model(), boards);
}

TEST_P(BadInput, FailuresOfAllCandidatesEndTheSession) {
  const Boards boards = this->boards();
  const auto session = start_with(boards);
  for (std::size_t i = 0; i < boards.problem.candidates.size(); ++i) session->tell(i, {0, "no board"});
  EXPECT_TRUE(session->ask(5).empty());
  if (measures()) {
    EXPECT_PM_ERROR(session->model(), ErrorCode::kInvalidArgument,
                    "0 were told and " + std::to_string(boards.problem.candidates.size()) + " failed");
  } else {
    EXPECT_EQ(session->model().info().interval_level, 0) << "nothing says how far the source is off";
  }
}

// What a dying program prints last need not be text.
TEST_P(BadInput, AFailureOfAnyBytesIsKept) {
  const Boards boards = this->boards();
  const auto session = start_with(boards);
  session->tell(3, {0, "signal \xff\xfe\xc3\n\"quoted\""});
  EXPECT_PM_ERROR(session->tell(3, {1, {}}), ErrorCode::kInvalidArgument, "candidate 3 was told before");
  TransferOptions options;
  options.budget = 12;
  const auto restored =
      restore_transfer(session->save(), boards.problem, source_model(boards), make_tree_learner(), options);
  EXPECT_PM_ERROR(restored->tell(3, {1, {}}), ErrorCode::kInvalidArgument, "candidate 3 was told before");
  EXPECT_EQ(restored->save(), session->save());
}

TEST_P(BadInput, RepeatedSourceRowsAreTaken) {
  std::vector<double> targets = source_targets(this->boards());
  const std::size_t once = targets.size();
  for (std::size_t i = 0; i < once; ++i) targets.push_back(1.1 * targets[i]);
  const Boards boards = with_source_targets(this->boards(), targets);
  const auto session = start_with(boards);
  EXPECT_EQ(session->ask(4).size(), measures() ? 4U : 0U);
  tell_values(*session, boards, {4, 5, 6, 7, 8});
  expect_finite(session->model(), boards);
}

TEST_P(BadInput, ValuesOfAnySizeAreAnsweredOrRefused) {
  for (const double size : {1e-300, 1e30, 1e300}) {
    SCOPED_TRACE(size);
    const Boards boards = this->boards();
    const auto session = start_with(boards);
    tell_values(*session, boards, {size, 2 * size, 3 * size, 5 * size, 7 * size, 1, 11 * size, 13 * size});
    try {
      expect_finite(session->model(), boards);
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), ErrorCode::kInvalidArgument) << error.what();
    }
  }
}

TEST_P(BadInput, IntervalsAreFiniteFromTheFewestRowsOn) {
  const Boards boards = this->boards();
  for (const std::size_t budget : {3, 4, 6, 20, 60}) {
    SCOPED_TRACE(budget);
    const auto session = start_with(boards);
    const ReplayResult result = replay_transfer(*session, boards.problem, boards.target_values, budget);
    EXPECT_TRUE(std::isfinite(result.mape_pct) && std::isfinite(result.regret_pct));
    if (session->model().info().interval_level == 0) {
      EXPECT_TRUE(std::isnan(result.coverage_pct) && std::isnan(result.interval_width_pct));
    } else {
      EXPECT_GE(result.coverage_pct, 0);
      EXPECT_LE(result.coverage_pct, 100);
      EXPECT_TRUE(std::isfinite(result.interval_width_pct));
    }
  }
}

TEST_P(BadInput, NoCandidatesAreAnError) {
  Boards boards = this->boards();
  boards.problem.candidates.clear();
  EXPECT_PM_ERROR(start_with(boards), ErrorCode::kInvalidArgument, "there are no candidates on the target");
}

TEST_P(BadInput, SpacesThatDoNotMatchAreAnError) {
  Boards boards = this->boards();
  boards.problem.target_space = ConfigSpace({Option::boolean("hyperthreads"), Option::boolean("core1")});
  boards.problem.candidates = {{0, 0}, {0, 1}, {1, 1}};
  EXPECT_PM_ERROR(
      start_with(boards), ErrorCode::kMismatch,
      "option 'hyperthreads' is not among the source's options (" + boards.problem.source.feature_names()[0]);
}

TEST_P(BadInput, ASourceOfOneRowIsAnsweredOrRefused) {
  const Boards boards = with_source_targets(this->boards(), {7});
  if (strategy() == "gs") {
    EXPECT_PM_ERROR(start_with(boards), ErrorCode::kInvalidArgument, "has 1 rows");
    return;
  }
  const auto session = start_with(boards);
  tell_values(*session, boards, {4, 5, 6, 7, 8});
  expect_finite(session->model(), boards);
}

INSTANTIATE_TEST_SUITE_P(All, BadInput,
                         ::testing::Combine(::testing::ValuesIn(transfer_strategies()),
                                            ::testing::ValuesIn(kAllBoards)),
                         name_of);

TEST(GuidedSampling, NamesTheRowThatItsLearnerHasNoLogarithmOf) {
  const Boards boards = make_boards();
  TreeOptions logs;
  logs.log_target = true;
  const auto session =
      start_transfer("gs", boards.problem, source_model(boards), make_tree_learner(logs), TransferOptions());
  tell_values(*session, boards, {4, 5, -6, 7, 8});
  const std::string before = session->save();
  EXPECT_PM_ERROR(session->model(), ErrorCode::kInvalidArgument,
                  "row 2: time_ms is -6, tree with log_target needs targets > 0");
  EXPECT_EQ(session->save(), before);
}

TEST(SavedTransfer, IsRefusedWhereAnEventIsNone) {
  const Boards boards = make_boards();
  TransferOptions options;
  options.budget = 12;
  const std::string saved = start("lms", boards)->save();
  const auto restore = [&](const std::string& event) {
    std::string text = saved;
    text.insert(text.find("\"events\":[") + 10, event);
    return restore_transfer(text, boards.problem, source_model(boards), make_tree_learner(), options);
  };
  EXPECT_NO_THROW(restore(R"({"tell": 3, "value": 5})"));
  EXPECT_PM_ERROR(restore("7"), ErrorCode::kParse, "a saved transfer: number where an object belongs");
  EXPECT_PM_ERROR(restore(R"({"tell": 3, "value": 5, "unit": "ms"})"), ErrorCode::kParse,
                  "unknown key 'unit' (allowed: tell, value)");
  EXPECT_PM_ERROR(restore(R"({"tell": 3, "failure": ""})"), ErrorCode::kParse, "a failure without a reason");
  EXPECT_PM_ERROR(restore(R"({"tell": 3, "value": null})"), ErrorCode::kParse, "'value' is null, not a number");
  EXPECT_PM_ERROR(restore(R"({"tell": 96, "value": 5})"), ErrorCode::kInvalidArgument, "candidate 96 does not exist");
  EXPECT_PM_ERROR(restore(R"({"ask": 2, "answer": [0, 0]})"), ErrorCode::kMismatch, "its answer is '[0,0]'");
}

}  // namespace
}  // namespace perfmodel
