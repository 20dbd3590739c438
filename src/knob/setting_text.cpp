#include "knob/setting_text.h"

#include <fmt/format.h>

#include <charconv>
#include <cmath>
#include <sstream>
#include <system_error>

namespace perfmodel {
namespace {

/// Far above what one product of doubles is off by, far below what frequencies differ by.
constexpr double kRoundingFraction = 1e-12;

double without_rounding(double number) {
  const double integer = std::nearbyint(number);
  return std::abs(number - integer) <= kRoundingFraction * std::abs(number) ? integer : number;
}

}  // namespace

std::string selected_word(const std::string& text) {
  const std::size_t begin = text.find('[');
  const std::size_t end = text.find(']', begin);
  if (begin == std::string::npos || end == std::string::npos || text.find('[', begin + 1) != std::string::npos) {
    return text;
  }
  return text.substr(begin + 1, end - begin - 1);
}

std::optional<double> number_in(const std::string& text) {
  if (text == "Y") return 1;
  if (text == "N") return 0;
  double number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size() || !std::isfinite(number)) return std::nullopt;
  return number;
}

bool same_setting(const std::string& left, const std::string& right, double tolerance_fraction) {
  const std::string left_word = selected_word(left), right_word = selected_word(right);
  if (left_word == right_word) return true;
  const std::optional<double> left_number = number_in(left_word), right_number = number_in(right_word);
  return left_number && right_number &&
         std::abs(*left_number - *right_number) <= tolerance_fraction * std::abs(*right_number);
}

std::vector<std::string> words_of(const std::string& text) {
  std::istringstream stream(text);
  std::vector<std::string> words;
  for (std::string word; stream >> word;) words.push_back(word);
  return words;
}

double from_file_units(double number, double file_units_per_unit) {
  return without_rounding(number / file_units_per_unit);
}

std::string to_file_text(double value, double file_units_per_unit) {
  const double number = without_rounding(value * file_units_per_unit);
  return number == std::nearbyint(number) ? fmt::format("{:.0f}", number) : fmt::format("{}", number);
}

}  // namespace perfmodel
