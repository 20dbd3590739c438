#pragma once

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>

#include "perfmodel/core/error.h"
#include "perfmodel/core/export.h"

namespace perfmodel {

/// JSON with the library's errors. `where` says in messages which part of which text is meant, e.g. "node 'conv1'";
/// `code` is that of the error: kParse for what people write, kCorrupt inside model files.

constexpr std::size_t kMaxJsonDepth = 64;
constexpr std::size_t kMaxJsonValues = 2000000;

/// Parses a whole text. `name` stands for it in messages.
/// @throws Error `code`: not JSON (with line and column), a key twice in one object, more than kMaxJsonDepth levels or
///         kMaxJsonValues values.
PERFMODEL_EXPORT nlohmann::json parse_json(std::string_view text, const std::string& name,
                                           ErrorCode code = ErrorCode::kParse);

/// The text of what was made here, on one line. `name` stands for it in messages.
/// @throws Error kInvalidArgument: a string that is not UTF-8.
PERFMODEL_EXPORT std::string write_json(const nlohmann::json& value, const std::string& name);

/// @throws Error `code`: not an object, or a key that is not in `allowed`; names it and lists the allowed ones.
PERFMODEL_EXPORT void require_keys(const nlohmann::json& object, std::initializer_list<const char*> allowed,
                                   const std::string& where, ErrorCode code = ErrorCode::kParse);

/// Members of an object, by type.
/// @throws Error `code`: not an object, no such key, another type; integer_at: a fraction or out of range;
///         size_at: a negative number as well.
PERFMODEL_EXPORT const nlohmann::json& member_at(const nlohmann::json& object, const char* key,
                                                 const std::string& where, ErrorCode code = ErrorCode::kParse);
PERFMODEL_EXPORT const nlohmann::json& object_at(const nlohmann::json& object, const char* key,
                                                 const std::string& where, ErrorCode code = ErrorCode::kParse);
PERFMODEL_EXPORT const nlohmann::json& array_at(const nlohmann::json& object, const char* key, const std::string& where,
                                                ErrorCode code = ErrorCode::kParse);
PERFMODEL_EXPORT std::string string_at(const nlohmann::json& object, const char* key, const std::string& where,
                                       ErrorCode code = ErrorCode::kParse);
PERFMODEL_EXPORT double number_at(const nlohmann::json& object, const char* key, const std::string& where,
                                  ErrorCode code = ErrorCode::kParse);
PERFMODEL_EXPORT std::int64_t integer_at(const nlohmann::json& object, const char* key, const std::string& where,
                                         ErrorCode code = ErrorCode::kParse);
PERFMODEL_EXPORT std::size_t size_at(const nlohmann::json& object, const char* key, const std::string& where,
                                     ErrorCode code = ErrorCode::kParse);
PERFMODEL_EXPORT bool bool_at(const nlohmann::json& object, const char* key, const std::string& where,
                              ErrorCode code = ErrorCode::kParse);

}  // namespace perfmodel
