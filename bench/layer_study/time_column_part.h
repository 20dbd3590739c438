#pragma once

#include "study.h"

namespace perfmodel::bench {

/// Which time of the training rows to learn by, judged on training rows that the fit does not see.
StudyPart time_column_part();

}  // namespace perfmodel::bench
