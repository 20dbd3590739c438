#include "perfmodel/core/csv.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <set>
#include <system_error>
#include <utility>

#include "core/file.h"
#include "perfmodel/core/error.h"

namespace perfmodel {
namespace {

constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";

bool has_byte_order_mark(std::string_view text) {
  return text.substr(0, kByteOrderMark.size()) == kByteOrderMark;
}

/// Cuts a text into lines of cells.
class CsvScanner {
 public:
  CsvScanner(std::string_view text, const std::string& name) : text_(text), name_(name) {
    if (has_byte_order_mark(text_)) text_.remove_prefix(kByteOrderMark.size());
  }

  bool at_end() const noexcept { return text_.empty(); }
  std::size_t line() const noexcept { return line_; }

  /// The cells up to the end of the line; a quoted cell may hold line ends.
  std::vector<std::string> next_row() {
    std::vector<std::string> cells;
    do {
      cells.push_back(!text_.empty() && text_.front() == '"' ? quoted_cell() : plain_cell());
    } while (skip_comma());
    skip_line_end();
    return cells;
  }

 private:
  std::string plain_cell() {
    std::size_t end = text_.find_first_of(",\n\"");
    if (end != std::string_view::npos && text_[end] == '"')
      fail(line_, "a quote inside a cell that does not begin with one");
    std::string_view cell = text_.substr(0, end);
    text_.remove_prefix(cell.size());
    if (!cell.empty() && cell.back() == '\r' && (text_.empty() || text_.front() == '\n')) cell.remove_suffix(1);
    return std::string(cell);
  }

  std::string quoted_cell() {
    const std::size_t first_line = line_;
    std::string cell;
    text_.remove_prefix(1);
    for (;;) {
      const std::size_t quote = text_.find('"');
      if (quote == std::string_view::npos) fail(first_line, "a quote that never ends");
      const std::string_view part = text_.substr(0, quote);
      line_ += static_cast<std::size_t>(std::count(part.begin(), part.end(), '\n'));
      cell += part;
      text_.remove_prefix(quote + 1);
      if (text_.empty() || text_.front() != '"') break;
      cell += '"';
      text_.remove_prefix(1);
    }
    if (text_.substr(0, 2) == "\r\n" || text_ == "\r") text_.remove_prefix(1);
    if (!text_.empty() && text_.front() != ',' && text_.front() != '\n') fail(line_, "text after a closing quote");
    return cell;
  }

  bool skip_comma() {
    if (text_.empty() || text_.front() != ',') return false;
    text_.remove_prefix(1);
    return true;
  }

  void skip_line_end() {
    if (!text_.empty()) text_.remove_prefix(1);
    ++line_;
  }

  [[noreturn]] void fail(std::size_t line, const char* what) const {
    throw Error(ErrorCode::kParse, fmt::format("{}:{}: {}", name_, line, what));
  }

