#include "knob/knob_levels.h"

#include <fmt/format.h>
#include <sched.h>

#include <algorithm>
#include <cmath>
#include <optional>

#include "knob/setting_text.h"
#include "perfmodel/core/error.h"

namespace perfmodel {
namespace {

constexpr double kMaxLevels = 1e6;
/// What a range may miss its last level by, in steps: rounding of the ends.
constexpr double kStepRounding = 1e-6;

/// Whether all are integers with one distance between them, which integer options are made of.
bool is_integer_range(const std::vector<double>& numbers) {
  const double step = numbers.size() > 1 ? numbers[1] - numbers[0] : 1;
  for (std::size_t i = 0; i < numbers.size(); ++i) {
    if (numbers[i] != std::floor(numbers[i]) || (i > 0 && numbers[i] - numbers[i - 1] != step)) return false;
  }
  return true;
}

}  // namespace

std::vector<double> numbers_in_list(const std::string& text, double file_units_per_unit) {
  std::vector<double> numbers;
  for (const std::string& word : words_of(text)) {
    const std::optional<double> number = number_in(word);
    if (!number) break;
    numbers.push_back(from_file_units(*number, file_units_per_unit));
  }
  std::sort(numbers.begin(), numbers.end());
  numbers.erase(std::unique(numbers.begin(), numbers.end()), numbers.end());
  return numbers;
}

std::vector<double> stepped_levels(double low, double high, double step) {
  const double num_steps = std::floor((high - low) / step + kStepRounding);
  if (!(num_steps >= 0 && num_steps < kMaxLevels)) {
    throw Error(ErrorCode::kUnsupported,
                fmt::format("its levels are not known: {} to {} in steps of {}", low, high, step));
  }
  std::vector<double> levels;
  for (double i = 0; i <= num_steps; ++i) levels.push_back(low + i * step);
  return levels;
}

std::vector<double> levels_up_to_num_cpus() {
  cpu_set_t cpus;
  CPU_ZERO(&cpus);
  const int num_cpus = ::sched_getaffinity(0, sizeof cpus, &cpus) == 0 ? CPU_COUNT(&cpus) : 1;
  return stepped_levels(1, std::max(num_cpus, 1), 1);
}

Option option_of(const KnobTable& table, const std::vector<double>& numbers, std::int64_t default_level) {
  if (table.kind == OptionKind::kBoolean) return Option::boolean(table.name, default_level);
  if (table.kind == OptionKind::kCategorical) {
    return Option::categorical(table.name, table.levels.labels, default_level);
  }
  if (numbers.empty()) throw Error(ErrorCode::kUnsupported, "its levels are not known");
  if (table.kind == OptionKind::kInteger && is_integer_range(numbers)) {
    const auto step = static_cast<std::int64_t>(numbers.size() > 1 ? numbers[1] - numbers[0] : 1);
    return Option::integer(table.name, static_cast<std::int64_t>(numbers.front()),
                           static_cast<std::int64_t>(numbers.back()), step, default_level, table.unit);
  }
  return Option::ordinal(table.name, numbers, default_level, table.unit);
}

}  // namespace perfmodel
