#pragma once

#include "learner/option_json.h"
#include "perfmodel/learner/trees.h"

namespace perfmodel {

/// @throws Error kInvalidArgument: names the option that is out of range.
void check_options(const TreeOptions& options);

/// Reads those of a tree's options that are there.
/// @throws Error kParse: a value of another type.
void read_options(const OptionReader& reader, TreeOptions& options);

}  // namespace perfmodel
