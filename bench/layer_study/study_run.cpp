#include "study_run.h"

#include <chrono>
#include <optional>

#include "perfmodel/core/error.h"
#include "progress_bar.h"
#include "text_table.h"

namespace perfmodel::bench {
namespace {

/// The fits inside a step tell their progress under the step's name.
Callbacks named(const Callbacks& callbacks, const std::string& name) {
  Callbacks renamed = callbacks;
  if (callbacks.progress) {
    renamed.progress = [tell = callbacks.progress, name](const Progress& progress) {
      Progress copy = progress;
      copy.task = name;
      tell(copy);
    };
  }
  return renamed;
}

std::string error_text(const Json& row) {
  const auto error = row.find("mape_pct");
  const bool known = error != row.end() && error->is_number();
  return known ? ", MAPE " + tools::pct_text(error->get<double>()) + " %" : std::string();
}

/// Nothing where this build cannot.
std::optional<Json> run_step(const StudyStep& step, const std::string& title, const Callbacks& callbacks) {
  const auto start = std::chrono::steady_clock::now();
  try {
    const Json result = step.run(named(callbacks, title));
    const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    callbacks.log(LogLevel::kInfo, title + ": " + tools::clock_text(seconds) + error_text(result));
    return result;
  } catch (const Error& error) {
    if (error.code() != ErrorCode::kUnsupported) throw;
    callbacks.log(LogLevel::kWarning, title + ": " + error.what());
    return std::nullopt;
  }
}

}  // namespace

std::vector<Json> run_part(const StudyPart& part, const StudyOptions& options, bool only_recorded,
                           StudyRecord& record) {
  tools::ProgressBar bar;
  const std::vector<StudyStep> steps = part.steps(options);
  if (steps.empty()) bar.callbacks().log(LogLevel::kWarning, part.name + ": no step of these kinds and learners");
  std::vector<Json> rows;
  for (std::size_t i = 0; i < steps.size(); ++i) {
    if (const Json* known = record.find(part.name, steps[i])) {
      rows.push_back(*known);
      continue;
    }
    if (only_recorded || steps[i].name.find(options.steps) == std::string::npos) continue;
    const std::string title =
        part.name + " " + std::to_string(i + 1) + "/" + std::to_string(steps.size()) + " " + steps[i].name;
    const std::optional<Json> result = run_step(steps[i], title, bar.callbacks());
    if (result) rows.push_back(record.add(part.name, steps[i], *result));
  }
  return rows;
}

}  // namespace perfmodel::bench
