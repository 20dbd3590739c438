#include "text_table.h"

#include <algorithm>
#include <cmath>
#include <cstdio>

namespace perfmodel::tools {

void TextTable::print() const {
  std::vector<std::size_t> widths(rows_.front().size(), 0);
  for (const auto& row : rows_) {
    for (std::size_t i = 0; i < row.size(); ++i) widths[i] = std::max(widths[i], row[i].size());
  }
  for (const auto& row : rows_) {
    for (std::size_t i = 0; i < row.size(); ++i) {
      const bool is_left = i == 0 || i >= first_text_column_;
      const bool is_last = i + 1 == row.size();
      const int width = is_left && is_last ? 0 : static_cast<int>(widths[i]);
      std::printf("%s%*s", i == 0 ? "" : "  ", is_left ? -width : width, row[i].c_str());
    }
    std::printf("\n");
  }
}

std::string ms_text(double ms) {
  char text[32];
  std::snprintf(text, sizeof text, "%#.4g", ms);
  return text;
}

std::string pct_text(double pct) {
  if (!std::isfinite(pct)) return "-";
  char text[32];
  std::snprintf(text, sizeof text, "%.1f", pct);
  return text;
}

}  // namespace perfmodel::tools
