#include "config/option_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdint>

namespace perfmodel {
namespace {

constexpr std::uint64_t kMaxListed = 20;

/// The first texts of `count`, and how many there are where some are left out.
template <typename TextOf>
std::string listed(std::uint64_t count, TextOf text_of) {
  std::string list;
  for (std::uint64_t i = 0; i < std::min(count, kMaxListed); ++i) {
    if (i > 0) list += ", ";
    list += text_of(i);
  }
  if (count > kMaxListed) list += fmt::format(", ... {} in all", count);
  return list;
}

}  // namespace

std::string allowed_text(const Option& option) {
  const std::uint64_t num_levels = option.num_levels();
  if (option.kind() == OptionKind::kInteger && num_levels > 2) {
    const double step = option.value(1) - option.value(0);
    const std::string range = fmt::format("{} to {}", option.text(0), option.text(num_levels - 1));
    return step == 1 ? range : fmt::format("{} in steps of {}", range, step);
  }
  return listed(num_levels, [&](std::uint64_t level) {
    const std::string text = shown_text(option.text(level));
    return option.kind() == OptionKind::kCategorical ? fmt::format("'{}'", text) : text;
  });
}

std::string names_text(const std::vector<Option>& options) {
  return listed(options.size(), [&](std::uint64_t i) { return shown_text(options[i].name()); });
}

std::string shown_text(const std::string& text) {
  constexpr std::size_t kMaxShown = 100;
  std::string shown = text.size() <= kMaxShown ? text : text.substr(0, kMaxShown) + "...";
  for (char& c : shown) {
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7F) c = ' ';
  }
  return shown;
}

}  // namespace perfmodel
