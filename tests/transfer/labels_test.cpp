// Categorical options of many labels, whose times have nothing to do with the order of the labels.

#include <gtest/gtest.h>

#include <cmath>
#include <set>

#include "boards.h"
#include "perfmodel/learner/registry.h"
#include "perfmodel/transfer/replay.h"

namespace perfmodel {
namespace {

/// The label changes the time a hundredfold; the target is half as slow again, and 5 % by chance.
Boards make_kernel_boards(std::size_t num_labels) {
  std::vector<std::string> labels;
  for (std::size_t i = 0; i < num_labels; ++i) labels.push_back("kernel" + std::to_string(i));
  const ConfigSpace space({Option::categorical("kernel", labels), Option::integer("n", 1, 8)});
  const auto time_ms = [num_labels](const std::vector<double>& values) {
    const auto shuffled = static_cast<std::size_t>(values[0]) * 41 % num_labels;
    const double share = static_cast<double>(shuffled) / static_cast<double>(num_labels - 1);
    return std::pow(100, share) * (4 + values[1]);
  };
  Dataset source({"kernel", "n"}, "time_ms");
  Boards boards{{space, space, source, all_configurations(space)}, {}};
  for (const Configuration& configuration : boards.problem.candidates) {
    const std::vector<double> values = space.values(configuration);
    boards.problem.source.add_row(values, time_ms(values));
    boards.target_values.push_back(1.5 * time_ms(values) * wobble(boards.target_values.size()));
  }
  return boards;
}

double error_pct(const std::string& strategy, const std::string& learner, const std::string& options) {
  constexpr std::size_t kLabels = 12, kBudget = 30;
  const Boards boards = make_kernel_boards(kLabels);
  const auto session = start_transfer(strategy, boards.problem, source_model(boards),
                                      builtin_learners().make(learner, options), TransferOptions());
  return replay_transfer(*session, boards.problem, boards.target_values, kBudget).mape_pct;
}

// The wobble alone makes 2.5 % on average. By the labels' index they were off by 80 to 360 %.
TEST(Labels, AreLearntByEachLearnerOfTheTargetsRowsAlone) {
  for (const auto& [learner, options] :
       {std::pair("gp", R"({"log_target": true})"), std::pair("polynomial", R"({"log_target": true, "max_degree": 2})"),
        std::pair("stepwise", R"({"log_target": true, "max_order": 1})")}) {
    EXPECT_LT(error_pct("gs", learner, options), 30) << learner;
  }
  EXPECT_LT(error_pct("gs", "tree", ""), 60) << "steps of the index";
}

TEST(Labels, AreTransferredByEachStrategy) {
  EXPECT_NEAR(error_pct("dm", "tree", ""), 100.0 / 3, 2) << "the source is two thirds of the target";
  EXPECT_LT(error_pct("lms", "tree", ""), 10);
  EXPECT_LT(error_pct("nlms", "tree", ""), 40);
  EXPECT_LT(error_pct("residual", "tree", ""), 5);
  EXPECT_LT(error_pct("auto", "gp", R"({"log_target": true})"), 5);
}

TEST(Labels, ThatMatterHaveTheirOptionSwept) {
  constexpr std::size_t kLabels = 90;
  const Boards boards = make_kernel_boards(kLabels);
  std::set<std::uint64_t> swept;
  TransferOptions main_effects;
  main_effects.guided_terms.max_order = 1;
  const std::vector<std::size_t> pool = guided_sampling_pool(boards.problem, main_effects);
  for (const std::size_t candidate : pool) swept.insert(boards.problem.candidates[candidate][0]);
  EXPECT_EQ(swept.size(), kLabels);
  EXPECT_EQ(pool.size(), kLabels + 7) << "each label at the default of n, and each n at the default label";
  const std::vector<std::string> words = start("gs", boards)->explain();
  ASSERT_GT(words.size(), 2U);
  EXPECT_NE(words[1].find("kernel=kernel"), std::string::npos) << words[1];
}

}  // namespace
}  // namespace perfmodel
