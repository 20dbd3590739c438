#pragma once

#include <string>
#include <vector>

#include "perfmodel/core/export.h"

namespace perfmodel {

/// Version of the library that is loaded, e.g. "0.1.0"; the headers' own is PERFMODEL_VERSION in version.h.
PERFMODEL_EXPORT const char* version() noexcept;

/// Whether a part that can be left out of a build is in this one. Known names: "torch", "xgboost", "sqlite".
/// @throws Error kInvalidArgument for another name; the message lists the known ones.
PERFMODEL_EXPORT bool has_feature(const std::string& name);

/// Names of the optional parts in this build.
PERFMODEL_EXPORT std::vector<std::string> features();

}  // namespace perfmodel