  std::string_view text_;
  const std::string& name_;
  std::size_t line_ = 1;
};

void check_columns(const CsvTable& table) {
  std::set<std::string_view> seen;
  for (std::size_t i = 0; i < table.columns.size(); ++i) {
    const std::string& column = table.columns[i];
    if (column.empty()) {
      throw Error(ErrorCode::kParse, fmt::format("{}:1: column {} of the header has no name", table.name, i + 1));
    }
    if (!seen.insert(column).second) {
      throw Error(ErrorCode::kParse, fmt::format("{}:1: column '{}' appears twice in the header", table.name, column));
    }
  }
}

/// "layers.csv:17", or "layers.csv: row 16" for a table made in memory.
std::string position_of(const CsvTable& table, std::size_t row) {
  return row < table.lines.size() ? fmt::format("{}:{}", table.name, table.lines[row])
                                  : fmt::format("{}: row {}", table.name, row);
}

void append_row(std::string& text, const std::vector<std::string>& cells) {
  // The one cell of a line must not leave the line empty: it would look like no row at all.
  if (cells.size() == 1 && cells[0].empty()) text += "\"\"";
  for (std::size_t i = 0; i < cells.size(); ++i) {
    if (i > 0) text += ',';
    const bool needs_quotes = cells[i].find_first_of(",\"\r\n") != std::string::npos || has_byte_order_mark(cells[i]);
    if (!needs_quotes) {
      text += cells[i];
      continue;
    }
    text += '"';
    for (const char c : cells[i]) {
      if (c == '"') text += '"';
      text += c;
    }
    text += '"';
  }
  text += '\n';
}

std::string_view trim(std::string_view text) {
  const std::size_t first = text.find_first_not_of(" \t");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

}  // namespace

std::size_t CsvTable::column_index(std::string_view column) const {
  const auto found = std::find(columns.begin(), columns.end(), column);
  if (found == columns.end()) {
    throw Error(ErrorCode::kNotFound,
                fmt::format("{}: no column '{}' (there are: {})", name, column, fmt::join(columns, ", ")));
  }
  return static_cast<std::size_t>(found - columns.begin());
}

bool CsvTable::has_column(std::string_view column) const noexcept {
  return std::find(columns.begin(), columns.end(), column) != columns.end();
}

double CsvTable::number(std::size_t row, std::size_t column) const {
  if (row >= rows.size() || column >= columns.size() || column >= rows[row].size()) {
    throw Error(ErrorCode::kInvalidArgument, fmt::format("{}: no cell in row {}, column {}", name, row, column));
  }
  const std::string_view cell = trim(rows[row][column]);
  double value = 0;
  const auto [end, error] = std::from_chars(cell.data(), cell.data() + cell.size(), value);
  const char* problem = nullptr;
  if (cell.empty()) {
    problem = "is empty where a number belongs";
  } else if (error == std::errc::result_out_of_range) {
    problem = "is outside the range of a double";
  } else if (error != std::errc() || end != cell.data() + cell.size()) {
    problem = "is not a number";
  } else if (!std::isfinite(value)) {
    problem = "is not a finite number";
  }
  if (problem != nullptr) {
    throw Error(ErrorCode::kParse,
                fmt::format("{}: column '{}': '{}' {}", position_of(*this, row), columns[column], cell, problem));
  }
  return value;
}

CsvTable parse_csv(std::string_view text, std::string name) {
  CsvTable table;
  table.name = std::move(name);
  CsvScanner scanner(text, table.name);
  if (scanner.at_end()) throw Error(ErrorCode::kParse, fmt::format("{}: empty, not even a header line", table.name));
  table.columns = scanner.next_row();
  check_columns(table);
  while (!scanner.at_end()) {
    const std::size_t line = scanner.line();
    std::vector<std::string> cells = scanner.next_row();
    if (cells.size() != table.columns.size()) {
      throw Error(ErrorCode::kParse, fmt::format("{}:{}: {} cells, the header has {}", table.name, line, cells.size(),
                                                 table.columns.size()));
    }
    table.rows.push_back(std::move(cells));
    table.lines.push_back(line);
  }
  return table;
}

CsvTable read_csv(const std::string& path) {
  return parse_csv(read_file(path), path);
}

std::string to_csv(const CsvTable& table) {
  std::string text;
  append_row(text, table.columns);
  for (std::size_t i = 0; i < table.rows.size(); ++i) {
    if (table.rows[i].size() != table.columns.size()) {
      throw Error(ErrorCode::kMismatch, fmt::format("{}: row {} has {} cells, there are {} columns", table.name, i,
                                                    table.rows[i].size(), table.columns.size()));
    }
    append_row(text, table.rows[i]);
  }
  return text;
}

void write_csv(const CsvTable& table, const std::string& path) {
  write_file_atomically(path, to_csv(table));
}

std::string format_number(double value) {
  if (std::isnan(value)) return {};
  char buffer[32];
  const auto [end, error] = std::to_chars(buffer, buffer + sizeof buffer, value);
  return error == std::errc() ? std::string(buffer, end) : std::string();
}

std::string unit_of_column(std::string_view column) {
  static constexpr std::string_view kUnits[] = {"s",   "ms", "us", "ns",      "hz",     "khz", "mhz",
                                                "ghz", "w",  "mw", "watts",   "joules", "j",   "bytes",
                                                "b",   "kb", "mb", "celsius", "mdegc",  "pct", "fraction"};
  const std::size_t underscore = column.rfind('_');
  if (underscore == std::string_view::npos) return {};
  const std::string_view suffix = column.substr(underscore + 1);
  const bool known = std::find(std::begin(kUnits), std::end(kUnits), suffix) != std::end(kUnits);
  return known ? std::string(suffix) : std::string();
}

}  // namespace perfmodel
