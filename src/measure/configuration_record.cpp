#include "measure/configuration_record.h"

namespace perfmodel {

std::vector<std::string> output_columns(const RecordNames& names) {
  std::vector<std::string> columns;
  for (const std::string& objective : names.objectives) {
    columns.push_back(objective);
    columns.push_back(objective + "_spread");
  }
  for (const std::string& knob : names.knobs) {
    columns.push_back("read_back_" + knob);
    columns.push_back("effective_" + knob);
    columns.push_back("lowest_effective_" + knob);
  }
  columns.insert(columns.end(), {"num_calls", "num_runs", "window_begin_unix_s", "window_s", "window_told"});
  for (const std::string& meter : names.meters) {
    for (const char* quantity : {"_joules_per_run", "_error_joules_per_run", "_num_updates", "_watts", "_idle_watts"}) {
      columns.push_back(meter + quantity);
    }
  }
  columns.insert(columns.end(), {"temperature_before_celsius", "temperature_celsius", "num_throttled"});
  columns.insert(columns.end(), {"throttled_fraction", "num_missed_knobs"});
  return columns;
}

std::vector<double> output_values(const ConfigurationRecord& record) {
  std::vector<double> values;
  for (const auto& [median, spread] : record.objectives) values.insert(values.end(), {median, spread});
  for (const auto& [read_back, effective, lowest] : record.knobs) {
    values.insert(values.end(), {read_back, effective, lowest});
  }
  values.insert(values.end(), {record.num_calls, record.num_runs, record.window_begin_unix_s});
  values.insert(values.end(), {record.window_s, record.window_told});
  for (const auto& [joules_per_run, error_joules_per_run, num_updates, watts, idle_watts] : record.energies) {
    values.insert(values.end(), {joules_per_run, error_joules_per_run, num_updates, watts, idle_watts});
  }
  values.insert(values.end(), {record.temperature_before_celsius, record.temperature_celsius, record.num_throttled});
  values.insert(values.end(), {record.throttled_fraction, record.num_missed_knobs});
  return values;
}

}  // namespace perfmodel
