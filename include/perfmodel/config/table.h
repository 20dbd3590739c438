#pragma once

#include <vector>

#include "perfmodel/config/config_space.h"
#include "perfmodel/core/csv.h"
#include "perfmodel/core/export.h"

namespace perfmodel {

/// Whether a table may hold a configuration more than once: repeated measurements.
enum class RepeatedRows { kRefuse, kKeep };

/// The configuration of each row of a table, from the columns that are named like the options.
/// @throws Error kNotFound (no such column); kInvalidArgument, with the line: a cell that is no level of its option, a
///         configuration that breaks a constraint, the same configuration twice (kRefuse; names both lines).
PERFMODEL_EXPORT std::vector<Configuration> configurations_of(const ConfigSpace& space, const CsvTable& table,
                                                              RepeatedRows repeated = RepeatedRows::kRefuse);

}  // namespace perfmodel
