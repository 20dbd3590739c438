#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "perfmodel/config/config_space.h"
#include "perfmodel/core/callbacks.h"
#include "perfmodel/core/export.h"
#include "perfmodel/knob/knob_driver.h"
#include "perfmodel/measure/campaign.h"
#include "perfmodel/measure/command.h"
#include "perfmodel/power/power_meter.h"

namespace perfmodel {

/// One run of a workload under a configuration: answers the objectives it measured, by name, e.g. {"latency_ms", 12.5}.
/// @param configuration  every option of the space with its value as text, those set on hardware included
/// @throws Error (or any exception): the run failed; the campaign keeps the reason.
using Workload =
    std::function<std::map<std::string, double>(const std::vector<std::pair<std::string, std::string>>& configuration)>;

/// A program that measures one configuration per call (command.h), as a workload. It runs with the affinity, nice value
/// and environment that handed knobs of these names ask for.
PERFMODEL_EXPORT Workload command_workload(MeasuringCommand command);

/// How configurations are measured.
struct ConfigurationCampaignOptions {
  std::vector<std::string> objectives = {"latency_ms"};  ///< names that every run must answer
  int warmup_runs = 1;                                   ///< untimed, after each change of knobs
  int repeats = 3;                                       ///< runs per configuration; objectives are the medians
  std::uint64_t seed = 0;                                ///< of the order
  bool random_order = true;                              ///< else the order of `configurations`
  double cool_to_celsius = 0;      ///< > 0: wait before each configuration until the board is no hotter ...
  double max_cool_s = 120;         ///< ... for at most that long, then go on; the row holds the temperature
  double idle_seconds = 0;         ///< measure idle power that long before each configuration; 0: not
  double min_energy_updates = 50;  ///< with meters: repeat until the window holds that many updates of each ...
  double max_window_s = 60;        ///< ... but begin no further run after that long
  double max_seconds = 0;          ///< > 0: open no new configuration after that long; the next run goes on
  bool dry_run = false;            ///< set nothing, run nothing: check every configuration and say what would be done
  Callbacks callbacks;
};

/// Columns of the campaign's file, in order. Inputs: the options' numbers as requested. Outputs: each objective and its
/// spread (`<objective>_spread`: robust standard deviation of the runs); `read_back_<knob>` and `effective_<knob>`
/// (under load) of each knob on hardware; `num_runs`, `window_s`; per meter `<meter>_joules_per_run`, `<meter>_watts`,
/// `<meter>_idle_watts`, `<meter>_error_joules`; `temperature_before_celsius`, `temperature_celsius`, `num_throttled`.
PERFMODEL_EXPORT CampaignSchema configuration_campaign_schema(const ConfigSpace& space, const KnobDriver& driver,
                                                              const std::vector<std::unique_ptr<PowerMeter>>& meters,
                                                              const ConfigurationCampaignOptions& options,
                                                              std::map<std::string, std::string> identity);

/// Measures `configurations` of `space` on this machine and keeps each as a durable row of `store`; a killed campaign
/// goes on with the same call. Knobs that the space names and the driver has are set by the driver, within a KnobGuard;
/// other options are for the workload alone. A configuration that cannot be set, whose run fails, takes too long or
/// answers no objective is a row with its reason, and the next one begins.
/// @param meters   may be empty
/// @param thermal  may be null
/// @return how it ended.
/// @throws Error as run_campaign(); kInvalidArgument (options, an empty or infeasible list), kNotFound (nothing of the
///         space's options can be set and the workload takes no configuration); what restoring left undone is logged
///         and stays in the journal.
PERFMODEL_EXPORT CampaignReport run_configuration_campaign(CampaignStore& store, const ConfigSpace& space,
                                                           const std::vector<Configuration>& configurations,
                                                           KnobDriver& driver,
                                                           const std::vector<std::unique_ptr<PowerMeter>>& meters,
                                                           const ThermalSensors* thermal, const Workload& workload,
                                                           const ConfigurationCampaignOptions& options = {});

}  // namespace perfmodel
