#include "number_checks.h"

#include <cmath>
#include <cstdlib>
#include <functional>
#include <string>

#include "perfmodel/core/csv.h"

namespace perfmodel::tools {
namespace {

// `complaint` says what is wrong with a number, after the number itself; nothing when it is allowed.
CLI::Validator number_check(const std::string& description, const std::function<std::string(double)>& complaint) {
  const auto check = [complaint](std::string& text) {
    char* end = nullptr;
    const double value = std::strtod(text.c_str(), &end);
    if (text.empty() || *end != '\0' || !std::isfinite(value)) return "'" + text + "' is not a finite number";
    const std::string wrong = complaint(value);
    return wrong.empty() ? std::string() : text + " " + wrong;
  };
  return CLI::Validator(check, description);
}

}  // namespace

CLI::Validator at_least(double minimum) {
  const std::string limit = format_number(minimum);
  return number_check("at least " + limit, [minimum, limit](double value) {
    return value >= minimum ? std::string() : "is below " + limit;
  });
}

CLI::Validator above(double limit) {
  const std::string text = format_number(limit);
  return number_check("above " + text,
                      [limit, text](double value) { return value > limit ? std::string() : "is not above " + text; });
}

CLI::Validator between(double minimum, double maximum) {
  const std::string range = format_number(minimum) + " to " + format_number(maximum);
  return number_check(range, [minimum, maximum, range](double value) {
    return value >= minimum && value <= maximum ? std::string() : "is outside " + range;
  });
}

}  // namespace perfmodel::tools
