// Tables of layer models on layers that others measured. Rows go to a file as they are made; a study that was stopped
// goes on.

#include <CLI/CLI.hpp>
#include <algorithm>
#include <filesystem>
#include <set>

#include "number_checks.h"
#include "study.h"
#include "study_record.h"
#include "study_report.h"
#include "study_run.h"
#include "tool_main.h"

namespace perfmodel::bench {
namespace {

struct CommandLine {
  StudyOptions study;
  std::vector<std::string> parts;  // empty: all
  std::string page;
  bool only_recorded = false;
};

std::vector<std::string> part_names() {
  std::vector<std::string> names;
  for (const StudyPart& part : study_parts()) names.push_back(part.name);
  return names;
}

std::string parts_help() {
  std::string text = "only these parts";
  for (const StudyPart& part : study_parts()) text += "; " + part.name + ": " + part.says;
  return text;
}

bool is_asked(const StudyPart& part, const CommandLine& line) {
  return line.parts.empty() || std::find(line.parts.begin(), line.parts.end(), part.name) != line.parts.end();
}

/// @throws CLI::ValidationError: a learner that none of the parts asked for has.
void check_learners(const CommandLine& line) {
  std::set<std::string> known;
  for (const StudyPart& part : study_parts()) {
    if (is_asked(part, line)) known.insert(part.learners.begin(), part.learners.end());
  }
  for (const std::string& learner : line.study.learners) {
    if (known.count(learner) > 0) continue;
    std::string names;
    for (const std::string& name : known) names += (names.empty() ? "" : ", ") + name;
    throw CLI::ValidationError("--learners: these parts have no '" + learner + "', but " + names);
  }
}

void run_study(const CommandLine& line) {
  check_learners(line);
  std::filesystem::create_directories(line.study.output);
  StudyRecord record(line.study.output + "/rows.jsonl", line.study);
  StudyReport report(line.study);
  for (const StudyPart& part : study_parts()) {
    if (is_asked(part, line)) part.report(run_part(part, line.study, line.only_recorded, record), line.study, report);
  }
  if (!line.page.empty()) update_page(line.page, line.study.output);
}

void add_options(CLI::App& app, CommandLine& line) {
  StudyOptions& study = line.study;
  app.add_option("--data", study.data, "folder of the measured tables")
      ->envname("PERFMODEL_DATA_DIR")
      ->required()
      ->check(CLI::ExistingDirectory);
  app.add_option("--output", study.output, "folder for rows, tables and pictures")->capture_default_str();
  app.add_option("--part", line.parts, parts_help())->delimiter(',')->check(CLI::IsMember(part_names()));
  app.add_option("--learners", study.learners, "only these of a part's learners")->delimiter(',');
  app.add_option("--kinds", study.kinds, "only these kinds of layers")
      ->delimiter(',')
      ->check(CLI::IsMember({"conv", "pool", "dense"}))
      ->capture_default_str();
  app.add_option("--steps", study.steps, "run only steps whose name holds this text, e.g. \"300 conv\"");
  app.add_option("--draws", study.num_draws, "seeds or drawings of a step, at most, where a part repeats it")
      ->check(tools::at_least(1))
      ->capture_default_str();
  app.add_option("--rows", study.max_rows, "of each table, its first ones (default: all)")->check(tools::at_least(1));
  app.add_option("--threads", study.num_threads, "that a fit may use")
      ->check(tools::at_least(1))
      ->capture_default_str();
  app.add_option("--seed", study.seed)->capture_default_str();
  app.add_option("--svr-minutes", study.svr_minutes, "that the last fit of a support vector machine may take, about")
      ->check(tools::above(0))
      ->capture_default_str();
  app.add_flag("--report", line.only_recorded, "run nothing, make tables and pictures of what is on record");
  app.add_option("--page", line.page, "put the tables into this page too, e.g. docs/results/layers.md")
      ->check(CLI::ExistingFile);
}

}  // namespace
}  // namespace perfmodel::bench

int main(int argc, char** argv) {
  perfmodel::bench::CommandLine line;
  CLI::App app{"Fits learners to layers that others measured on GPUs, each row the total time of one call",
               "layer_study"};
  perfmodel::bench::add_options(app, line);
  app.callback([&] { perfmodel::bench::run_study(line); });
  return perfmodel::tools::run_tool(app, argc, argv);
}
