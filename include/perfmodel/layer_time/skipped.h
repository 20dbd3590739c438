#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "perfmodel/core/export.h"

namespace perfmodel {

/// Rows, or networks, of a table that were left out for one reason.
struct Skipped {
  std::string reason;  ///< e.g. "no time"
  std::size_t count = 0;
};

/// Counts one more that was left out for `reason`.
PERFMODEL_EXPORT void count_skipped(std::vector<Skipped>& skipped, const std::string& reason);

/// "no time (3), an empty output (1)"; empty without any.
PERFMODEL_EXPORT std::string skipped_text(const std::vector<Skipped>& skipped);

}  // namespace perfmodel
