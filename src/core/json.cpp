#include "core/json.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <limits>
#include <nlohmann/json.hpp>
#include <string>
#include <utility>
#include <vector>

namespace perfmodel {
namespace {

using nlohmann::json;

/// The longest part of a text that messages quote, in bytes.
constexpr std::size_t kMaxShown = 60;

/// The reason, whose quotation from the text may be as long as the text and any bytes: with its last kMaxShown ones,
/// where the error is, and a '?' for each that is not printable ASCII.
std::string shorten_quotation(std::string reason) {
  std::replace_if(
      reason.begin(), reason.end(), [](char c) { return c < ' ' || c > '~'; }, '?');
  for (const std::string_view mark : {"last read: '", "number overflow parsing '"}) {
    const std::size_t mark_begin = reason.find(mark);
    if (mark_begin == std::string::npos) continue;
    const std::size_t begin = mark_begin + mark.size();
    const std::size_t expected = reason.rfind("'; expected ");
    const bool says_expected =
        expected != std::string::npos && expected >= begin && reason.size() - expected <= kMaxShown;
    const std::size_t end = std::max(begin, says_expected ? expected : reason.rfind('\''));
    if (end - begin > kMaxShown) reason.replace(begin, end - begin - kMaxShown, "...");
    return reason;
  }
  return reason;
}

/// The library's text without its identifier: "[json.exception.parse_error.101] parse error at line 1, column 2: x" is
/// "x".
std::string reason_of(const json::exception& error) {
  const std::string text = error.what();
  const std::size_t position_end = text.find(": ");
  if (text.find("] parse error at ") != std::string::npos && position_end != std::string::npos) {
    return shorten_quotation(text.substr(position_end + 2));
  }
  const std::size_t id_end = text.find("] ");
  return shorten_quotation(id_end == std::string::npos ? text : text.substr(id_end + 2));
}

/// "2:7", line and column from 1, of the byte before `end`.
std::string position_of(std::string_view text, std::size_t end) {
  const std::string_view before = text.substr(0, std::min(text.size(), end > 0 ? end - 1 : 0));
  const auto line = 1 + std::count(before.begin(), before.end(), '\n');
  const std::size_t newline = before.rfind('\n');
  return fmt::format("{}:{}", line, newline == std::string_view::npos ? before.size() + 1 : before.size() - newline);
}

/// Reads a text and refuses what is wrong, too deep or too large, and repeated keys, which JSON libraries resolve
/// differently. (The library's own parser callback would take quadratic time on wide objects.)
class TextReader final : public nlohmann::json_sax<json> {
 public:
  TextReader(std::string_view text, const std::string& name, ErrorCode code) : text_(text), name_(name), code_(code) {}

  json take() { return std::move(root_); }

  bool null() override { return add(nullptr); }
  bool boolean(bool value) override { return add(value); }
  bool number_integer(number_integer_t value) override { return add(value); }
  bool number_unsigned(number_unsigned_t value) override { return add(value); }
  bool number_float(number_float_t value, const string_t&) override { return add(value); }
  bool string(string_t& value) override { return add(std::move(value)); }
  bool binary(binary_t&) override { return false; }  // not in a text
  bool start_object(std::size_t) override { return open(json::object()); }
  bool start_array(std::size_t) override { return open(json::array()); }
  bool end_object() override { return close(); }
  bool end_array() override { return close(); }

  bool key(string_t& key) override {
    if (open_.back()->contains(key)) fail(fmt::format("key '{}' appears twice in one object", key));
    key_ = std::move(key);
    return true;
  }

  bool parse_error(std::size_t position, const std::string&, const json::exception& error) override {
    const std::string where = position_of(text_, position);
    if (code_ == ErrorCode::kCorrupt) fail(fmt::format("{}: {}", where, reason_of(error)));
    throw Error(code_, fmt::format("{}:{}: {}", name_, where, reason_of(error)));
  }

 private:
  [[noreturn]] void fail(const std::string& reason) const {
    // Nobody wrote a corrupt file by hand: that it is damaged says more than what is wrong with its JSON.
    throw Error(code_, fmt::format("{}: {}{}", name_, code_ == ErrorCode::kCorrupt ? "damaged: " : "", reason));
  }

  /// Puts a value where it belongs, and tells where that is. It stays there until the one around it is closed.
  json& put(json value) {
    if (++num_values_ > kMaxJsonValues) fail(fmt::format("more than {} values", kMaxJsonValues));
    if (open_.empty()) return root_ = std::move(value);
    json& parent = *open_.back();
    if (parent.is_object()) return *parent.emplace(std::move(key_), std::move(value)).first;
    parent.push_back(std::move(value));
    return parent.back();
  }

