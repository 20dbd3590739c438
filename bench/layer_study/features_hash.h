#pragma once

#include <string>

namespace perfmodel::bench {

/// Sixteen digits that are others when a feature of the sets paper and physics has another name, comes or goes.
std::string features_hash();

/// Sixteen digits that are others when some set describes some layers by other numbers (to ten digits).
std::string features_values_hash();

}  // namespace perfmodel::bench
