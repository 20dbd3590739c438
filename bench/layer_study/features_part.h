#pragma once

#include "study.h"

namespace perfmodel::bench {

/// Whether more features tell more: XGBoost on the sets physics and physics_tiles, judged on training rows that the fit
/// does not see. Of layers that both sets describe alike there is no step.
StudyPart features_part();

}  // namespace perfmodel::bench
