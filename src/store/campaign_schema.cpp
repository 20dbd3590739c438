#include "store/campaign_schema.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <utility>

#include "perfmodel/core/error.h"

namespace perfmodel {
namespace {

/// Beside the measurement columns: the row number in the file, and what the export adds.
constexpr const char* kOtherReservedNames[] = {"sequence", "attempts", "status"};

std::string lower_case(std::string text) {
  // Like SQLite: ASCII letters only.
  std::transform(text.begin(), text.end(), text.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
  return text;
}

void add_name(std::set<std::string>& names, const std::string& name, const char* what) {
  if (name.empty() || name.find('\0') != std::string::npos) {
    throw Error(ErrorCode::kInvalidArgument, fmt::format("campaign schema: {} needs a name", what));
  }
  if (!names.insert(lower_case(name)).second) {
    throw Error(ErrorCode::kInvalidArgument,
                fmt::format("campaign schema: {} '{}' is reserved or there twice (case aside)", what, name));
  }
}

[[noreturn]] void throw_difference(const std::string& path, const std::string& what, const std::string& stored,
                                   const std::string& given) {
  throw Error(ErrorCode::kMismatch,
              fmt::format("'{}' holds another campaign: {} is {} there and {} here", path, what, stored, given));
}

/// Two texts that differ, for a message: of long ones what lies between the braces around the first difference.
std::pair<std::string, std::string> different_parts(const std::string& a, const std::string& b) {
  constexpr std::size_t kLong = 200;
  if (std::max(a.size(), b.size()) < kLong) return {a, b};
  const auto same =
      std::mismatch(a.begin(), a.begin() + static_cast<std::ptrdiff_t>(std::min(a.size(), b.size())), b.begin());
  const auto first_different = static_cast<std::size_t>(same.first - a.begin());
  const std::size_t brace = a.rfind('{', first_different);
  const std::size_t begin = brace == std::string::npos ? 0 : brace;
  const auto part = [&](const std::string& text) {
    const std::size_t end = text.find('}', first_different);
    return text.substr(begin, end == std::string::npos ? end : end + 1 - begin);
  };
  return {part(a), part(b)};
}

void check_same_columns(const std::vector<std::string>& stored, const std::vector<std::string>& given, const char* what,
                        const std::string& path) {
  const auto name_at = [](const std::vector<std::string>& names, std::size_t i) {
    return i < names.size() ? fmt::format("'{}'", names[i]) : std::string("missing");
  };
  for (std::size_t i = 0; i < std::max(stored.size(), given.size()); ++i) {
    const std::string stored_name = name_at(stored, i);
    const std::string given_name = name_at(given, i);
    if (stored_name != given_name) {
      throw_difference(path, fmt::format("{} column {}", what, i + 1), stored_name, given_name);
    }
  }
}

/// `name` as an SQL identifier.
std::string quoted(const std::string& name) {
  std::string result = "\"";
  for (const char c : name) {
    if (c == '"') result += '"';
    result += c;
  }
  return result + '"';
}

std::string column_list(const CampaignSchema& schema) {
  std::string list;
  for (const char* column : kMeasurementColumns) list += fmt::format("{}{}", list.empty() ? "" : ", ", column);
  for (const auto* columns : {&schema.input_columns, &schema.output_columns}) {
    for (const std::string& column : *columns) list += fmt::format(", {}", quoted(column));
  }
  return list;
}

}  // namespace

void check_schema(const CampaignSchema& schema) {
  if (schema.purpose.empty()) throw Error(ErrorCode::kInvalidArgument, "campaign schema: no purpose is given");
  if (schema.output_columns.empty()) {
    throw Error(ErrorCode::kInvalidArgument, "campaign schema: there is no output column, so nothing to measure");
  }
  const std::size_t num_columns = schema.input_columns.size() + schema.output_columns.size();
  if (num_columns > kMaxValueColumns) {
    throw Error(ErrorCode::kInvalidArgument,
                fmt::format("campaign schema: {} columns, at most {} are allowed", num_columns, kMaxValueColumns));
  }
  std::set<std::string> names(std::begin(kMeasurementColumns), std::end(kMeasurementColumns));
  names.insert(std::begin(kOtherReservedNames), std::end(kOtherReservedNames));
  for (const std::string& name : schema.input_columns) add_name(names, name, "input column");
  for (const std::string& name : schema.output_columns) add_name(names, name, "output column");
  for (const auto& [key, value] : schema.identity) add_name(names, key, "identity");
}

void check_same_campaign(const CampaignSchema& stored, const CampaignSchema& given, const std::string& path) {
  if (stored.purpose != given.purpose) {
    throw_difference(path, "purpose", fmt::format("'{}'", stored.purpose), fmt::format("'{}'", given.purpose));
  }
  check_same_columns(stored.input_columns, given.input_columns, "input", path);
  check_same_columns(stored.output_columns, given.output_columns, "output", path);
  std::set<std::string> keys;
  for (const auto& [key, value] : stored.identity) keys.insert(key);
  for (const auto& [key, value] : given.identity) keys.insert(key);
  const auto value_of = [](const CampaignSchema& schema, const std::string& key) {
    const auto found = schema.identity.find(key);
    return found != schema.identity.end() ? fmt::format("'{}'", found->second) : std::string("missing");
  };
  for (const std::string& key : keys) {
    const std::string stored_value = value_of(stored, key);
    const std::string given_value = value_of(given, key);
    if (stored_value != given_value) {
      const auto [stored_part, given_part] = different_parts(stored_value, given_value);
      throw_difference(path, fmt::format("identity '{}'", key), stored_part, given_part);
    }
  }
}

void check_row(const CampaignRow& row, const CampaignSchema& schema) {
  if (row.inputs.size() != schema.input_columns.size() || row.outputs.size() != schema.output_columns.size()) {
    throw Error(
        ErrorCode::kMismatch,
        fmt::format("campaign row of candidate {}: {} inputs and {} outputs, the schema has {} and {}", row.candidate,
                    row.inputs.size(), row.outputs.size(), schema.input_columns.size(), schema.output_columns.size()));
  }
}

std::string create_measurement_sql(const CampaignSchema& schema) {
  std::string sql =
      "CREATE TABLE measurement (sequence INTEGER PRIMARY KEY, candidate INTEGER NOT NULL, pass INTEGER NOT NULL, "
      "attempt INTEGER NOT NULL, ok INTEGER NOT NULL, reason TEXT NOT NULL, disturbed_fraction REAL, "
      "started_unix_s REAL, duration_s REAL";
  for (const auto* columns : {&schema.input_columns, &schema.output_columns}) {
    for (const std::string& column : *columns) sql += fmt::format(", {} REAL", quoted(column));
  }
  return sql + ", UNIQUE (candidate, pass, attempt))";
}

std::string insert_measurement_sql(const CampaignSchema& schema) {
  std::string places = "?";
  const std::size_t num_columns =
      std::size(kMeasurementColumns) + schema.input_columns.size() + schema.output_columns.size();
  for (std::size_t i = 1; i < num_columns; ++i) places += ", ?";
  return fmt::format("INSERT INTO measurement ({}) VALUES ({})", column_list(schema), places);
}

std::string select_measurements_sql(const CampaignSchema& schema) {
  return fmt::format("SELECT sequence, {} FROM measurement ORDER BY sequence", column_list(schema));
}

}  // namespace perfmodel
