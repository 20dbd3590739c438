#pragma once

#include "perfmodel/core/span.h"

namespace perfmodel {

/// A table of tables/*.json as it is there.
struct BuiltInTable {
  const char *name, *text;
};

/// In the order of src/board/CMakeLists.txt, from which the definition is made.
Span<const BuiltInTable> built_in_tables() noexcept;

}  // namespace perfmodel
