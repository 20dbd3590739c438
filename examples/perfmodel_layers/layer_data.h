#pragma once

#include <string>

#include "perfmodel/layer_time/layer_table.h"

namespace perfmodel::tools {

/// Measured layers from a campaign file (SQLite) or a CSV, told apart by the file's first bytes.
LayerTable read_layers(const std::string& path);

}  // namespace perfmodel::tools
