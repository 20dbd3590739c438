#pragma once

#include <string>

#include "perfmodel/layer_time/layer_time_predictor.h"

namespace perfmodel::tools {

/// "all", or "44 %, 98.4 %, 61.3 %": of layers, operations and bytes.
std::string coverage_text(const Coverage& coverage);

/// {"layers": 0.44, "flops": 0.984, "bytes": 0.613}
std::string coverage_json(const Coverage& coverage);

}  // namespace perfmodel::tools
