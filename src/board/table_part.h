#pragma once

#include <initializer_list>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <utility>
#include <vector>

namespace perfmodel {

/// What a path of a table may be, besides plain: without "..", "." and empty parts.
struct PathRule {
  bool in_folder = false;  ///< not absolute, then in a folder that the table names
  bool pattern = false;    ///< '*', '?' and '[...]'
};

/// One object of a board's JSON: its members by type. What messages call it is `where`.
///
/// All throw Error kParse for a member that is missing or of another type, and kInvalidArgument for one whose value is
/// not allowed.
class TablePart {
 public:
  /// @param object   outlives this
  /// @param allowed  keys; {} for what require_only() will say
  TablePart(const nlohmann::json& object, std::string where, std::initializer_list<const char*> allowed);

  const std::string& where() const noexcept { return where_; }
  TablePart called(std::string where) const { return TablePart(*object_, std::move(where), {}); }
  bool has(const char* key) const;
  void require_only(std::initializer_list<const char*> allowed) const;
  bool is_array(const char* key) const;
  TablePart part(const char* key, std::initializer_list<const char*> allowed) const;
  /// The objects of an array, each to be looked at by require_only(); none without the key.
  std::vector<TablePart> parts(const char* key, const char* what) const;

  /// Not empty and without control characters.
  std::string text(const char* key) const;
  std::string text_or(const char* key, const std::string& otherwise) const;
  std::vector<std::string> texts(const char* key) const;  ///< at least one; none without the key
  std::string name(const char* key) const;                ///< letters, digits and '_', no digit first
  std::string path(const char* key, PathRule rule) const;
  std::string path_or_empty(const char* key, PathRule rule) const;
  std::vector<std::string> paths(const char* key, PathRule rule) const;  ///< at least one; none without the key
  /// Neither less than `least` nor more than `greatest`; `otherwise` without the key.
  double number_or(const char* key, double otherwise, double least, double greatest) const;
  int integer_or(const char* key, int otherwise, int least, int greatest) const;
  std::vector<double> numbers(const char* key) const;  ///< at least one
  bool flag_or(const char* key, bool otherwise) const;
  /// File units per unit by the name of the file's unit; `otherwise` without the key.
  double file_unit_or(const char* key, const std::string& unit, double otherwise) const;

  [[noreturn]] void refuse(const std::string& reason) const;  ///< kInvalidArgument
  [[noreturn]] void refuse_parse(const std::string& reason) const;

 private:
  std::string checked_text(const nlohmann::json& value, const char* key) const;
  std::string checked_path(std::string path, const char* key, PathRule rule) const;

  const nlohmann::json* object_;
  std::string where_;
};

}  // namespace perfmodel
