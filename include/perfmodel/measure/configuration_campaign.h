#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
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

/// One run of a workload under a configuration: answers the objectives it measured, by name, e.g. {"latency_ms", 12.5};
/// where there is one objective, one number under the name "" will do. It may not use the campaign's driver, which is
/// asked for effective values meanwhile.
///
/// It may also tell when its timed runs were: `window_begin_s` and `window_end_s`, in seconds of the driver's clock
/// (that of the machine is CLOCK_MONOTONIC) and within the call, and `window_runs`, how many they were. Energy and
/// effective values are then those of this window, in each call or in none, and not of what loads and warms up around
/// it.
/// @param configuration  every option of the space with its value as text, those set on hardware included
/// @throws Error (or any exception): the run failed; the campaign keeps the reason. kCancelled ends the campaign.
using Workload =
    std::function<std::map<std::string, double>(const std::vector<std::pair<std::string, std::string>>& configuration)>;

/// A program that measures one configuration per call (command.h), as a workload. It runs with the CPUs, the nice value
/// and the environment that options ask for which are handed knobs of `board` with such an effect (cpu_affinity, nice
/// and the like of the board "process"), and like any workload it is given all options. Nothing of that kind is done
/// for workloads that are functions: they are given the values.
/// @param cancelled  asked some times a second while the program runs; true kills it and throws kCancelled
/// @throws Error kInvalidArgument as check_measuring_command(). When it runs: as run_measuring_command(); kParse: an
///         option with an effect whose text is no number.
PERFMODEL_EXPORT Workload command_workload(MeasuringCommand command, const Board& board,
                                           std::function<bool()> cancelled = {});

/// How configurations are measured.
struct ConfigurationCampaignOptions {
  std::vector<std::string> objectives = {"latency_ms"};  ///< names that every run must answer
  int warmup_runs = 1;                                   ///< untimed, after each change of knobs
  int repeats = 3;                                       ///< runs per configuration; objectives are the medians
  std::uint64_t seed = 0;                                ///< of the order
  bool random_order = true;                              ///< else the order of `configurations`
  double repeat_fraction = 0;  ///< share of the configurations that is measured a second time, after all others
  double cool_to_celsius = 0;  ///< > 0: with each configuration set, wait until the board is no hotter ...
  double max_cool_s = 120;     ///< ... for at most that long, then go on; the row holds the temperature
  double idle_seconds = 0;     ///< with meters: measure idle power that long before each configuration's runs; 0: not
  double min_energy_updates = 50;  ///< with meters: repeat until the windows hold that many updates of each ...
  double max_window_s = 60;        ///< ... but beyond `repeats` begin no further run after that long
  double max_seconds = 0;          ///< > 0: open no new configuration after that long; the next run goes on
  bool retry_failed = false;       ///< measure again, once, what failed in earlier runs
  bool dry_run = false;            ///< as dry_run_configuration_campaign(); the store is only read
  Callbacks callbacks;
};

/// What a campaign over `configurations` writes (docs/configurations.md). Inputs: the options' numbers as requested.
/// Outputs, in this order: each objective and `<objective>_spread` (robust standard deviation of the runs, NaN of one);
/// `read_back_<knob>`, `effective_<knob>` and `lowest_effective_<knob>` (medians under load of EffectiveValue) of each
/// option that is set on hardware; `num_calls`, `num_runs`, `window_begin_unix_s`, `window_s`,
/// `window_told`; per meter `<meter>_joules_per_run`, `<meter>_error_joules_per_run`, `<meter>_num_updates`,
/// `<meter>_watts`, `<meter>_idle_watts`; `temperature_before_celsius`, `temperature_celsius` (at the end of the runs),
/// `num_throttled` (where files count), `throttled_fraction` (of the looks at GPUs), `num_missed_knobs` (that ran at
/// another value than was set).
/// NaN: not known. Where workloads tell windows (`window_told` 1) energy, power and effective values are of these,
/// `num_runs` are the runs within, where told, else the calls; otherwise they are of all the time from the first call
/// to the last, whatever ran between them, and each call is a run.
///
/// @param identity  what else identifies the campaign, e.g. the workload and the device. Added to it: `board`,
///                  `config_space`, `configurations` (how many, and their checksum), `order`, `protocol`.
/// @throws Error kInvalidArgument: a name of `identity` that is one of these; an option that is set on hardware and has
///         labels where the knob has numbers, or the other way round.
PERFMODEL_EXPORT CampaignSchema configuration_campaign_schema(const ConfigSpace& space,
                                                              const std::vector<Configuration>& configurations,
                                                              const KnobDriver& driver,
                                                              const std::vector<std::unique_ptr<PowerMeter>>& meters,
                                                              const ConfigurationCampaignOptions& options,
                                                              std::map<std::string, std::string> identity = {});

/// Measures `configurations` of `space` on this machine and keeps each as a durable row of `store`; a killed campaign
/// goes on with the same call (what it left set is undone by a guard process or by restore_from_journal()). Options
/// that the driver's board has as knobs are set by the driver, within a KnobGuard; the others are for the workload
/// alone. A configuration that cannot be set, whose run fails, takes too long or does not answer every objective with a
/// finite number, or whose knobs something else changed meanwhile, is a row with its reason, and the next one begins.
///
/// Candidate i of the store is the configuration with the i-th place in the order. The driver's clock is the clock.
/// @param store    of configuration_campaign_schema() with the same arguments
/// @param meters   may be empty
/// @param thermal  may be null
/// @return how it ended. What restoring left undone is logged and stays in the journal.
/// @throws Error as run_campaign(); kInvalidArgument (options, an empty list, an infeasible configuration, cooling
///         without `thermal`); kMismatch (a store of another campaign). Nothing is kept of what makes every row fail:
///         knobs that this machine does not have (kUnsupported) or let us set (kPermission), a driver that refuses
///         before anything was set (kBusy, kMismatch, ... as KnobDriver::set()), a program that cannot be
///         started (kNotFound or kPermission of a command_workload() before any row is ok).
PERFMODEL_EXPORT CampaignReport run_configuration_campaign(CampaignStore& store, const ConfigSpace& space,
                                                           const std::vector<Configuration>& configurations,
                                                           KnobDriver& driver,
                                                           const std::vector<std::unique_ptr<PowerMeter>>& meters,
                                                           const ThermalSensors* thermal, const Workload& workload,
                                                           const ConfigurationCampaignOptions& options = {});

/// A configuration that cannot be measured here.
struct RefusedConfiguration {
  std::size_t index = 0;  ///< in the list
  std::string reason;     ///< one line
};

/// Asks of each configuration whether the space allows it, and whether the driver has its knobs, may set them and knows
/// the levels. Sets nothing.
/// @throws Error kInvalidArgument as configuration_campaign_schema().
PERFMODEL_EXPORT std::vector<RefusedConfiguration> check_configurations(
    const ConfigSpace& space, const std::vector<Configuration>& configurations, const KnobDriver& driver);

/// Says through the log what run_configuration_campaign() would do, and warns of each configuration that it could not
/// measure. Sets and runs nothing, needs no store.
/// @return num_failed: the configurations that cannot be measured.
/// @throws Error kInvalidArgument (options, an empty list, as configuration_campaign_schema()).
PERFMODEL_EXPORT CampaignReport dry_run_configuration_campaign(const ConfigSpace& space,
                                                               const std::vector<Configuration>& configurations,
                                                               const KnobDriver& driver,
                                                               const std::vector<std::unique_ptr<PowerMeter>>& meters,
                                                               const ThermalSensors* thermal,
                                                               const ConfigurationCampaignOptions& options = {});

}  // namespace perfmodel
