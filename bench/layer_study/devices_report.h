#pragma once

#include <vector>

#include "study.h"
#include "study_report.h"

namespace perfmodel::bench {

/// Tables of rows of the part "devices": every method, those of 300 layers by device, and what the source is good for.
void report_devices(const std::vector<Json>& rows, const StudyOptions& options, StudyReport& report);

}  // namespace perfmodel::bench
