#pragma once

#include <string>
#include <vector>

#include "perfmodel/layer_time/skipped.h"

namespace perfmodel::tools {

/// One line on standard error, "conv.csv: left out: no time (3)"; nothing where nothing was.
void warn_of_skipped(const std::string& path, const std::vector<Skipped>& skipped);

/// {"no time":3}; {} where nothing was left out.
std::string skipped_json(const std::vector<Skipped>& skipped);

}  // namespace perfmodel::tools
