#pragma once

#include <vector>

#include "study_report.h"

namespace perfmodel::bench {

/// Of StudyPart "learners", for the page: `table_1` beside the paper's, `learners` (one line per method),
/// `learners_<kind>`, pictures `epochs` (error per
/// epoch) and `predicted` (against measured times); rows `layers_learners`.
void report_learners(const std::vector<Json>& rows, const StudyOptions& options, StudyReport& report);

/// The predictions of a step, kept beside the study's rows for its pictures: measured and predicted milliseconds.
std::string predictions_path(const StudyOptions& options, const std::string& kind, const std::string& method);

}  // namespace perfmodel::bench
