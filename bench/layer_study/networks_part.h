#pragma once

#include "study.h"

namespace perfmodel::bench {

/// LeNet, AlexNet and VGG16 as sums of their layers on each device that they were timed on, and how often intervals of
/// such sums hold.
StudyPart networks_part();

}  // namespace perfmodel::bench
