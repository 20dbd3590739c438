#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "board/board_table.h"
#include "board/nvml.h"
#include "sysfs/file_system.h"

namespace perfmodel {

/// What ThermalSensors does, with the machine's files and GPUs given.
class Thermometers {
 public:
  /// @param nvml  may be null
  Thermometers(const BoardTable& table, std::shared_ptr<FileSystem> files, std::shared_ptr<Nvml> nvml)
      : zone_patterns_(table.temperature_files),
        ignored_types_(table.ignored_zone_types),
        counter_patterns_(table.throttle_count_files),
        files_(std::move(files)),
        nvml_(std::move(nvml)) {
    for (const KnobTable& knob : table.knobs) {
      if (knob.mechanism == KnobMechanism::kNvml) knob_devices_.insert(knob.nvml_device);
    }
  }

  double temperature_celsius() const;
  double throttle_count() const;
  double throttled() const noexcept;

 private:
  bool is_ignored(const std::string& zone) const;

  const std::vector<std::string> zone_patterns_, ignored_types_, counter_patterns_;
  const std::shared_ptr<FileSystem> files_;
  const std::shared_ptr<Nvml> nvml_;
  std::set<int> knob_devices_;  ///< whose knobs the board has
  mutable std::mutex mutex_;
  mutable std::map<std::string, double> counts_;  ///< what each counter said last
};

}  // namespace perfmodel
