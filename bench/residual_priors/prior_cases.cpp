#include "prior_cases.h"

#include <utility>

#include "perfmodel/core/csv.h"
#include "perfmodel/learner/trees.h"
#include "tables.h"

namespace perfmodel::bench {
namespace {

const std::string kStatus = "status";  // of a kernel: ok, or why it did not run

StudyCase kernel_case(const std::string& kernel, const std::string& source, const std::string& target) {
  const std::string folder = std::string(kKernels) + "/";
  return {folder + kernel + "_" + source + ".csv",
          folder + kernel + "_" + target + ".csv",
          "time_mean_ms",
          {kStatus, "time_std_ms", "time_min_ms", "compile_time_ms", "benchmark_time_ms"}};
}

CsvTable read_measured_rows(const std::string& path) {
  CsvTable table = read_csv(path);
  if (!table.has_column(kStatus)) return table;
  const std::size_t status = table.column_index(kStatus);
  CsvTable measured{table.name, table.columns, {}, {}};
  for (std::size_t row = 0; row < table.rows.size(); ++row) {
    if (table.text(row, status) != "ok") continue;
    measured.rows.push_back(std::move(table.rows[row]));
    measured.lines.push_back(table.lines[row]);
  }
  return measured;
}

tools::MeasuredTable read_measured(const std::string& path, const StudyCase& study_case) {
  const CsvTable table = read_measured_rows(path);
  const auto options = tools::option_columns(table, study_case.objective, study_case.ignored);
  return tools::measured_table(path, table, ConfigSpace::from_table(table, options), study_case.objective);
}

}  // namespace

std::vector<StudyCase> prior_cases() {
  std::vector<StudyCase> cases = study_cases();
  cases.push_back(kernel_case("convolution", "a100", "a4000"));
  cases.push_back(kernel_case("convolution", "a4000", "mi250x"));
  cases.push_back(kernel_case("convolution", "mi250x", "w6600"));
  cases.push_back(kernel_case("convolution", "w6600", "a100"));
  cases.push_back(kernel_case("dedispersion", "a100", "mi250x"));
  cases.push_back(kernel_case("dedispersion", "mi250x", "a100"));
  return cases;
}

std::string family_of(const StudyCase& study_case) {
  return study_case.target.substr(0, study_case.target.find('/'));
}

std::vector<StudyCase> of_family(const std::vector<StudyCase>& cases, const std::string& family) {
  std::vector<StudyCase> found;
  for (const StudyCase& study_case : cases) {
    if (family_of(study_case) == family) found.push_back(study_case);
  }
  return found;
}

LoadedCase load_case(const StudyCase& study_case, const std::string& data) {
  const tools::MeasuredTable source = read_measured(data + "/" + study_case.source, study_case);
  const tools::MeasuredTable target = read_measured(data + "/" + study_case.target, study_case);
  TransferProblem problem = tools::problem_from(source, study_case.objective, target.space, target.configurations);
  Model source_model = make_tree_learner()->fit(problem.source, FitOptions());
  return {std::move(problem), target.values, std::move(source_model)};
}

}  // namespace perfmodel::bench
