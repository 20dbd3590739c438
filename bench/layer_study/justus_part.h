#pragma once

#include "study.h"

namespace perfmodel::bench {

/// Layers of Justus et al., another campaign on other GPUs: each GPU by itself, error beside the rows' own spread.
StudyPart justus_part();

}  // namespace perfmodel::bench
