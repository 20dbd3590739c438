#include "failure_summary.h"

#include <algorithm>

namespace perfmodel::tools {
namespace {

constexpr std::size_t kMostReasons = 5;  ///< that a text holds

}  // namespace

std::vector<FailureCount> count_failures(const std::vector<std::string>& reasons) {
  std::vector<FailureCount> failures;
  for (const std::string& reason : reasons) {
    const auto found = std::find_if(failures.begin(), failures.end(),
                                    [&reason](const FailureCount& failure) { return failure.reason == reason; });
    if (found == failures.end()) {
      failures.push_back({reason, 1});
    } else {
      ++found->count;
    }
  }
  std::stable_sort(failures.begin(), failures.end(),
                   [](const FailureCount& a, const FailureCount& b) { return a.count > b.count; });
  return failures;
}

std::string failure_text(const std::vector<FailureCount>& failures) {
  std::string text;
  for (std::size_t i = 0; i < std::min(failures.size(), kMostReasons); ++i) {
    text += (i == 0 ? "" : ", ") + std::to_string(failures[i].count) + " x " + failures[i].reason;
  }
  if (failures.size() > kMostReasons) text += ", and " + std::to_string(failures.size() - kMostReasons) + " others";
  return text;
}

}  // namespace perfmodel::tools
