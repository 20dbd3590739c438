#pragma once

#include <optional>
#include <string>
#include <vector>

namespace perfmodel {

/// What is set, where a file lists all choices with that one in brackets ("always [madvise] never"); else the text.
std::string selected_word(const std::string& text);

/// The number that a whole text is. Flags of kernel modules, "Y" and "N", are 1 and 0.
std::optional<double> number_in(const std::string& text);

/// Whether two texts of a file mean the same: the same selected word, or numbers that differ by at most a fraction.
bool same_setting(const std::string& left, const std::string& right, double tolerance_fraction = 0);

std::vector<std::string> words_of(const std::string& text);

/// A file's number in the knob's unit, and the knob's value as text in the file's. Integers that scaling misses by
/// rounding alone are integers.
double from_file_units(double number, double file_units_per_unit);
std::string to_file_text(double value, double file_units_per_unit);

}  // namespace perfmodel
