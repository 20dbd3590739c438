#include "study_report.h"

#include <algorithm>
#include <cstdio>
#include <fstream>

#include "perfmodel/core/csv.h"
#include "perfmodel/core/error.h"

namespace perfmodel::bench {
namespace {

void write_text(const std::string& path, const std::string& text) {
  std::ofstream file(path, std::ios::binary | std::ios::trunc);
  file << text << std::flush;
  if (!file) throw Error(ErrorCode::kIo, "cannot write '" + path + "'");
}

std::string line_of(const std::vector<std::string>& cells) {
  std::string line = "|";
  for (const std::string& cell : cells) line += " " + cell + (cell.empty() ? "|" : " |");
  return line + "\n";
}

std::string cell_text(const Json& value) {
  if (value.is_string()) return value.get<std::string>();
  if (value.is_number()) return format_number(value.get<double>());
  return value.is_boolean() ? value.dump() : std::string();
}

CsvTable to_csv_table(const std::vector<Json>& rows) {
  CsvTable table;
  for (const Json& row : rows) {
    for (const auto& [name, value] : row.items()) {
      const bool is_new = std::find(table.columns.begin(), table.columns.end(), name) == table.columns.end();
      if (is_new && !value.is_structured()) table.columns.push_back(name);
    }
  }
  for (const Json& row : rows) {
    std::vector<std::string>& cells = table.rows.emplace_back();
    for (const std::string& name : table.columns) cells.push_back(row.contains(name) ? cell_text(row.at(name)) : "");
  }
  return table;
}

}  // namespace

std::string rows_suffix(const StudyOptions& options) {
  return options.max_rows > 0 ? "_" + std::to_string(options.max_rows) : std::string();
}

std::string MarkdownTable::text() const {
  std::string text = line_of(header) + line_of(std::vector<std::string>(header.size(), "---"));
  for (const std::vector<std::string>& row : rows) text += line_of(row);
  return text;
}

void StudyReport::keep(const std::string& name, const std::string& text) const {
  write_text(folder_ + "/" + with_suffix(name) + ".md", text);
}

void StudyReport::add_table(const std::string& name, const MarkdownTable& table) {
  std::printf("\n%s\n\n%s", with_suffix(name).c_str(), table.text().c_str());
  keep(name, table.text());
}

void StudyReport::add_pictures(const std::string& name, const std::vector<Picture>& pictures) {
  std::string text;
  for (const Picture& picture : pictures) text += "![" + picture.says + "](" + picture.name + ".svg)\n";
  keep(name, text);
}

void StudyReport::add_rows(const std::string& name, const std::vector<Json>& rows) const {
  std::string text = "[\n";
  for (std::size_t i = 0; i < rows.size(); ++i) text += rows[i].dump() + (i + 1 < rows.size() ? ",\n" : "\n");
  write_text(folder_ + "/" + with_suffix(name) + ".json", text + "]\n");
  if (!rows.empty()) write_csv(to_csv_table(rows), folder_ + "/" + with_suffix(name) + ".csv");
}

std::string number_text(const Json& row, const std::string& member, int decimals) {
  const auto found = row.find(member);
  if (found == row.end() || !found->is_number()) return "-";
  char text[64];
  std::snprintf(text, sizeof text, "%.*f", decimals, found->get<double>());
  return text;
}

}  // namespace perfmodel::bench
