#pragma once

#include <string>
#include <vector>

#include "study_record.h"

namespace perfmodel::bench {

/// Prints the study's tables and writes them to `folder`: study.json and study.csv (every row),
/// error_<budget>_<learner>.svg.
void write_report(const std::vector<StudyRow>& rows, const std::string& folder);

}  // namespace perfmodel::bench
