#include "network/json_values.h"

#include <fmt/format.h>

#include <cstddef>
#include <nlohmann/json.hpp>

#include "perfmodel/core/error.h"

namespace perfmodel {
namespace {

using nlohmann::json;

// Far more than any tensor has, and small enough that the dilated kernel of two such sizes does not overflow.
constexpr std::int64_t kMaxSize = 2147483647;

/// The value as JSON, of a long one the beginning.
std::string shown(const json& value) {
  constexpr std::size_t kMaxShown = 60;
  const std::string text = value.dump(-1, ' ', false, json::error_handler_t::replace);
  return text.size() <= kMaxShown ? text : text.substr(0, kMaxShown) + "...";
}

[[noreturn]] void throw_form(const json& value, const char* key, const std::string& where, const char* expected) {
  throw Error(ErrorCode::kParse, fmt::format("{}: '{}' is {}, expected {}", where, key, shown(value), expected));
}

/// What `parse` makes of a name, its error with the place in front.
template <typename Parse>
auto parsed(Parse parse, const std::string& name, const std::string& where) {
  try {
    return parse(name);
  } catch (const Error& error) {
    throw Error(error.code(), fmt::format("{}: {}", where, error.what()));
  }
}

}  // namespace

std::int64_t size_value(const json& value, const char* key, const std::string& where, std::int64_t minimum) {
  if (!value.is_number_integer()) throw_form(value, key, where, "a whole number");
  // An unsigned number past the signed ones would wrap.
  const bool fits = !value.is_number_unsigned() || value.get<std::uint64_t>() <= static_cast<std::uint64_t>(kMaxSize);
  if (!fits || value.get<std::int64_t>() < minimum || value.get<std::int64_t>() > kMaxSize) {
    throw Error(ErrorCode::kInvalidArgument,
                fmt::format("{}: '{}' is {}, allowed are {} to {}", where, key, shown(value), minimum, kMaxSize));
  }
  return value.get<std::int64_t>();
}

Size2 size2_value(const json& value, const char* key, const std::string& where) {
  if (!value.is_array()) {
    if (!value.is_number()) throw_form(value, key, where, "a whole number or [height, width]");
    const std::int64_t side = size_value(value, key, where, 1);
    return {side, side};
  }
  if (value.size() != 2) throw_form(value, key, where, "a whole number or [height, width]");
  return {size_value(value[0], key, where, 1), size_value(value[1], key, where, 1)};
}

Pads pads_value(const json& value, const std::string& where) {
  constexpr const char* kExpected = "a whole number, [top, bottom, left, right], \"same\" or \"valid\"";
  if (value == "valid") return {};
  if (value.is_number()) {
    const std::int64_t pad = size_value(value, "pads", where, 0);
    return {pad, pad, pad, pad};
  }
  if (!value.is_array() || value.size() != 4) throw_form(value, "pads", where, kExpected);
  const auto side = [&](std::size_t i) { return size_value(value[i], "pads", where, 0); };
  return {side(0), side(1), side(2), side(3)};
}

LayerKind kind_value(const std::string& name, const std::string& where) {
  return parsed(parse_layer_kind, name, where);
}

Activation activation_value(const std::string& name, const std::string& where) {
  return parsed(parse_activation, name, where);
}

PoolKind pool_kind_value(const std::string& name, const std::string& where) {
  if (name == "max") return PoolKind::kMax;
  if (name == "average") return PoolKind::kAverage;
  throw Error(ErrorCode::kUnsupported, fmt::format("{}: pool '{}' is not known (max, average)", where, name));
}

}  // namespace perfmodel
