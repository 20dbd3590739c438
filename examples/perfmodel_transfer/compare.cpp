#include <chrono>
#include <cstdio>

#include "comparison.h"
#include "json_line.h"
#include "options.h"
#include "perfmodel/core/csv.h"
#include "perfmodel/core/error.h"
#include "progress_bar.h"
#include "tables.h"
#include "text_table.h"

namespace perfmodel::tools {
namespace {

MeasuredTable read_table(const std::string& path, const std::string& space, const TransferToolOptions& options) {
  const CsvTable table = read_csv(path);
  MeasuredTable measured =
      measured_table(path, table, space_of(table, space, options.objective, options.ignored), options.objective);
  if (measured.num_repeats > 0) {
    std::fprintf(stderr, "%s: %zu rows repeat a configuration; the mean of its rows is taken\n", path.c_str(),
                 measured.num_repeats);
  }
  return measured;
}

void print_json(const TransferToolOptions& options, const std::string& source, const Comparison& row) {
  JsonObject line;
  line.add("source", source).add("target", row.target).add("objective", options.objective);
  line.add("strategy", row.strategy).add("learner", row.learner).add("budget", row.budget);
  line.add("measured", row.measured).add("repeats", row.repeats).add("mape_pct", rounded(row.mape_pct));
  line.add("mape_pct_std", rounded(row.mape_pct_std)).add("coverage_90_pct", rounded(row.coverage_pct));
  line.add("interval_width_pct", rounded(row.interval_width_pct)).add("regret_pct", rounded(row.regret_pct));
  std::printf("%s\n", line.text().c_str());
  std::fflush(stdout);
}

/// Tells the progress bar how many of `total` steps are done.
class Steps {
 public:
  explicit Steps(std::size_t total) : total_(total), callbacks_(bar_.callbacks()) {}

  void step() {
    const double elapsed_s = std::chrono::duration<double>(std::chrono::steady_clock::now() - start_).count();
    const double done = static_cast<double>(++done_);
    const double remaining_s = elapsed_s * (static_cast<double>(total_) - done) / done;
    if (callbacks_.progress) callbacks_.progress({"comparing strategies", done_, total_, elapsed_s, remaining_s, ""});
  }

 private:
  std::size_t total_, done_ = 0;
  std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
  ProgressBar bar_;
  Callbacks callbacks_;
};

}  // namespace

void compare_strategies(const TransferToolOptions& options) {
  const std::vector<std::string> strategies = strategies_named(options.strategies);
  std::vector<LearnerPair> learners;
  for (const std::string& name : options.learners) learners.push_back(learners_named(name));
  const MeasuredTable source = read_table(options.source, options.source_space, options);
  std::vector<MeasuredTable> targets;
  for (const std::string& path : options.targets) targets.push_back(read_table(path, options.space, options));

  Steps steps(targets.size() * strategies.size() * learners.size() * static_cast<std::size_t>(options.repeats));
  ComparisonOptions comparison;
  comparison.transfer = transfer_options(options, options.seed);
  comparison.repeats = options.repeats;
  comparison.after_repeat = [&steps] { steps.step(); };
  TextTable report({"target", "strategy", "learner", "measured", "MAPE %", "+-", "in interval %", "regret %"});
  std::vector<Model> sources;
  FitOptions fit;
  fit.seed = options.seed;
  fit.num_threads = options.num_threads;
  const Dataset source_rows = problem_from(source, options.objective, source.space, {}).source;
  for (const LearnerPair& learner : learners) sources.push_back(learner.source->fit(source_rows, fit));

  for (const MeasuredTable& target : targets) {
    const TransferProblem problem = problem_from(source, options.objective, target.space, target.configurations);
    for (const std::string& strategy : strategies) {
      for (std::size_t k = 0; k < learners.size(); ++k) {
        const Comparison row = compare(strategy, learners[k], sources[k], problem, target, comparison);
        for (std::size_t i = 0; options.explain && i < row.words.size(); ++i) {
          std::fprintf(stderr, "%s, %s: %s\n", target.name.c_str(), strategy.c_str(), row.words[i].c_str());
        }
        if (options.json) print_json(options, source.name, row);
        report.add_row({row.target, row.strategy, row.learner, std::to_string(row.measured), pct_text(row.mape_pct),
                        pct_text(row.mape_pct_std), pct_text(row.coverage_pct), pct_text(row.regret_pct)});
      }
    }
  }
  if (!options.json) report.print();
}

}  // namespace perfmodel::tools
