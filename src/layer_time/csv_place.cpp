#include "layer_time/csv_place.h"

#include <fmt/format.h>

namespace perfmodel {

std::string place_of(const CsvTable& csv, std::size_t row) {
  return row < csv.lines.size() ? fmt::format("{}:{}", csv.name, csv.lines[row])
                                : fmt::format("{}, row {}", csv.name, row + 1);
}

}  // namespace perfmodel
