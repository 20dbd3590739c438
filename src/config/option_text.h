#pragma once

#include <string>
#include <vector>

#include "perfmodel/config/option.h"
#include "perfmodel/core/export.h"

namespace perfmodel {

/// What an option allows, for messages: "1 to 63 in steps of 2", "140250000, 497250000", "'nchw', 'nhwc'". Long lists
/// are cut and end in their length.
std::string allowed_text(const Option& option);

/// The names of options, for messages; long lists are cut.
std::string names_text(const std::vector<Option>& options);

/// A text from outside as part of a one-line message: control characters become blanks, a long text is cut.
PERFMODEL_EXPORT std::string shown_text(const std::string& text);

}  // namespace perfmodel
