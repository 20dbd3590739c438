#pragma once

#include <functional>
#include <memory>
#include <vector>

#include "board/board_table.h"
#include "board/nvml.h"
#include "perfmodel/power/power_meter.h"
#include "power/rails.h"
#include "sysfs/file_system.h"

namespace perfmodel {

/// What meters are opened with; tests put others in the place of the machine's.
struct MeterSources {
  std::shared_ptr<FileSystem> files;
  std::function<std::shared_ptr<Nvml>()> open_nvml;  ///< called if the board has rails of NVML. @throws Error
  std::shared_ptr<Clock> clock;
  double sample_period_s = 0;  ///< see PowerMeterOptions
};

/// What open_power_meters() does.
std::vector<std::unique_ptr<PowerMeter>> open_meters(const BoardTable& table, const MeterSources& sources,
                                                     WhyNot why_not);

}  // namespace perfmodel
