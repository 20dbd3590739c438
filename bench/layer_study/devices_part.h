#pragma once

#include "study.h"

namespace perfmodel::bench {

/// A new device of which few layers were measured: with and without a model of the GTX 1080 Ti.
StudyPart devices_part();

}  // namespace perfmodel::bench
