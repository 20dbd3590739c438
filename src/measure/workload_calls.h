#pragma once

#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "measure/configuration_record.h"
#include "power/measure_windows.h"

namespace perfmodel {

/// What calls of a workload answered, and when its runs were: in the windows that it told, else all the time from the
/// first call to the last.
class WorkloadCalls {
 public:
  /// @param objectives  must outlive this object
  explicit WorkloadCalls(const std::vector<std::string>& objectives)
      : objectives_(objectives), values_(objectives.size()) {}

  /// Takes an answer.
  /// @return the window that it tells
  /// @throws Error as objectives_in() and take_window(); kParse: the calls before told a window and this one none, or
  ///         the other way round.
  std::optional<TimeWindow> add(std::map<std::string, double> answer, const TimeWindow& call);

  std::vector<ConfigurationRecord::Objective> objectives() const;
  double num_calls() const noexcept { return static_cast<double>(values_.front().size()); }
  /// Where no number was told, a call counts as one.
  double num_runs() const noexcept { return num_runs_; }
  bool told_windows() const noexcept { return told_; }
  const std::vector<TimeWindow>& windows() const noexcept { return windows_; }
  double window_s() const noexcept;  ///< all windows together
  double shortest_window_s() const noexcept { return shortest_s_; }

 private:
  const std::vector<std::string>& objectives_;
  std::vector<std::vector<double>> values_;  ///< of each objective
  std::vector<TimeWindow> windows_;          ///< one where none was told
  double num_runs_ = 0, shortest_s_ = 0;
  bool told_ = false;
};

/// The objectives' numbers in an answer, in their order. One number without a name answers one objective.
/// @throws Error kParse (not there; lists what is), kInvalidArgument (not finite).
std::vector<double> objectives_in(const std::map<std::string, double>& answer,
                                  const std::vector<std::string>& objectives);

}  // namespace perfmodel
