#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "board/board_table.h"
#include "perfmodel/config/option.h"

namespace perfmodel {

/// Numbers of a file that lists levels, in the knob's unit and ascending: up to the first text that is no number.
std::vector<double> numbers_in_list(const std::string& text, double file_units_per_unit);

/// low, low + step, ... up to high.
/// @throws Error kUnsupported: there is none, or more than a million.
std::vector<double> stepped_levels(double low, double high, double step);

/// 1, 2, ... as many CPUs as this process may run on.
std::vector<double> levels_up_to_num_cpus();

/// A knob's option from the numbers of its levels, ascending; of boolean and categorical knobs these are not used.
/// @throws Error kUnsupported: no levels.
Option option_of(const KnobTable& table, const std::vector<double>& numbers, std::int64_t default_level);

}  // namespace perfmodel
