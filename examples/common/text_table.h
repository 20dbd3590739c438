#pragma once

#include <string>
#include <vector>

namespace perfmodel::tools {

/// A table for people: the first column and those of text at its end to the left, the others to the right, as wide as
/// their cells.
class TextTable {
 public:
  /// @param num_text_columns  at the end
  explicit TextTable(std::vector<std::string> header, std::size_t num_text_columns = 0)
      : first_text_column_(header.size() - num_text_columns) {
    rows_.push_back(std::move(header));
  }

  /// REQUIRES: as many cells as the header has.
  void add_row(std::vector<std::string> cells) { rows_.push_back(std::move(cells)); }

  /// Writes the table to standard output.
  void print() const;

 private:
  std::size_t first_text_column_;
  std::vector<std::vector<std::string>> rows_;
};

/// A time with four significant digits.
std::string ms_text(double ms);
/// A percentage with one decimal, "-" for what is not known.
std::string pct_text(double pct);

}  // namespace perfmodel::tools
