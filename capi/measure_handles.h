#pragma once

#include <memory>
#include <string>
#include <vector>

#include "perfmodel/knob/clock.h"
#include "perfmodel/knob/knob_driver.h"
#include "perfmodel/knob/knob_guard.h"
#include "perfmodel/knob/simulated_board.h"
#include "perfmodel/power/power_meter.h"
#include "perfmodel_configuration_c.h"

/// The handles of perfmodel_measure_c that its sources share.
struct perfmodel_simulated_board {
  perfmodel::SimulatedBoard impl;
};

struct perfmodel_driver {
  perfmodel::KnobDriver impl;
};

struct perfmodel_power_meters {
  std::vector<std::unique_ptr<perfmodel::PowerMeter>> impl;
  std::vector<std::string> why_not;
  perfmodel::ThermalSensors thermal;
  std::shared_ptr<perfmodel::Clock> clock;  ///< they were opened with; null: the machine's
};

namespace perfmodel::capi {

/// @throws Error kInvalidArgument: NULL, no such meter.
PowerMeter& meter_at(const perfmodel_power_meters* meters, std::size_t index);

}  // namespace perfmodel::capi
