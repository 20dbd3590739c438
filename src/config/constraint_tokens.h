#pragma once

#include <cstddef>
#include <string>
#include <vector>

namespace perfmodel {

/// A word of a constraint.
struct Token {
  enum class Kind {
    kNumber,
    kText,    ///< in quotes, without them
    kName,    ///< of an option; without its backquotes
    kSymbol,  ///< an operator, a parenthesis, or one of: and or not true false
    kEnd,
  };
  Kind kind;
  std::string text;
  double number;         ///< of kNumber
  std::size_t position;  ///< of its first byte, from 0

  bool is(const char* symbol) const noexcept { return kind == Kind::kSymbol && text == symbol; }
};

constexpr std::size_t kMaxConstraintBytes = 4096;

/// Cuts a constraint into words; the last is kEnd.
/// @throws Error kParse: longer than kMaxConstraintBytes, a character or number that has no place in it, a quote that
///         never ends.
std::vector<Token> tokens_of(const std::string& constraint);

/// Throws kParse: "constraint 'a = 2', position 3: ..." (counted from 1).
[[noreturn]] void throw_at(const std::string& constraint, std::size_t position, const std::string& what);

}  // namespace perfmodel
