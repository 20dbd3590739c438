#include "config/constraint.h"

#include <algorithm>
#include <array>
#include <set>
#include <utility>

#include "config/constraint_parser.h"

namespace perfmodel {
namespace {

ValueRange looked_up(const std::vector<double>& table, std::uint64_t low, std::uint64_t high) noexcept {
  const auto begin = table.begin();
  const auto [least, most] =
      std::minmax_element(begin + static_cast<std::ptrdiff_t>(low), begin + static_cast<std::ptrdiff_t>(high) + 1);
  return ValueRange::between(*least, *most);
}

}  // namespace

Constraint::Constraint(std::string text, const std::vector<Option>& options)
    : text_(std::move(text)), program_(parse_constraint(text_, options)) {
  std::set<std::size_t> named;
  for (const Step& step : program_.steps) {
    if (step.operation == Operation::kOption || step.operation == Operation::kLookup) named.insert(step.index);
  }
  options_.assign(named.begin(), named.end());
}

Truth Constraint::truth(const std::vector<Option>& options, Span<const std::uint64_t> low,
                        Span<const std::uint64_t> high) const noexcept {
  std::array<ValueRange, kMaxOperands> operands;
  ValueRange* top = operands.data();  // one past the last operand
  for (const Step& step : program_.steps) {
    switch (step.operation) {
      case Operation::kNumber:
        *top++ = ValueRange::between(step.number, step.number);
        break;
      case Operation::kOption: {
        const Option& option = options[step.index];
        *top++ = ValueRange::between(option.value(low[step.index]), option.value(high[step.index]));
        break;
      }
      case Operation::kLookup:
        *top++ = looked_up(program_.tables[step.table], low[step.index], high[step.index]);
        break;
      case Operation::kNegate:
      case Operation::kNot:
        top[-1] = apply(step.operation, top[-1]);
        break;
      default:
        top[-2] = apply(step.operation, top[-2], top[-1]);
        --top;
    }
  }
  const ValueRange& result = operands[0];
  if (!result.may_be_true()) return Truth::kNever;
  return result.may_be_false() || result.may_be_undefined ? Truth::kSometimes : Truth::kAlways;
}

}  // namespace perfmodel
