#pragma once

#include <string>
#include <vector>

#include "config/constraint.h"
#include "perfmodel/config/option.h"

namespace perfmodel {

/// Reads a constraint by the grammar of docs/formats-config.md.
/// @throws Error kParse: no expression, nested deeper than it may be, an option or level there is not, operands of
///         kinds that do not go together.
Program parse_constraint(const std::string& text, const std::vector<Option>& options);

}  // namespace perfmodel
