// What the prior constants of "residual" are worth, honestly: settings drawn at random, chosen by some measured tables
// and judged by others. Rows go to a file as they are made; a study that was stopped goes on.

#include <CLI/CLI.hpp>
#include <chrono>
#include <filesystem>

#include "prior_cases.h"
#include "prior_draws.h"
#include "prior_report.h"
#include "progress_bar.h"
#include "tool_main.h"

namespace perfmodel::bench {
namespace {

struct Options {
  std::string data, output = "out/residual_priors";
  std::size_t num_settings = 40;
  std::uint64_t seed = 0;
  PriorStudyOptions study;
};

/// Measures what is not on record.
void measure(PriorTrials& trials, const std::vector<PriorTrial>& wanted, const std::string& task) {
  tools::ProgressBar bar;
  const Callbacks callbacks = bar.callbacks();
  const auto start = std::chrono::steady_clock::now();
  for (std::size_t i = 0; i < wanted.size(); ++i) {
    trials.errors_pct(wanted[i]);
    const double elapsed_s = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    const double remaining_s = elapsed_s * static_cast<double>(wanted.size() - i - 1) / static_cast<double>(i + 1);
    if (callbacks.progress) callbacks.progress({task, i + 1, wanted.size(), elapsed_s, remaining_s, ""});
  }
}

void run(const Options& options) {
  std::filesystem::create_directories(options.output);
  PriorTrials trials(options.data, options.output + "/rows.jsonl");
  const PriorStudy study(draw_priors(options.num_settings, options.seed), trials, options.study);
  const std::vector<StudyCase> cases = prior_cases();
  measure(trials, study.choosing_trials(cases), "settings of the priors");

  const std::vector<PriorSplit> by_table = splits_by_table(cases, kTx2);
  const std::vector<PriorSplit> others = {
      split_by_family(cases, kTx2),
      {"by kernels alone", of_family(cases, kKernels), of_family(cases, kTx2)},
      {"by all, not nested", cases, of_family(cases, kTx2)},
      split_by_family(cases, kBoards),
      split_by_family(cases, kKernels),
  };
  std::vector<PriorTrial> judging;
  for (const std::vector<PriorSplit>& splits : {by_table, others}) {
    for (const PriorSplit& split : splits) {
      for (const PriorTrial& trial : study.judging_trials(split)) judging.push_back(trial);
    }
  }
  measure(trials, judging, "chosen settings");
  report_priors(study, by_table, others, cases, options.output + "/settings.csv");
}

}  // namespace
}  // namespace perfmodel::bench

int main(int argc, char** argv) {
  perfmodel::bench::Options options;
  CLI::App app{"Chooses the priors of 'residual' by some measured tables and judges them by others", "residual_priors"};
  app.add_option("--data", options.data, "folder of the measured tables")
      ->envname("PERFMODEL_DATA_DIR")
      ->required()
      ->check(CLI::ExistingDirectory);
  app.add_option("--output", options.output, "folder for rows and settings")->capture_default_str();
  app.add_option("--settings", options.num_settings, "drawn, beside the shipped one")
      ->check(CLI::PositiveNumber)
      ->capture_default_str();
  app.add_option("--seed", options.seed, "of the settings")->capture_default_str();
  app.add_option("--budget", options.study.budgets, "configurations measured on each target")
      ->delimiter(',')
      ->capture_default_str();
  app.add_option("--choosing-repeats", options.study.choosing_repeats, "of each setting on each case")
      ->check(CLI::PositiveNumber)
      ->capture_default_str();
  app.add_option("--judging-repeats", options.study.judging_repeats, "of each chosen setting, from other seeds")
      ->check(CLI::Range(2, 1000))
      ->capture_default_str();
  app.callback([&] { perfmodel::bench::run(options); });
  return perfmodel::tools::run_tool(app, argc, argv);
}
