#pragma once

#include <cstddef>
#include <string>
#include <utility>
#include <vector>

#include "perfmodel/config/config_space.h"
#include "perfmodel/knob/knob_driver.h"

namespace perfmodel {

/// How a configuration of a space reaches a machine: what the driver sets, what the workload is told. Immutable; the
/// driver may go.
class ConfigurationPlan {
 public:
  /// @throws Error kInvalidArgument: an option has labels where the knob of its name has numbers, or the other way
  ///         round.
  ConfigurationPlan(const ConfigSpace& space, const KnobDriver& driver);

  const ConfigSpace& space() const noexcept { return space_; }
  /// Options that are set on hardware, and those that the driver keeps for the workload, in the space's order.
  const std::vector<std::string>& hardware_knobs() const noexcept { return hardware_knobs_; }
  const std::vector<std::string>& handed_knobs() const noexcept { return handed_knobs_; }

  /// @throws Error kUnsupported, kPermission, ...: a knob that this machine does not have or does not let us set;
  ///         kMismatch: what is found is no state to return to (KnobDriverOptions::accept_pinned).
  void require_settable() const;
  /// Why a configuration cannot be measured here, one line each; none if it can.
  std::vector<std::string> objections(const Configuration& configuration) const;

  /// For KnobDriver::set(): all knobs of the space.
  /// @throws Error kInvalidArgument: a label that the knob does not have.
  std::vector<KnobValue> knob_values(const Configuration& configuration) const;
  /// Every option with its value as text.
  std::vector<std::pair<std::string, std::string>> texts(const Configuration& configuration) const;

 private:
  struct Knob {
    std::size_t option;  ///< its index in the space
    KnobStatus status;
  };
  double value(const Knob& knob, const Configuration& configuration) const;

  ConfigSpace space_;
  std::vector<Knob> knobs_;
  std::vector<std::string> hardware_knobs_, handed_knobs_;
};

}  // namespace perfmodel
