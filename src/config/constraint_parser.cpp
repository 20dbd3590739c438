#include "config/constraint_parser.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "config/constraint_tokens.h"
#include "config/option_text.h"

namespace perfmodel {
namespace {

constexpr int kMaxParentheses = 20;
constexpr std::size_t kOperandsPerParenthesis = 6;  // the left sides of or, and, ==, +, *, and the operand itself
static_assert((kMaxParentheses + 1) * kOperandsPerParenthesis <= kMaxOperands);

struct SymbolOperation {
  const char* symbol;
  Operation operation;
};
constexpr SymbolOperation kComparisons[] = {{"==", Operation::kEqual},        {"!=", Operation::kNotEqual},
                                            {"<=", Operation::kLessEqual},    {"<", Operation::kLess},
                                            {">=", Operation::kGreaterEqual}, {">", Operation::kGreater}};
constexpr SymbolOperation kSums[] = {{"+", Operation::kAdd}, {"-", Operation::kSubtract}};
constexpr SymbolOperation kProducts[] = {
    {"*", Operation::kMultiply}, {"/", Operation::kDivide}, {"%", Operation::kRemainder}};

/// What a part of the expression is. Texts and categorical options are not written to the program before it is known
/// what they are compared with.
struct Operand {
  enum class Kind {
    kNumber,
    kFlag,  ///< a boolean option, true or false: a number and a condition
    kCondition,
    kText,
    kCategorical,
  };
  Kind kind;
  const Token* token;
  std::size_t option = 0;  ///< of kCategorical

  bool is_number() const noexcept { return kind == Kind::kNumber || kind == Kind::kFlag; }
  bool is_condition() const noexcept { return kind == Kind::kCondition || kind == Kind::kFlag; }
  bool is_name_like() const noexcept { return kind == Kind::kText || kind == Kind::kCategorical; }
};

/// Recursive descent, one function per precedence; only a parenthesis goes round again, and those are counted.
class Parser {
 public:
  Parser(const std::string& text, const std::vector<Option>& options)
      : text_(text), options_(options), tokens_(tokens_of(text)), token_(tokens_.data()) {}

  Program parse() {
    if (token_->kind == Token::Kind::kEnd) throw_at(text_, 0, "empty");
    require_condition(disjunction());
    if (token_->kind != Token::Kind::kEnd) fail_here("an operator or the end");
    return std::move(program_);
  }

 private:
  Operand disjunction() {
    Operand left = conjunction();
    while (skip("or")) left = logical(left, conjunction(), Operation::kOr);
    return left;
  }

  Operand conjunction() {
    Operand left = negation();
    while (skip("and")) left = logical(left, negation(), Operation::kAnd);
    return left;
  }

  Operand negation() {
    const Token* const first = token_;
    bool negated = false;
    while (skip("not")) negated = !negated;
    const Operand operand = comparison();
    if (!first->is("not")) return operand;
    require_condition(operand);
    if (negated) emit(Operation::kNot);
    return {Operand::Kind::kCondition, first};
  }

  Operand comparison() {
    const Operand left = sum();
    const Operation* const operation = skip_one_of(kComparisons);
    if (operation == nullptr) return left;
    const Operand right = sum();
    compare(left, right, *operation);
    if (skip_one_of(kComparisons) != nullptr) {
      throw_at(text_, token_[-1].position, "comparisons do not chain, join two of them by 'and'");
    }
    return {Operand::Kind::kCondition, left.token};
  }

  Operand sum() {
    Operand left = product();
    while (const Operation* operation = skip_one_of(kSums)) left = arithmetic(left, product(), *operation);
    return left;
  }

  Operand product() {
    Operand left = sign();
    while (const Operation* operation = skip_one_of(kProducts)) left = arithmetic(left, sign(), *operation);
    return left;
  }

  Operand sign() {
    const Token* const first = token_;
    bool negative = false;
    while (skip("-")) negative = !negative;
    const Operand operand = primary();
    if (!first->is("-")) return operand;
    require_number(operand);
    if (negative) emit(Operation::kNegate);
    return {Operand::Kind::kNumber, first};
  }

  Operand primary() {
    const Token* const token = token_;
    if (skip("(")) {
      if (++depth_ > kMaxParentheses) {
        throw_at(text_, token->position, fmt::format("more than {} parentheses in each other", kMaxParentheses));
      }
      Operand inner = disjunction();
      if (!skip(")")) fail_here("')'");
      --depth_;
      return inner;
    }
    if (skip("true") || skip("false")) {
      emit(Operation::kNumber, token->is("true") ? 1 : 0);
      return {Operand::Kind::kFlag, token};
    }
    switch (token->kind) {
      case Token::Kind::kNumber:
        ++token_;
        emit(Operation::kNumber, token->number);
        return {Operand::Kind::kNumber, token};
      case Token::Kind::kText:
        ++token_;
        return {Operand::Kind::kText, token};
      case Token::Kind::kName:
        ++token_;
        return named_option(*token);
      default:
        fail_here("a number, an option, a text in quotes or '('");
    }
  }

