#pragma once

#include "study.h"

namespace perfmodel::bench {

/// Table 1 of ResPerfNet and learners on physics features: trained on the GTX 1080 Ti's training rows, tested on
/// others.
StudyPart learners_part();

}  // namespace perfmodel::bench
