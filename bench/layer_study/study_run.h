#pragma once

#include <vector>

#include "study.h"
#include "study_record.h"

namespace perfmodel::bench {

/// Runs the steps of a part that are not on record, tells of each on standard error, and returns the rows of all, in
/// the order of the steps; without those that this build cannot run.
/// @param only_recorded  run none
std::vector<Json> run_part(const StudyPart& part, const StudyOptions& options, bool only_recorded, StudyRecord& record);

}  // namespace perfmodel::bench
