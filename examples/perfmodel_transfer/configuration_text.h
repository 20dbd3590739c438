#pragma once

#include <string>

#include "perfmodel/config/config_space.h"

namespace perfmodel::tools {

/// "num_cores=4 clock_mhz=800"
std::string configuration_text(const ConfigSpace& space, const Configuration& configuration);
/// {"num_cores":4,"clock_mhz":800}: labels as text.
std::string configuration_json(const ConfigSpace& space, const Configuration& configuration);

}  // namespace perfmodel::tools