  bool add(json value) {
    put(std::move(value));
    return true;
  }

  bool open(json value) {
    if (open_.size() == kMaxJsonDepth) fail(fmt::format("nested deeper than {} levels", kMaxJsonDepth));
    open_.push_back(&put(std::move(value)));
    return true;
  }

  bool close() {
    open_.pop_back();
    return true;
  }

  std::string_view text_;
  const std::string& name_;
  ErrorCode code_;
  std::size_t num_values_ = 0;
  json root_;
  std::vector<json*> open_;  ///< objects and arrays that are not closed yet, each inside of the one before
  std::string key_;          ///< of the value that comes next in an object
};

[[noreturn]] void throw_type(const json& value, const char* key, const char* expected, const std::string& where,
                             ErrorCode code) {
  constexpr bool kEnsureAscii = true;  // a cut through a character would leave half of it
  std::string shown =
      value.is_structured() ? value.type_name() : value.dump(-1, ' ', kEnsureAscii, json::error_handler_t::replace);
  if (shown.size() > kMaxShown) shown = shown.substr(0, kMaxShown) + "...";
  throw Error(code, fmt::format("{}: '{}' is {}, not {}", where, key, shown, expected));
}

void require_object(const json& object, const std::string& where, ErrorCode code) {
  if (!object.is_object()) throw Error(code, fmt::format("{}: {} where an object belongs", where, object.type_name()));
}

}  // namespace

json parse_json(std::string_view text, const std::string& name, ErrorCode code) {
  TextReader reader(text, name, code);
  json::sax_parse(text, &reader);
  return reader.take();
}

std::string write_json(const json& value, const std::string& name) {
  try {
    return value.dump();
  } catch (const json::type_error& error) {
    throw Error(ErrorCode::kInvalidArgument, fmt::format("{}: a text is not UTF-8: {}", name, reason_of(error)));
  }
}

void require_keys(const json& object, std::initializer_list<const char*> allowed, const std::string& where,
                  ErrorCode code) {
  require_object(object, where, code);
  for (const auto& [key, value] : object.items()) {
    if (std::find(allowed.begin(), allowed.end(), key) == allowed.end()) {
      throw Error(code, fmt::format("{}: unknown key '{}' (allowed: {})", where, key, fmt::join(allowed, ", ")));
    }
  }
}

const json& member_at(const json& object, const char* key, const std::string& where, ErrorCode code) {
  require_object(object, where, code);
  const auto found = object.find(key);
  if (found == object.end()) throw Error(code, fmt::format("{}: key '{}' is missing", where, key));
  return *found;
}

const json& object_at(const json& object, const char* key, const std::string& where, ErrorCode code) {
  const json& value = member_at(object, key, where, code);
  if (!value.is_object()) throw_type(value, key, "an object", where, code);
  return value;
}

const json& array_at(const json& object, const char* key, const std::string& where, ErrorCode code) {
  const json& value = member_at(object, key, where, code);
  if (!value.is_array()) throw_type(value, key, "an array", where, code);
  return value;
}

std::string string_at(const json& object, const char* key, const std::string& where, ErrorCode code) {
  const json& value = member_at(object, key, where, code);
  if (!value.is_string()) throw_type(value, key, "a string", where, code);
  return value.get<std::string>();
}

double number_at(const json& object, const char* key, const std::string& where, ErrorCode code) {
  const json& value = member_at(object, key, where, code);
  if (!value.is_number()) throw_type(value, key, "a number", where, code);
  return value.get<double>();
}

std::int64_t integer_at(const json& object, const char* key, const std::string& where, ErrorCode code) {
  const json& value = member_at(object, key, where, code);
  const bool fits = value.is_number_unsigned()
                        ? value.get<std::uint64_t>() <= std::uint64_t{std::numeric_limits<std::int64_t>::max()}
                        : value.is_number_integer();
  if (!fits) throw_type(value, key, "an integer", where, code);
  return value.get<std::int64_t>();
}

std::size_t size_at(const json& object, const char* key, const std::string& where, ErrorCode code) {
  const std::int64_t value = integer_at(object, key, where, code);
  if (value < 0) throw_type(member_at(object, key, where, code), key, "an integer >= 0", where, code);
  return static_cast<std::size_t>(value);
}

bool bool_at(const json& object, const char* key, const std::string& where, ErrorCode code) {
  const json& value = member_at(object, key, where, code);
  if (!value.is_boolean()) throw_type(value, key, "true or false", where, code);
  return value.get<bool>();
}

}  // namespace perfmodel
