#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "perfmodel/core/callbacks.h"

namespace perfmodel::bench {

using Json = nlohmann::ordered_json;

class StudyReport;

/// What the whole study runs with.
struct StudyOptions {
  std::string data;                        ///< folder of the measured tables
  std::string output = "out/layer_study";  ///< folder for rows, tables and pictures
  std::vector<std::string> learners;       ///< only these; empty: those that a part names
  std::vector<std::string> kinds = {"conv", "pool", "dense"};
  std::string steps;         ///< only those whose name holds this text
  std::size_t max_rows = 0;  ///< of each table, its first ones; 0: all
  int num_threads = 1;       ///< that a fit may use
  std::uint64_t seed = 0;
  std::size_t num_draws = 3;  ///< seeds or drawings of a step, at most, where a part repeats it
  double svr_minutes = 15;    ///< that the support vector machine of one kind may take for its last fit
};

/// One row of the study: what is asked for by a name, and how to come by it.
struct StudyStep {
  std::string name;  ///< unique in its part, e.g. "conv resperfnet_paper"
  /// An object of results; null where this build cannot (Error kUnsupported is caught and told). It is kept, so that a
  /// study which was stopped goes on after it. Callbacks are for the fits inside.
  std::function<Json(const Callbacks&)> run;
  /// What the row depends on besides what all rows do, by member: kept in it, and found only where it is the same.
  Json settings = Json::object();
};

/// A table or more of the study. Parts know nothing of one another.
struct StudyPart {
  std::string name;  ///< of --part
  std::string says;  ///< in one line, for --help
  /// All steps that `options` ask for, the cheap ones first. Reads no data: that is for StudyStep::run.
  std::function<std::vector<StudyStep>(const StudyOptions&)> steps;
  /// Makes tables and pictures of the rows there are, in the order of steps: what StudyStep::run returned, with the
  /// members "part" and "step" before.
  std::function<void(const std::vector<Json>& rows, const StudyOptions&, StudyReport&)> report;
  std::vector<std::string> learners;  ///< names that --learners chooses among
};

/// Of `names`, in their order, those that --learners names; all of them where it names none.
std::vector<std::string> chosen_learners(const StudyOptions& options, const std::vector<std::string>& names);

/// All parts, in the order in which they run.
std::vector<StudyPart> study_parts();

}  // namespace perfmodel::bench
