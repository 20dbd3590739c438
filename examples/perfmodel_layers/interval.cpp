#include "interval.h"

#include <limits>
#include <set>

#include "json_line.h"
#include "perfmodel/core/csv.h"
#include "text_table.h"

namespace perfmodel::tools {

double interval_level(const LayerTimePredictor& predictor, LayerKind kind, Phase phase) {
  return predictor.knows(kind) ? predictor.model(kind, phase).info().interval_level : 0;
}

std::string interval_text(const TimeEstimate& time, double level) {
  return level > 0 ? ms_text(time.lower_ms) + " .. " + ms_text(time.upper_ms) : "-";
}

std::string interval_name(const std::vector<double>& levels) {
  std::set<double> calibrated;
  for (const double level : levels) {
    if (level > 0) calibrated.insert(level);
  }
  return calibrated.size() == 1 ? format_number(rounded(100 * *calibrated.begin())) + " % interval" : "interval";
}

std::string estimate_json(const TimeEstimate& time, double level) {
  constexpr double kNone = std::numeric_limits<double>::quiet_NaN();  // null
  return JsonObject()
      .add("mean_ms", time.mean_ms)
      .add("lower_ms", level > 0 ? time.lower_ms : kNone)
      .add("upper_ms", level > 0 ? time.upper_ms : kNone)
      .add("interval_level", level)
      .text();
}

}  // namespace perfmodel::tools
