#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "board/board_table.h"
#include "board/nvml.h"
#include "perfmodel/power/power_meter.h"
#include "sysfs/file_system.h"

namespace perfmodel {

/// A power rail of this machine: what it is and how its number is read.
struct Rail {
  PowerMeterInfo info;
  /// Watts, or joules of a counter. @throws Error
  std::function<double()> read;
  double wraps_at_joules = 0;  ///< of a counter; 0: it does not wrap, or nothing tells where
};

/// Lines that say why a rail is not there; may be null.
using WhyNot = std::vector<std::string>*;

/// The rails of a table that files tell, in the first alternative of its folders that has any.
std::vector<Rail> find_file_rails(const RailTable& table, const std::shared_ptr<FileSystem>& files, WhyNot why_not);

/// One rail per GPU, named after its number ("nvml:0"): its energy counter, or its power where there is none.
std::vector<Rail> find_nvml_rails(const RailTable& table, const std::shared_ptr<Nvml>& nvml, WhyNot why_not);

/// @throws Error kIo: a power that no rail draws.
double checked_watts(double watts, const std::string& source);

}  // namespace perfmodel
