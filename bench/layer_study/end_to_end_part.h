#pragma once

#include "study.h"

namespace perfmodel::bench {

/// Random networks timed from end to end: the sum of their layers, one factor for all, and the correction that is
/// learnt on two thirds of them.
StudyPart end_to_end_part();

}  // namespace perfmodel::bench
