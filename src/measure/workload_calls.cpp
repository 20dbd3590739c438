#include "measure/workload_calls.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "measure/told_window.h"
#include "perfmodel/core/error.h"
#include "perfmodel/data/metrics.h"

namespace perfmodel {

std::optional<TimeWindow> WorkloadCalls::add(std::map<std::string, double> answer, const TimeWindow& call) {
  const std::optional<ToldWindow> told = take_window(answer, call);
  const std::vector<double> values = objectives_in(answer, objectives_);
  const bool is_first = num_calls() == 0;
  if (!is_first && told.has_value() != told_) {
    throw Error(ErrorCode::kParse, "the workload told a window of its runs in some calls and none in others");
  }
  told_ = told.has_value();
  for (std::size_t i = 0; i < values.size(); ++i) values_[i].push_back(values[i]);
  num_runs_ += told ? told->num_runs.value_or(1) : 1;
  const TimeWindow window = told ? told->window : call;
  shortest_s_ = is_first ? window.length_s() : std::min(shortest_s_, window.length_s());
  if (is_first || told_) {
    windows_.push_back(window);
  } else {
    windows_.front().end_s = call.end_s;
  }
  return told ? std::optional<TimeWindow>(window) : std::nullopt;
}

std::vector<ConfigurationRecord::Objective> WorkloadCalls::objectives() const {
  std::vector<ConfigurationRecord::Objective> summaries;
  for (const std::vector<double>& values : values_) {
    summaries.push_back({median(values), values.size() < 2 ? ConfigurationRecord::kUnknown : robust_spread(values)});
  }
  return summaries;
}

double WorkloadCalls::window_s() const noexcept {
  double sum_s = 0;
  for (const TimeWindow& window : windows_) sum_s += window.length_s();
  return sum_s;
}

std::vector<double> objectives_in(const std::map<std::string, double>& answer,
                                  const std::vector<std::string>& objectives) {
  std::vector<double> values;
  for (const std::string& objective : objectives) {
    auto found = answer.find(objective);
    if (found == answer.end() && objectives.size() == 1 && answer.size() == 1) found = answer.find("");
    if (found == answer.end()) {
      std::string names;
      for (const auto& [name, value] : answer) names += (names.empty() ? "" : ", ") + name;
      throw Error(ErrorCode::kParse,
                  fmt::format("the workload did not answer '{}'; it answered ({})", objective, names));
    }
    if (!std::isfinite(found->second)) {
      throw Error(
          ErrorCode::kInvalidArgument,
          fmt::format("the workload answered {} for '{}', allowed are finite numbers", found->second, objective));
    }
    values.push_back(found->second);
  }
  return values;
}

}  // namespace perfmodel
