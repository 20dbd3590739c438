#include "skipped_report.h"

#include <cstdio>
#include <map>

#include "json_line.h"

namespace perfmodel::tools {

void warn_of_skipped(const std::string& path, const std::vector<Skipped>& skipped) {
  if (!skipped.empty()) std::fprintf(stderr, "%s: left out: %s\n", path.c_str(), skipped_text(skipped).c_str());
}

std::string skipped_json(const std::vector<Skipped>& skipped) {
  std::map<std::string, std::size_t> counts;
  for (const Skipped& each : skipped) counts[each.reason] += each.count;
  JsonObject object;
  for (const auto& [reason, count] : counts) object.add(reason, count);
  return object.text();
}

}  // namespace perfmodel::tools
