#pragma once

#include <vector>

#include "study.h"
#include "study_report.h"

namespace perfmodel::bench {

/// Tables of rows of the part "networks": errors of the sums, draw by draw and their means, and what lies in intervals.
void report_networks(const std::vector<Json>& rows, const StudyOptions& options, StudyReport& report);

}  // namespace perfmodel::bench
