#include "board/board_units.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <vector>

namespace perfmodel {
namespace {

constexpr const char* kUnits[] = {"hz", "watts", "joules", "celsius", "bytes", "s", "ms", ""};

struct FileUnit {
  const char *name, *unit;
  double per_unit;
};

constexpr FileUnit kFileUnits[] = {
    {"hz", "hz", 1},
    {"khz", "hz", 1e-3},
    {"mhz", "hz", 1e-6},
    {"watts", "watts", 1},
    {"milliwatts", "watts", 1e3},
    {"microwatts", "watts", 1e6},
    {"joules", "joules", 1},
    {"millijoules", "joules", 1e3},
    {"microjoules", "joules", 1e6},
    {"celsius", "celsius", 1},
    {"millicelsius", "celsius", 1e3},
    {"bytes", "bytes", 1},
    {"kib", "bytes", 1.0 / 1024},
    {"mib", "bytes", 1.0 / 1024 / 1024},
    {"s", "s", 1},
    {"ms", "s", 1e3},
    {"us", "s", 1e6},
    {"ms", "ms", 1},
    {"us", "ms", 1e3},
    {"", "", 1},
    {"percent", "", 100},
};

}  // namespace

bool is_unit(const std::string& unit) {
  return std::find(std::begin(kUnits), std::end(kUnits), unit) != std::end(kUnits);
}

std::string allowed_units_text() {
  return fmt::format("'{}'", fmt::join(kUnits, "', '"));
}

std::optional<double> file_units_per_unit(const std::string& unit, const std::string& file_unit) {
  for (const FileUnit& candidate : kFileUnits) {
    if (candidate.unit == unit && candidate.name == file_unit) return candidate.per_unit;
  }
  return std::nullopt;
}

std::string allowed_file_units_text(const std::string& unit) {
  std::vector<const char*> names;
  for (const FileUnit& candidate : kFileUnits) {
    if (candidate.unit == unit) names.push_back(candidate.name);
  }
  return fmt::format("'{}'", fmt::join(names, "', '"));
}

std::string file_unit_name(const std::string& unit, double file_units_per_unit) {
  for (const FileUnit& candidate : kFileUnits) {
    if (candidate.unit == unit && candidate.per_unit == file_units_per_unit) return candidate.name;
  }
  return "";
}

}  // namespace perfmodel
