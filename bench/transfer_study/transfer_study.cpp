// Every strategy with every learner on the measured Jetson tables: error on configurations that were not measured,
// intervals, regret and the cost of measuring. Rows go to a file as they are made; a study that was stopped goes on.

#include <CLI/CLI.hpp>
#include <chrono>
#include <cstdio>
#include <filesystem>
#include <functional>

#include "perfmodel/core/build_info.h"
#include "perfmodel/core/csv.h"
#include "progress_bar.h"
#include "study_method.h"
#include "study_record.h"
#include "study_report.h"
#include "tool_main.h"

namespace perfmodel::bench {
namespace {

struct StudyOptions {
  std::string data, output = "out/transfer_study";
  std::vector<std::string> strategies = {"all"}, learners = {"tree", "mlp"};
  std::vector<std::string> budgets = {"19", "84", "pool"};
  int repeats = 10;
  int num_threads = 1;
};

tools::MeasuredTable read_measured(const std::string& path, const StudyCase& study_case, const std::string& objective) {
  const CsvTable table = read_csv(path);
  std::vector<std::string> ignored = study_case.ignored;
  if (objective != study_case.objective) ignored = {study_case.objective};
  const ConfigSpace space = ConfigSpace::from_table(table, tools::option_columns(table, objective, ignored));
  return tools::measured_table(path, table, space, objective);
}

/// One case with everything that its rows share.
struct LoadedCase {
  StudyCase study_case;
  tools::MeasuredTable target, times;  ///< what measuring costs is time, whatever is measured
  TransferProblem problem;
};

LoadedCase load(const StudyCase& study_case, const std::string& data) {
  const tools::MeasuredTable source = read_measured(data + "/" + study_case.source, study_case, study_case.objective);
  const std::string path = data + "/" + study_case.target;
  tools::MeasuredTable target = read_measured(path, study_case, study_case.objective);
  TransferProblem problem = tools::problem_from(source, study_case.objective, target.space, target.configurations);
  return {study_case, std::move(target), read_measured(path, study_case, "inference_time_s"), std::move(problem)};
}

StudyRow measure_row(StudyRow row, const LoadedCase& loaded, const StudyMethod& method, const StudyBudget& budget,
                     const tools::LearnerPair& learner, const Model& source, const StudyOptions& options) {
  tools::ComparisonOptions comparison;
  comparison.transfer.budget = measurements_of(budget, method, loaded.problem);
  comparison.transfer.guided_terms = method.guided_terms;
  comparison.transfer.num_threads = options.num_threads;
  comparison.repeats = options.repeats;
  comparison.costs = loaded.times.values;
  row.result = tools::compare(method.strategy, learner, source, loaded.problem, loaded.target, comparison);
  row.result.strategy = method.name;
  row.measuring_hours = row.result.measuring_sum / 3600;
  return row;
}

/// All rows of one case, those on record as they are.
void run_case(const LoadedCase& loaded, const StudyOptions& options, const std::vector<tools::LearnerPair>& learners,
              StudyRecord& record, std::vector<StudyRow>& rows, const std::function<void()>& after_row) {
  for (const tools::LearnerPair& learner : learners) {
    const Model source = learner.source->fit(loaded.problem.source, FitOptions());
    for (const std::string& budget : options.budgets) {
      for (const StudyMethod& method : study_methods(options.strategies)) {
        StudyRow row;
        row.study_case = loaded.study_case;
        row.version = version();
        row.budget = budget;
        row.result.repeats = options.repeats;
        row.result.strategy = method.name;
        row.result.learner = learner.name;
        if (const StudyRow* known = record.find(row)) {
          rows.push_back(*known);
          rows.back().study_case = loaded.study_case;
        } else {
          rows.push_back(measure_row(std::move(row), loaded, method, study_budget(budget), learner, source, options));
          record.add(rows.back());
        }
        after_row();
      }
    }
  }
}

void run_study(const StudyOptions& options) {
  std::filesystem::create_directories(options.output);
  StudyRecord record(options.output + "/rows.jsonl");
  std::vector<tools::LearnerPair> learners;
  for (const std::string& budget : options.budgets) study_budget(budget);  // says at once what is wrong
  for (const std::string& name : options.learners) learners.push_back(tools::learners_named(name));
  const std::vector<StudyCase> cases = study_cases();

  tools::ProgressBar bar;
  const Callbacks callbacks = bar.callbacks();
  const auto start = std::chrono::steady_clock::now();
  Progress progress;
  progress.task = "transfer study";
  progress.total =
      cases.size() * options.budgets.size() * study_methods(options.strategies).size() * options.learners.size();
  const auto after_row = [&] {
    ++progress.done;
    progress.elapsed_s = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    progress.remaining_s =
        progress.elapsed_s * static_cast<double>(progress.total - progress.done) / static_cast<double>(progress.done);
    if (callbacks.progress) callbacks.progress(progress);
  };
  std::vector<StudyRow> rows;
  for (const StudyCase& study_case : cases) {
    run_case(load(study_case, options.data), options, learners, record, rows, after_row);
  }
  write_report(rows, options.output);
}

}  // namespace
}  // namespace perfmodel::bench

int main(int argc, char** argv) {
  perfmodel::bench::StudyOptions options;
  CLI::App app{"Compares transfer strategies on measured Jetson tables", "transfer_study"};
  app.add_option("--data", options.data, "folder of the measured tables")
      ->envname("PERFMODEL_DATA_DIR")
      ->required()
      ->check(CLI::ExistingDirectory);
  app.add_option("--output", options.output, "folder for rows, table and pictures")->capture_default_str();
  app.add_option("--strategy", options.strategies, "strategies, gs_aic, or all")->delimiter(',')->capture_default_str();
  app.add_option("--learner", options.learners, "learners of the source model")->delimiter(',')->capture_default_str();
  app.add_option("--budget", options.budgets,
                 "configurations measured on each target: numbers, pool (what gs sweeps there)")
      ->delimiter(',')
      ->capture_default_str();
  app.add_option("--repeats", options.repeats, "per row, from seeds 0, 1, ...")
      ->check(CLI::PositiveNumber)
      ->capture_default_str();
  app.add_option("--threads", options.num_threads, "that a fit may use")
      ->check(CLI::PositiveNumber)
      ->capture_default_str();
  app.callback([&] { perfmodel::bench::run_study(options); });
  return perfmodel::tools::run_tool(app, argc, argv);
}
