#include "perfmodel/config/option.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <system_error>
#include <utility>

#include "config/option_text.h"
#include "perfmodel/core/csv.h"
#include "perfmodel/core/error.h"

namespace perfmodel {
namespace {

/// Beyond this, neighbouring integers are one number to a double.
constexpr std::int64_t kMaxInteger = std::int64_t{1} << 53;

[[noreturn]] void fail(const std::string& option, const std::string& what) {
  throw Error(ErrorCode::kInvalidArgument, fmt::format("option '{}': {}", shown_text(option), what));
}

[[noreturn]] void throw_no_level(const Option& option, const std::string& given) {
  fail(option.name(), fmt::format("{} is not an allowed level ({})", given, allowed_text(option)));
}

/// The index of the default level, or `otherwise` when none was asked for.
std::uint64_t checked_default(const std::string& option, std::int64_t level, std::uint64_t num_levels,
                              std::uint64_t otherwise) {
  if (level < 0) return otherwise;
  if (static_cast<std::uint64_t>(level) >= num_levels) {
    fail(option, fmt::format("default level {}, there are {} levels, counted from 0", level, num_levels));
  }
  return static_cast<std::uint64_t>(level);
}

}  // namespace

const char* option_kind_name(OptionKind kind) noexcept {
  switch (kind) {
    case OptionKind::kBoolean:
      return "boolean";
    case OptionKind::kInteger:
      return "integer";
    case OptionKind::kOrdinal:
      return "ordinal";
    case OptionKind::kCategorical:
      return "categorical";
  }
  return "?";
}

Option::Option(std::string name, OptionKind kind, std::string unit)
    : name_(std::move(name)), kind_(kind), unit_(std::move(unit)) {
  if (name_.empty()) throw Error(ErrorCode::kInvalidArgument, "an option has no name");
}

Option Option::boolean(std::string name, std::int64_t default_level) {
  Option option(std::move(name), OptionKind::kBoolean, "");
  option.num_levels_ = 2;
  option.default_level_ = checked_default(option.name_, default_level, 2, 1);
  return option;
}

Option Option::integer(std::string name, std::int64_t low, std::int64_t high, std::int64_t step,
                       std::int64_t default_level, std::string unit) {
  Option option(std::move(name), OptionKind::kInteger, std::move(unit));
  if (low < -kMaxInteger || high > kMaxInteger) {
    fail(option.name_, fmt::format("{} to {}, allowed are {} to {}", low, high, -kMaxInteger, kMaxInteger));
  }
  if (low > high) fail(option.name_, fmt::format("low {} is above high {}", low, high));
  if (step < 1) fail(option.name_, fmt::format("step {}, at least 1 is needed", step));
  option.low_ = low;
  option.step_ = step;
  option.num_levels_ = static_cast<std::uint64_t>((high - low) / step) + 1;
  option.default_level_ = checked_default(option.name_, default_level, option.num_levels_, option.num_levels_ - 1);
  return option;
}

Option Option::ordinal(std::string name, std::vector<double> levels, std::int64_t default_level, std::string unit) {
  Option option(std::move(name), OptionKind::kOrdinal, std::move(unit));
  if (levels.empty()) fail(option.name_, "no levels");
  for (std::size_t i = 0; i < levels.size(); ++i) {
    if (!std::isfinite(levels[i])) fail(option.name_, fmt::format("level {} is {}, not a finite number", i, levels[i]));
    levels[i] += 0.0;  // -0 becomes 0, which it equals but does not look like
    if (i > 0 && levels[i] <= levels[i - 1]) {
      fail(option.name_, fmt::format("level {} after {}: levels must ascend", levels[i], levels[i - 1]));
    }
  }
  option.numbers_ = std::move(levels);
  option.num_levels_ = option.numbers_.size();
  option.default_level_ = checked_default(option.name_, default_level, option.num_levels_, option.num_levels_ - 1);
  return option;
}

Option Option::categorical(std::string name, std::vector<std::string> labels, std::int64_t default_level) {
  Option option(std::move(name), OptionKind::kCategorical, "");
  if (labels.empty()) fail(option.name_, "no levels");
  option.labels_ = std::move(labels);
  for (std::uint64_t level = 0; level < option.labels_.size(); ++level) {
    const std::string& label = option.labels_[level];
    if (label.empty()) fail(option.name_, "a level without a name");
    if (!option.level_of_label_.emplace(label, level).second) {
      fail(option.name_, fmt::format("level '{}' appears twice", shown_text(label)));
    }
  }
  option.num_levels_ = option.labels_.size();
  option.default_level_ = checked_default(option.name_, default_level, option.num_levels_, 0);
  return option;
}

double Option::value(std::uint64_t level) const noexcept {
  switch (kind_) {
    case OptionKind::kBoolean:
    case OptionKind::kInteger:
      return static_cast<double>(low_ + static_cast<std::int64_t>(level) * step_);
    case OptionKind::kOrdinal:
      return numbers_[level];
    case OptionKind::kCategorical:
      break;
  }
  return static_cast<double>(level);
}

std::string Option::text(std::uint64_t level) const {
  return kind_ == OptionKind::kCategorical ? labels_[level] : format_number(value(level));
}

std::optional<std::uint64_t> Option::find_level(double number) const noexcept {
  if (std::isnan(number)) return std::nullopt;
  const std::uint64_t level = nearest_number(number);
  return value(level) == number ? std::optional(level) : std::nullopt;
}

std::optional<std::uint64_t> Option::find_level(const std::string& text) const {
  if (kind_ == OptionKind::kCategorical) {
    const auto found = level_of_label_.find(text);
    return found == level_of_label_.end() ? std::nullopt : std::optional(found->second);
  }
  if (kind_ == OptionKind::kBoolean && (text == "true" || text == "false")) return text == "true" ? 1 : 0;
  double number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  const bool is_number = error == std::errc() && end == text.data() + text.size();
  return is_number ? find_level(number) : std::nullopt;
}

std::uint64_t Option::level_of(double number) const {
  const auto level = find_level(number);
  if (!level) throw_no_level(*this, fmt::format("{}", number));
  return *level;
}

std::uint64_t Option::level_of(const std::string& text) const {
  const auto level = find_level(text);
  if (!level) throw_no_level(*this, fmt::format("'{}'", shown_text(text)));
  return *level;
}

std::uint64_t Option::nearest_level(double number) const {
  if (std::isnan(number)) fail(name_, "NaN where a number belongs");
  return nearest_number(number);
}

std::uint64_t Option::nearest_number(double number) const noexcept {
  const std::uint64_t last = num_levels_ - 1;
  if (number <= value(0)) return 0;
  if (number >= value(last)) return last;
  std::uint64_t below = 0;  // the last level whose number is not above
  if (kind_ == OptionKind::kOrdinal) {
    const auto above = std::upper_bound(numbers_.begin(), numbers_.end(), number);
    below = static_cast<std::uint64_t>(above - numbers_.begin()) - 1;
  } else {
    below = static_cast<std::uint64_t>((number - value(0)) / static_cast<double>(step_));
    if (value(below) > number) --below;  // the division may have rounded up to the next level
  }
  return below < last && value(below + 1) - number < number - value(below) ? below + 1 : below;
}

}  // namespace perfmodel
