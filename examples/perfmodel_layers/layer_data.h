#pragma once

#include <string>
#include <vector>

#include "perfmodel/layer_time/layer_table.h"

namespace perfmodel::tools {

/// Measured layers from a campaign file (SQLite) or a CSV, told apart by the file's first bytes.
LayerTable read_layers(const std::string& path);

/// The layers of several campaigns of one environment, as one table.
/// @param paths  one at least
/// @throws Error kMismatch: campaigns of different environments; says in what.
LayerTable read_campaigns(const std::vector<std::string>& paths);

/// Where layers of published tables stand, each row one time of a whole call: files of one kind each, read alike.
struct CallFiles {
  std::vector<std::string> kinds;  ///< conv, pool or dense, of each file
  std::vector<std::string> paths;  ///< as many
  std::string time_column;
  std::string device_name;
};

/// The layers of all files as one table. Says on standard error what of each file was left out.
LayerTable read_calls(const CallFiles& files);

}  // namespace perfmodel::tools
