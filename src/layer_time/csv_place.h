#pragma once

#include <cstddef>
#include <string>

#include "perfmodel/core/csv.h"

namespace perfmodel {

/// "layers.csv:7", as the CSV reader says it; the row's number where the table never was a text.
std::string place_of(const CsvTable& csv, std::size_t row);

}  // namespace perfmodel
