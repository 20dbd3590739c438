#include "power/sensor_file.h"

#include <fmt/format.h>

#include <charconv>
#include <cmath>

#include "perfmodel/core/error.h"

namespace perfmodel {
namespace {

constexpr std::size_t kMostQuoted_bytes = 40;

}  // namespace

double read_sensor(FileSystem& files, const std::string& path) {
  const std::string text = files.read(path);
  double number = 0;
  const char* end = text.data() + text.size();
  const auto [parsed, error] = std::from_chars(text.data(), end, number);  // whatever the locale
  if (error != std::errc() || parsed != end || !std::isfinite(number)) {
    throw Error(ErrorCode::kIo,
                fmt::format("'{}' holds '{}', allowed is one number", path, text.substr(0, kMostQuoted_bytes)));
  }
  return number;
}

}  // namespace perfmodel
