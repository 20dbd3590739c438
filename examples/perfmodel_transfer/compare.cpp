#include <cstdio>
#include <optional>

#include "comparison.h"
#include "environments.h"
#include "json_line.h"
#include "options.h"
#include "perfmodel/core/error.h"
#include "steps.h"
#include "text_table.h"

namespace perfmodel::tools {
namespace {

/// What one row of the report is about.
struct Case {
  const MeasuredTable& target;
  std::string strategy, learner;
};

/// The rows of the report: JSON lines as they come, or a table at the end.
class Report {
 public:
  Report(const TransferToolOptions& options, std::string source, Steps& steps)
      : options_(options), source_(std::move(source)), steps_(steps) {}

  void add(const Case& of, const Comparison& row) {
    for (std::size_t i = 0; options_.explain && i < row.words.size(); ++i) {
      steps_.say(of.target.name + ", " + of.strategy + ": " + row.words[i]);
    }
    table_.add_row({of.target.name, of.strategy, of.learner, std::to_string(row.measured), pct_text(row.mape_pct),
                    pct_text(row.mape_pct_std), pct_text(row.coverage_pct), pct_text(row.regret_pct)});
    JsonObject line = line_of(of);
    line.add("measured", row.measured).add("repeats", row.repeats).add("mape_pct", rounded(row.mape_pct));
    line.add("mape_pct_std", rounded(row.mape_pct_std)).add("coverage_90_pct", rounded(row.coverage_pct));
    line.add("interval_width_pct", rounded(row.interval_width_pct)).add("regret_pct", rounded(row.regret_pct));
    line.add_json("best_configuration", row.best_configuration);
    line.add("best_regret_pct", rounded(row.best_regret_pct));
    print(line);
  }

  void add_failure(const Case& of, const std::string& reason) {
    ++num_failed_;
    steps_.say(of.target.name + ", " + of.strategy + " with " + of.learner + ": " + reason);
    table_.add_row({of.target.name, of.strategy, of.learner, "failed", "-", "-", "-", "-"});
    print(line_of(of).add("repeats", options_.repeats).add("error", reason));
  }

  void print_table() const {
    if (!options_.json) table_.print();
  }
  std::size_t num_failed() const noexcept { return num_failed_; }

 private:
  JsonObject line_of(const Case& of) const {
    JsonObject line;
    line.add("source", source_).add("target", of.target.name).add("objective", options_.objective);
    line.add("strategy", of.strategy).add("learner", of.learner).add("budget", options_.budget);
    return line;
  }

  void print(const JsonObject& line) const {
    if (!options_.json) return;
    std::printf("%s\n", line.text().c_str());
    std::fflush(stdout);
  }

  const TransferToolOptions& options_;
  const std::string source_;
  Steps& steps_;
  TextTable table_ =
      TextTable({"target", "strategy", "learner", "measured", "MAPE %", "+-", "in interval %", "regret %"});
  std::size_t num_failed_ = 0;
};

}  // namespace

void compare_strategies(const TransferToolOptions& options) {
  std::vector<LearnerPair> learners;
  for (const std::string& name : options.learners) learners.push_back(learners_named(name));
  const MeasuredTable source = read_source(options);
  std::vector<MeasuredTable> targets;
  for (const std::string& path : each_once(options.targets)) targets.push_back(read_target(options, path));
  require_ignored_columns(options.ignored, source, targets);

  const auto repeats = static_cast<std::size_t>(options.repeats);
  const std::size_t num_rows = targets.size() * options.strategies.size() * learners.size();
  Steps steps("comparing strategies", num_rows * repeats);
  std::size_t row_index = 0, num_replays = 0;
  ComparisonOptions comparison;
  comparison.transfer = transfer_options(options, options.seed);
  comparison.repeats = options.repeats;
  comparison.after_repeat = [&] { steps.go_to(++num_replays); };

  Report report(options, source.name, steps);
  std::vector<std::optional<Model>> sources(learners.size());
  for (const MeasuredTable& target : targets) {
    const TransferProblem problem = problem_from(source, options.objective, target.space, target.configurations);
    for (const std::string& strategy : options.strategies) {
      for (std::size_t k = 0; k < learners.size(); ++k) {
        const Case of{target, strategy, learners[k].name};
        try {
          if (!sources[k]) sources[k] = fit_source(learners[k], problem, options);
          report.add(of, compare(strategy, learners[k], *sources[k], problem, target, comparison));
        } catch (const Error& error) {
          if (error.code() == ErrorCode::kInternal) throw;
          report.add_failure(of, error.what());
        }
        num_replays = ++row_index * repeats;
        steps.skip_to(num_replays);
      }
    }
  }
  report.print_table();
  if (report.num_failed() > 0) {
    throw Error(ErrorCode::kInvalidArgument, std::to_string(report.num_failed()) + " of " + std::to_string(num_rows) +
                                                 " comparisons failed, their rows say why");
  }
}

}  // namespace perfmodel::tools
