#include "change.h"

#include <algorithm>
#include <cctype>
#include <iterator>

namespace perfmodel {
namespace {

constexpr std::size_t kLongestPart = 64;

std::size_t below(std::size_t end, Random& random) {
  return end == 0 ? 0 : static_cast<std::size_t>(random.integer(0, static_cast<std::int64_t>(end) - 1));
}

/// Some bytes in a row.
std::string part_of(const std::string& text, Random& random) {
  const std::size_t begin = below(text.size() + 1, random);
  return text.substr(begin, 1 + below(kLongestPart, random));
}

void flip_bit(std::string& text, Random& random) {
  if (text.empty()) return;
  char& byte = text[below(text.size(), random)];
  byte = static_cast<char>(byte ^ (1 << below(8, random)));
}

void set_byte(std::string& text, Random& random) {
  constexpr char kBytes[] = {'\0', '\xff', '\x7f', '\x80', '"', '{', ']', ',', '-', '0', '9', '\n', '\\'};
  if (!text.empty()) text[below(text.size(), random)] = kBytes[below(std::size(kBytes), random)];
}

/// The next number after some place becomes one that is seldom expected.
void set_number(std::string& text, Random& random) {
  const char* const numbers[] = {"0",
                                 "-1",
                                 "1",
                                 "2",
                                 "0.5",
                                 "1e308",
                                 "-1e-308",
                                 "65536",
                                 "2147483648",
                                 "1152921504606846976",
                                 "9223372036854775807",
                                 "18446744073709551615"};
  const auto is_digit = [](char c) { return std::isdigit(static_cast<unsigned char>(c)) != 0; };
  const auto begin =
      std::find_if(text.begin() + static_cast<std::ptrdiff_t>(below(text.size() + 1, random)), text.end(), is_digit);
  const auto end = std::find_if_not(begin, text.end(), is_digit);
  if (begin != end) text.replace(begin, end, numbers[below(std::size(numbers), random)]);
}

void leave_out(std::string& text, Random& random) {
  text.erase(below(text.size() + 1, random), 1 + below(kLongestPart, random));
}

}  // namespace

std::string change(std::string text, const std::string& other, Random& random) {
  for (std::int64_t changes = random.integer(1, 4); changes > 0; --changes) {
    switch (random.integer(0, 5)) {
      case 0:
        flip_bit(text, random);
        break;
      case 1:
        set_byte(text, random);
        break;
      case 2:
        set_number(text, random);
        break;
      case 3:
        leave_out(text, random);
        break;
      case 4:
        text.insert(below(text.size() + 1, random), part_of(text, random));
        break;
      default:
        text.insert(below(text.size() + 1, random), part_of(other, random));
    }
  }
  return text;
}

}  // namespace perfmodel
