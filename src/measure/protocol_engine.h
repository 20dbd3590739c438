#pragma once

#include <functional>

#include "perfmodel/measure/protocol.h"

namespace perfmodel {

/// What the protocol asks the machine for; tests script it.
struct ProtocolMachine {
  std::function<double()> now_ms;    ///< monotonic
  std::function<double()> slowdown;  ///< as InterferenceMonitor::slowdown()
  double clock_tick_ms = 0;
};

/// run_protocol() on `machine`.
ProtocolResult run_protocol_on(const ProtocolMachine& machine, PhasedWork& work, const ProtocolOptions& options,
                               const Callbacks& callbacks);

}  // namespace perfmodel
