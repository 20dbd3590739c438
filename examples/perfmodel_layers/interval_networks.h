#pragma once

#include <string>
#include <vector>

#include "perfmodel/layer_time/network_table.h"

namespace perfmodel::tools {

/// Networks layer by layer that intervals are fitted to, whole calls. Says on standard error what was left out.
/// @param device  that they were measured on; empty: the table must hold networks of one device alone
/// @throws Error what read_csv() and network_table_from_csv() throw; kMismatch (another kind of table),
///         kInvalidArgument (networks of several devices, lists them).
std::vector<MeasuredNetwork> read_interval_networks(const std::string& path, const std::string& time_column,
                                                    const std::string& device);

}  // namespace perfmodel::tools
