#pragma once

#include <limits>
#include <string>
#include <vector>

namespace perfmodel {

/// What measuring one configuration came to. NaN: not known.
struct ConfigurationRecord {
  static constexpr double kUnknown = std::numeric_limits<double>::quiet_NaN();

  struct Objective {
    double median = kUnknown, spread = kUnknown;
  };
  struct Knob {
    double read_back = kUnknown, effective = kUnknown, lowest_effective = kUnknown;
  };
  struct Energy {
    double joules_per_run = kUnknown, error_joules_per_run = kUnknown, num_updates = kUnknown;
    double watts = kUnknown, idle_watts = kUnknown;
  };
  std::vector<Objective> objectives;
  std::vector<Knob> knobs;       ///< those on hardware
  std::vector<Energy> energies;  ///< of each meter
  double num_calls = kUnknown, num_runs = kUnknown, window_s = kUnknown;
  double window_begin_unix_s = kUnknown;  ///< of the first, where several were told
  double window_told = kUnknown;          ///< 0 or 1
  double temperature_before_celsius = kUnknown, temperature_celsius = kUnknown, num_throttled = kUnknown;
  double throttled_fraction = kUnknown;  ///< of the looks at the GPUs
  double num_missed_knobs = kUnknown;    ///< that ran at another value than was set, of those that tell
};

/// Names of what a record holds.
struct RecordNames {
  std::vector<std::string> objectives, knobs, meters;
};

/// The output columns of a campaign, and a record's numbers in their order.
std::vector<std::string> output_columns(const RecordNames& names);
std::vector<double> output_values(const ConfigurationRecord& record);

}  // namespace perfmodel
