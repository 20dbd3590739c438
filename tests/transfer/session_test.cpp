#include <gtest/gtest.h>

#include <algorithm>
#include <limits>
#include <set>

#include "expect_error.h"
#include "perfmodel/learner/gaussian_process.h"
#include "perfmodel/transfer/replay.h"
#include "server_boards.h"
#include "temporary_folder.h"

namespace perfmodel {
namespace {

std::vector<Prediction> predict_all(const Model& model, const Boards& boards) {
  std::vector<Prediction> predictions;
  Workspace workspace(model.workspace_bytes(1));
  for (const Configuration& candidate : boards.problem.candidates) {
    const std::vector<double> row = boards.problem.target_space.values(candidate);
    Prediction prediction;
    model.predict({row.data(), 1, row.size()}, {&prediction, 1}, workspace).throw_if_error();
    predictions.push_back(prediction);
  }
  return predictions;
}

class EveryStrategy : public OnAllBoards {};

TEST_P(EveryStrategy, AsksForEachCandidateOnce) {
  const Boards boards = this->boards();
  const auto session = start(strategy(), boards);
  std::set<std::size_t> seen;
  for (std::size_t count : {1, 5, 1000, 3}) {
    const std::vector<std::size_t> asked = session->ask(count);
    EXPECT_LE(asked.size(), count);
    for (const std::size_t candidate : asked) {
      EXPECT_LT(candidate, boards.problem.candidates.size());
      EXPECT_TRUE(seen.insert(candidate).second) << candidate << " came twice";
    }
  }
  EXPECT_EQ(seen.size(), strategy() == "dm" ? 0U : boards.problem.candidates.size());
}

TEST_P(EveryStrategy, GivesTheSameForTheSameSeed) {
  const Boards boards = this->boards();
  std::vector<ReplayResult> results;
  for (int run = 0; run < 2; ++run) {
    const auto session = start(strategy(), boards, 7);
    results.push_back(replay_transfer(*session, boards.problem, boards.target_values, 12));
  }
  EXPECT_EQ(results[0].measured, results[1].measured);
  EXPECT_EQ(results[0].mape_pct, results[1].mape_pct);
}

TEST_P(EveryStrategy, GoesOnWhereASavedSessionWas) {
  const Boards boards = this->boards();
  const auto session = start(strategy(), boards);
  for (const std::size_t candidate : session->ask(8)) session->tell(candidate, {boards.target_values[candidate], {}});
  for (const std::size_t candidate : session->ask(1)) session->tell(candidate, {0, "the board was busy"});
  TransferOptions options;
  options.budget = 12;
  const auto restored =
      restore_transfer(session->save(), boards.problem, source_model(boards), make_tree_learner(), options);
  EXPECT_EQ(restored->strategy(), strategy());
  EXPECT_EQ(restored->ask(3), session->ask(3));
  const std::vector<Prediction> expected = predict_all(session->model(), boards);
  const std::vector<Prediction> found = predict_all(restored->model(), boards);
  for (std::size_t i = 0; i < expected.size(); ++i) EXPECT_EQ(found[i].mean, expected[i].mean);
  EXPECT_EQ(restored->save(), session->save());
}

TEST_P(EveryStrategy, AsksAgainForWhatWasPendingWhenItWasSaved) {
  const Boards boards = this->boards();
  TransferOptions options;
  options.budget = 12;
  const auto restore = [&](const TransferSession& session) {
    return restore_transfer(session.save(), boards.problem, source_model(boards), make_tree_learner(), options);
  };
  const auto tell = [&](TransferSession& session, std::size_t candidate) {
    session.tell(candidate, {boards.target_values[candidate], {}});
  };
  const auto session = start(strategy(), boards);
  const std::vector<std::size_t> asked = session->ask(5);
  ASSERT_EQ(asked.size(), strategy() == "dm" ? 0U : 5U);
  if (asked.empty()) return;
  tell(*session, asked[0]);
  tell(*session, asked[2]);

  const auto second = restore(*session);
  EXPECT_EQ(second->save(), session->save());
  tell(*second, asked[3]);  // known by then
  EXPECT_EQ(second->ask(1), std::vector<std::size_t>{asked[1]});
  const std::vector<std::size_t> more = second->ask(3);
  ASSERT_EQ(more.size(), 3U);
  EXPECT_EQ(more[0], asked[4]);
  for (const std::size_t i : {1, 2}) EXPECT_EQ(std::count(asked.begin(), asked.end(), more[i]), 0) << more[i];
  tell(*second, more[1]);

  const auto third = restore(*second);  // repeats a session that had asked again itself
  EXPECT_EQ(third->save(), second->save());
  EXPECT_EQ(third->ask(3), (std::vector<std::size_t>{asked[1], asked[4], more[2]}));
  EXPECT_EQ(third->ask(2), second->ask(2));
}

TEST_P(EveryStrategy, SavesAModelThatPredictsTheSame) {
  const Boards boards = this->boards();
  const auto session = start(strategy(), boards);
  for (const std::size_t candidate : session->ask(12)) session->tell(candidate, {boards.target_values[candidate], {}});
  const Model model = session->model();
  const std::string path = temporary_path("transferred_" + strategy() + ".safetensors");
  model.save(path);
  const std::vector<Prediction> expected = predict_all(model, boards), found = predict_all(Model::load(path), boards);
  for (std::size_t i = 0; i < expected.size(); ++i) {
    EXPECT_EQ(found[i].mean, expected[i].mean);
    EXPECT_EQ(found[i].upper, expected[i].upper);
    EXPECT_LE(found[i].lower, found[i].mean);
  }
}

TEST_P(EveryStrategy, TakesOutcomesFromElsewhereAndFailures) {
  const Boards boards = this->boards();
  const auto session = start(strategy(), boards);
  for (std::size_t candidate = 0; candidate < 40; candidate += 2) {
    session->tell(candidate, {boards.target_values[candidate], {}});
  }
  session->tell(1, {std::numeric_limits<double>::quiet_NaN(), "no answer"});
  for (const std::size_t candidate : session->ask(1000)) {
    EXPECT_TRUE(candidate >= 40 || candidate % 2 == 1) << candidate << " was told";
    EXPECT_NE(candidate, 1U);
  }
  EXPECT_NO_THROW(session->model());
}

TEST_P(EveryStrategy, RefusesBadOutcomes) {
  const Boards boards = this->boards();
  const auto session = start(strategy(), boards);
  session->tell(3, {boards.target_values[3], {}});
  EXPECT_PM_ERROR(session->tell(3, {1, {}}), ErrorCode::kInvalidArgument, "candidate 3 was told before");
  EXPECT_PM_ERROR(session->tell(4000, {1, {}}), ErrorCode::kInvalidArgument, "candidate 4000 does not exist");
  EXPECT_PM_ERROR(session->tell(4, {std::numeric_limits<double>::infinity(), {}}), ErrorCode::kInvalidArgument,
                  "the value is inf");
}

INSTANTIATE_TEST_SUITE_P(All, EveryStrategy,
                         ::testing::Combine(::testing::ValuesIn(transfer_strategies()),
                                            ::testing::ValuesIn(kAllBoards)),
                         name_of);

TEST(Transfer, RefusesWhatIsNoProblem) {
  const Boards boards = make_boards();
  const Model model = source_model(boards);
  const auto start_with = [&](const TransferProblem& problem, const std::string& strategy = "lms") {
    return start_transfer(strategy, problem, model, make_tree_learner(), {});
  };
  EXPECT_PM_ERROR(start_with(boards.problem, "magic"), ErrorCode::kUnsupported,
                  "strategy 'magic' does not exist; there are: auto, dm, gs, lms, nlms, residual");
  TransferProblem empty_source = boards.problem;
  empty_source.source = Dataset({"core1"}, "time_ms");
  EXPECT_PM_ERROR(start_with(empty_source), ErrorCode::kInvalidArgument, "the source has no rows");
  TransferProblem no_candidates = boards.problem;
  no_candidates.candidates.clear();
  EXPECT_PM_ERROR(start_with(no_candidates), ErrorCode::kInvalidArgument, "there are no candidates");
  TransferProblem twice = boards.problem;
  twice.candidates.push_back(twice.candidates.front());
  EXPECT_PM_ERROR(start_with(twice), ErrorCode::kInvalidArgument, "is there twice");
  TransferProblem outside = boards.problem;
  outside.candidates[2][3] = 99;
  EXPECT_PM_ERROR(start_with(outside), ErrorCode::kInvalidArgument, "gpu_freq_mhz");
  TransferProblem forbidden = boards.problem;
  forbidden.candidates.push_back({0, 1, 0, 0, 0});
  EXPECT_PM_ERROR(start_with(forbidden), ErrorCode::kInvalidArgument, "breaks a constraint");
  TransferProblem other_columns = boards.problem;
  other_columns.source = Dataset({"core1"}, "time_ms");
  other_columns.source.add_row(std::vector<double>{1}, 2);
  EXPECT_PM_ERROR(start_with(other_columns), ErrorCode::kMismatch, "the source's columns (core1) are not its options");
  TransferProblem other_options = boards.problem;
  other_options.target_space = ConfigSpace({Option::boolean("core1"), Option::boolean("turbo")});
  other_options.candidates = {{0, 0}, {0, 1}, {1, 1}};
  EXPECT_PM_ERROR(start_with(other_options), ErrorCode::kMismatch, "option 'turbo' is not among the source's options");
}

TEST(Transfer, RefusesToAskAgainForWhatIsNotPending) {
  const Boards boards = make_boards();
  const Model model = source_model(boards);
  const auto session = start_transfer("lms", boards.problem, model, nullptr, {});
  const std::size_t asked = session->ask(1).front();
  session->tell(asked, {5, {}});
  const std::string saved = session->save();
  const auto restore = [&](const std::string& again) {
    const std::string event = "{\"again\":" + again + ",\"answer\":[" + std::to_string(asked) + "],\"ask\":1}";
    const std::size_t end = saved.find("],\"format\"");
    return restore_transfer(saved.substr(0, end) + "," + event + saved.substr(end), boards.problem, model, nullptr, {});
  };
  EXPECT_PM_ERROR(restore("1"), ErrorCode::kMismatch, "is asked again, but not pending");
  EXPECT_PM_ERROR(restore("2"), ErrorCode::kParse, "2 candidates asked again, of 1");
  EXPECT_PM_ERROR(restore("0"), ErrorCode::kParse, "0 candidates asked again, of 1");
}

TEST(Transfer, NeedsATargetLearnerWhereItIsUsed) {
  const Boards boards = make_boards();
  for (const std::string& strategy : transfer_strategies()) {
    SCOPED_TRACE(strategy);
    const auto start = [&] { return start_transfer(strategy, boards.problem, source_model(boards), nullptr, {}); };
    if (strategy == "gs" || strategy == "auto") {
      EXPECT_PM_ERROR(start(), ErrorCode::kInvalidArgument, "there is no target_learner, " + strategy + " needs one");
      continue;
    }
    const auto session = start();
    for (const std::size_t candidate : session->ask(4)) session->tell(candidate, {boards.target_values[candidate], {}});
    EXPECT_NO_THROW(session->model());
    const auto restored = restore_transfer(session->save(), boards.problem, source_model(boards), nullptr, {});
    EXPECT_EQ(restored->save(), session->save());
  }
}

TEST(Transfer, NeedsEnoughMeasurements) {
  const Boards boards = make_boards();
  const auto session = start("lms", boards);
  session->tell(0, {5, {}});
  session->tell(1, {0, "failed"});
  EXPECT_PM_ERROR(session->model(), ErrorCode::kInvalidArgument, "lms needs at least 2 measurements, 1 were told");
}

TEST(Transfer, RefusesASavedSessionOfAnotherProblem) {
  const Boards boards = make_boards(), other = make_boards({50, 300, 500, 900});
  const auto restore = [&](const std::string& saved, const Boards& with, std::uint64_t seed = 0) {
    TransferOptions options;
    options.budget = 12;
    options.seed = seed;
    return restore_transfer(saved, with.problem, source_model(with), make_tree_learner(), options);
  };
  const std::string saved = start("lms", boards)->save();
  EXPECT_PM_ERROR(restore(saved, other), ErrorCode::kMismatch, "its problem is");
  EXPECT_PM_ERROR(restore(saved, boards, 3), ErrorCode::kMismatch, "its seed is '0', here it is '3'");
  EXPECT_PM_ERROR(restore("{", boards), ErrorCode::kParse, "a saved transfer");
  EXPECT_PM_ERROR(restore("{}", boards), ErrorCode::kParse, "strategy");
}

TEST(Transfer, RefusesASavedSessionOfOtherOptions) {
  const Boards boards = make_boards();
  const Model model = source_model(boards);
  const std::string saved = start_transfer("gs", boards.problem, model, make_tree_learner(), TransferOptions())->save();
  const auto restore = [&](const TransferOptions& options, std::shared_ptr<const Learner> learner) {
    return restore_transfer(saved, boards.problem, model, std::move(learner), options);
  };
  EXPECT_EQ(restore({}, make_tree_learner())->save(), saved);
  TransferOptions by_aic;
  by_aic.guided_terms.criterion = StepwiseOptions::Criterion::kAic;
  EXPECT_PM_ERROR(restore(by_aic, make_tree_learner()), ErrorCode::kMismatch,
                  R"(its guided_terms is '{"criterion":"significance","log_target":false,"max_order":2,)");
  TransferOptions narrow;
  narrow.interval_level = 0.5;
  EXPECT_PM_ERROR(restore(narrow, make_tree_learner()), ErrorCode::kMismatch,
                  "its interval_level is '0.9', here it is '0.5'");
  EXPECT_PM_ERROR(restore({}, make_gaussian_process_learner()), ErrorCode::kMismatch,
                  "its target_learner is 'tree', here it is 'gp'");
}

TEST(Transfer, SaysWhichOptionsItMatchedByRank) {
  const std::string ranks = "option 'clock_mhz' matched by rank: 110 -> 100, 250 -> 200, 500 -> 400, 1000 -> 800";
  for (const std::string& strategy : transfer_strategies()) {
    SCOPED_TRACE(strategy);
    const std::vector<std::string> words = start(strategy, make_server_boards())->explain();
    ASSERT_FALSE(words.empty());
    EXPECT_EQ(words.back(), ranks);
    for (const std::string& line : start(strategy, make_boards())->explain()) {
      EXPECT_EQ(line.find("by rank"), std::string::npos) << line;
    }
  }
}

}  // namespace
}  // namespace perfmodel