  Operand named_option(const Token& token) {
    const auto found = std::find_if(options_.begin(), options_.end(),
                                    [&](const Option& option) { return option.name() == token.text; });
    if (found == options_.end()) {
      throw_at(text_, token.position,
               fmt::format("no option '{}' (there are: {})", shown_text(token.text), names_text(options_)));
    }
    const auto index = static_cast<std::size_t>(found - options_.begin());
    if (found->kind() == OptionKind::kCategorical) return {Operand::Kind::kCategorical, &token, index};
    emit_option(index);
    return {found->kind() == OptionKind::kBoolean ? Operand::Kind::kFlag : Operand::Kind::kNumber, &token};
  }

  Operand logical(const Operand& left, const Operand& right, Operation operation) {
    require_condition(left);
    require_condition(right);
    emit(operation);
    return {Operand::Kind::kCondition, left.token};
  }

  Operand arithmetic(const Operand& left, const Operand& right, Operation operation) {
    require_number(left);
    require_number(right);
    emit(operation);
    return {Operand::Kind::kNumber, left.token};
  }

  void compare(const Operand& left, const Operand& right, Operation operation) {
    const bool is_equality = operation == Operation::kEqual || operation == Operation::kNotEqual;
    if (left.is_name_like() || right.is_name_like()) {
      compare_names(left, right, is_equality);
    } else if (!is_equality || !left.is_condition() || !right.is_condition()) {
      require_number(left);
      require_number(right);
    }
    emit(operation);
  }

  void compare_names(const Operand& left, const Operand& right, bool is_equality) {
    const Operand& categorical = left.kind == Operand::Kind::kCategorical ? left : right;
    const Operand& other = &categorical == &left ? right : left;
    if (categorical.kind != Operand::Kind::kCategorical || !other.is_name_like() || !is_equality) {
      fail_names(left.is_name_like() ? left : right);
    }
    const Option& option = options_[categorical.option];
    emit_option(categorical.option);
    if (other.kind == Operand::Kind::kText) {
      emit(Operation::kNumber, static_cast<double>(level_of(option, *other.token)));
    } else {
      emit_lookup(other.option, option);
    }
  }

  std::uint64_t level_of(const Option& option, const Token& token) {
    if (const auto level = option.find_level(token.text)) return *level;
    throw_at(text_, token.position,
             fmt::format("'{}' is not a level of option '{}' ({})", shown_text(token.text), shown_text(option.name()),
                         allowed_text(option)));
  }

  /// Writes the level that `numbering` has for the label of option `index`, -1 where it has none.
  void emit_lookup(std::size_t index, const Option& numbering) {
    std::vector<double> table(options_[index].num_levels(), -1);
    for (std::uint64_t level = 0; level < table.size(); ++level) {
      const auto match = numbering.find_level(options_[index].text(level));
      if (match) table[level] = static_cast<double>(*match);
    }
    program_.tables.push_back(std::move(table));
    program_.steps.push_back({Operation::kLookup, 0, index, program_.tables.size() - 1});
  }

  void emit_option(std::size_t index) { program_.steps.push_back({Operation::kOption, 0, index, 0}); }

  void emit(Operation operation, double number = 0) { program_.steps.push_back({operation, number, 0, 0}); }

  void require_number(const Operand& operand) {
    if (operand.is_name_like()) fail_names(operand);
    if (!operand.is_number()) throw_at(text_, operand.token->position, "a condition where a number belongs");
  }

  void require_condition(const Operand& operand) {
    if (operand.is_name_like()) fail_names(operand);
    if (!operand.is_condition()) {
      throw_at(text_, operand.token->position, "a number where a condition belongs (compare it: == != < <= > >=)");
    }
  }

  [[noreturn]] void fail_names(const Operand& operand) {
    if (operand.kind == Operand::Kind::kText) {
      throw_at(text_, operand.token->position, "a text can only be compared, by == or !=, with a categorical option");
    }
    const Option& option = options_[operand.option];
    throw_at(
        text_, operand.token->position,
        fmt::format("option '{}' is categorical, it can only be compared, by == or !=, with one of its levels ({})",
                    shown_text(option.name()), allowed_text(option)));
  }

  [[noreturn]] void fail_here(const char* expected) {
    const std::string found = token_->kind == Token::Kind::kEnd ? token_->text : "'" + shown_text(token_->text) + "'";
    throw_at(text_, token_->position, fmt::format("{} where {} belongs", found, expected));
  }

  bool skip(const char* symbol) {
    if (!token_->is(symbol)) return false;
    ++token_;
    return true;
  }

  /// The operation of the next token, or null: it is none of these.
  template <std::size_t kSize>
  const Operation* skip_one_of(const SymbolOperation (&operations)[kSize]) {
    for (const SymbolOperation& known : operations) {
      if (skip(known.symbol)) return &known.operation;
    }
    return nullptr;
  }

  const std::string& text_;
  const std::vector<Option>& options_;
  std::vector<Token> tokens_;
  const Token* token_;  ///< the next to read; never past kEnd
  int depth_ = 0;
  Program program_;
};

}  // namespace

Program parse_constraint(const std::string& text, const std::vector<Option>& options) {
  return Parser(text, options).parse();
}

}  // namespace perfmodel
