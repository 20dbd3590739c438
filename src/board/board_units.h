#pragma once

#include <optional>
#include <string>

namespace perfmodel {

/// Units of knobs: "hz", "watts", "joules", "celsius", "bytes", "s", "ms" and "" for counts, flags, names and
/// fractions.
bool is_unit(const std::string& unit);
std::string allowed_units_text();  ///< for messages

/// How many of a file's units make one of `unit`: 1000 for "milliwatts" and "watts". nullopt: no file unit of that name
/// measures the same.
std::optional<double> file_units_per_unit(const std::string& unit, const std::string& file_unit);
std::string allowed_file_units_text(const std::string& unit);
/// The name of a file unit; empty: there is none.
std::string file_unit_name(const std::string& unit, double file_units_per_unit);

}  // namespace perfmodel
