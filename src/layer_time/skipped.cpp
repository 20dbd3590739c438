#include "perfmodel/layer_time/skipped.h"

#include <fmt/format.h>

#include <algorithm>

namespace perfmodel {

void count_skipped(std::vector<Skipped>& skipped, const std::string& reason) {
  const auto known =
      std::find_if(skipped.begin(), skipped.end(), [&reason](const Skipped& each) { return each.reason == reason; });
  if (known != skipped.end()) {
    ++known->count;
  } else {
    skipped.push_back({reason, 1});
  }
}

std::string skipped_text(const std::vector<Skipped>& skipped) {
  std::string text;
  for (const Skipped& each : skipped) {
    text += fmt::format("{}{} ({})", text.empty() ? "" : ", ", each.reason, each.count);
  }
  return text;
}

}  // namespace perfmodel
