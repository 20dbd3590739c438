#pragma once

#include <cstddef>

#include "perfmodel/config/config_space.h"
#include "perfmodel/core/csv.h"

namespace perfmodel::tools {

/// Whether a campaign over configurations wrote the table, as `perfmodel-knobs measure --csv` does: it says of each row
/// whether it failed, and holds its config space.
bool is_campaign_table(const CsvTable& table);

/// The space that was measured.  REQUIRES: is_campaign_table(table).
/// @throws Error as ConfigSpace::from_json(); kInvalidArgument: no rows.
ConfigSpace space_of_campaign(const CsvTable& table);

/// Takes off the rows that failed, and puts labels in the place of their numbers.  REQUIRES: is_campaign_table(table).
/// @return how many rows were taken off.
/// @throws Error as space_of_campaign(); kInvalidArgument: all rows failed, with a reason; kParse: a label's number
/// that
///         is none, with the line.
std::size_t keep_good_rows(CsvTable& table);

}  // namespace perfmodel::tools
