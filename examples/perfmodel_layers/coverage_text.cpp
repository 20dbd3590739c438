#include "coverage_text.h"

#include "json_line.h"
#include "text_table.h"

namespace perfmodel::tools {

std::string coverage_text(const Coverage& coverage) {
  if (coverage.layers_fraction == 1) return "all";
  std::string text;
  for (const double fraction : {coverage.layers_fraction, coverage.flops_fraction, coverage.bytes_fraction}) {
    text += (text.empty() ? "" : ", ") + pct_text(100 * fraction) + " %";
  }
  return text;
}

std::string coverage_json(const Coverage& coverage) {
  return JsonObject()
      .add("layers", rounded(coverage.layers_fraction, 4))
      .add("flops", rounded(coverage.flops_fraction, 4))
      .add("bytes", rounded(coverage.bytes_fraction, 4))
      .text();
}

}  // namespace perfmodel::tools
