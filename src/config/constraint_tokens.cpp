#include "config/constraint_tokens.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <initializer_list>
#include <string_view>
#include <system_error>

#include "config/option_text.h"
#include "perfmodel/core/error.h"

namespace perfmodel {
namespace {

bool is_blank(char c) noexcept {
  return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

bool is_digit(char c) noexcept {
  return c >= '0' && c <= '9';
}

bool begins_name(char c) noexcept {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

class Tokenizer {
 public:
  explicit Tokenizer(const std::string& text) : text_(text) {}

  Token next() {
    while (at_ < text_.size() && is_blank(text_[at_])) ++at_;
    if (at_ == text_.size()) return {Token::Kind::kEnd, "the end", 0, at_};
    const char c = text_[at_];
    if (is_digit(c) || c == '.') return number();
    if (c == '\'' || c == '"') return quoted(Token::Kind::kText);
    if (c == '`') return quoted(Token::Kind::kName);
    return begins_name(c) ? word() : symbol();
  }

 private:
  Token number() {
    double value = 0;
    const char* const begin = text_.data() + at_;
    const auto [end, error] = std::from_chars(begin, text_.data() + text_.size(), value);
    if (error == std::errc::result_out_of_range) throw_at(text_, at_, "a number outside the range of a double");
    if (error != std::errc()) throw_at(text_, at_, "'.' begins no number");
    if (end != text_.data() + text_.size() && (begins_name(*end) || *end == '.')) {
      throw_at(text_, at_, "a number that goes on in letters");
    }
    return token(Token::Kind::kNumber, static_cast<std::size_t>(end - begin), value);
  }

  Token quoted(Token::Kind kind) {
    const std::size_t end = text_.find(text_[at_], at_ + 1);
    if (end == std::string::npos) throw_at(text_, at_, "a quote that never ends");
    Token token{kind, text_.substr(at_ + 1, end - at_ - 1), 0, at_};
    at_ = end + 1;
    return token;
  }

  Token word() {
    std::size_t end = at_;
    while (end < text_.size() && (begins_name(text_[end]) || is_digit(text_[end]) || text_[end] == '.')) ++end;
    const std::string_view name = std::string_view(text_).substr(at_, end - at_);
    const auto keywords = {"and", "or", "not", "true", "false"};
    const bool is_keyword = std::find(keywords.begin(), keywords.end(), name) != keywords.end();
    return token(is_keyword ? Token::Kind::kSymbol : Token::Kind::kName, name.size());
  }

  Token symbol() {
    for (const std::string_view known :
         {"==", "!=", "<=", ">=", "<", ">", "+", "-", "*", "/", "%", "(", ")"}) {  // the longer first
      if (text_.compare(at_, known.size(), known) == 0) return token(Token::Kind::kSymbol, known.size());
    }
    throw_at(text_, at_,
             fmt::format("'{}' has no place here (allowed: + - * / % == != < <= > >= and or not, parentheses, numbers, "
                         "option names, texts in quotes)",
                         shown_text(text_.substr(at_, 1))));
  }

  Token token(Token::Kind kind, std::size_t size, double number = 0) {
    Token token{kind, text_.substr(at_, size), number, at_};
    at_ += size;
    return token;
  }

  const std::string& text_;
  std::size_t at_ = 0;
};

}  // namespace

std::vector<Token> tokens_of(const std::string& constraint) {
  if (constraint.size() > kMaxConstraintBytes) {
    throw_at(constraint, kMaxConstraintBytes,
             fmt::format("{} bytes long, at most {} are read", constraint.size(), kMaxConstraintBytes));
  }
  Tokenizer tokenizer(constraint);
  std::vector<Token> tokens;
  do {
    tokens.push_back(tokenizer.next());
  } while (tokens.back().kind != Token::Kind::kEnd);
  return tokens;
}

void throw_at(const std::string& constraint, std::size_t position, const std::string& what) {
  throw Error(ErrorCode::kParse,
              fmt::format("constraint '{}', position {}: {}", shown_text(constraint), position + 1, what));
}

}  // namespace perfmodel
