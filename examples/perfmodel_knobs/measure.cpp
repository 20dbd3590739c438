#include <cstdio>
#include <functional>

#include "failure_summary.h"
#include "json_line.h"
#include "machine.h"
#include "options.h"
#include "perfmodel/config/sampling.h"
#include "perfmodel/core/error.h"
#include "perfmodel/knob/knob_guard.h"
#include "perfmodel/measure/configuration_campaign.h"
#include "progress_bar.h"
#include "require_writable.h"
#include "stop_signal.h"

namespace perfmodel::tools {
namespace {

ConfigSpace space_of(const KnobDriver& driver, const MeasureOptions& options) {
  return options.space.empty() ? driver.space(options.knobs) : ConfigSpace::read(options.space);
}

std::vector<Configuration> configurations_of(const ConfigSpace& space, const MeasureOptions& options) {
  if (options.count > 0) return sample_random(space, options.count, options.seed);
  std::vector<Configuration> all;
  for (auto index = space.next_feasible(0); index; index = space.next_feasible(*index + 1)) {
    if (all.size() == kMaxSamples) {
      throw Error(ErrorCode::kInvalidArgument, "the space has more than " + std::to_string(kMaxSamples) +
                                                   " configurations, --count draws some of them");
    }
    all.push_back(space.at(*index));
  }
  return all;
}

ConfigurationCampaignOptions campaign_options(const MeasureOptions& options) {
  ConfigurationCampaignOptions campaign;
  campaign.objectives = options.objectives;
  campaign.warmup_runs = options.warmup_runs;
  campaign.repeats = options.repeats;
  campaign.seed = options.seed;
  campaign.retry_failed = options.retry_failed;
  campaign.cool_to_celsius = options.cool_to_celsius;
  campaign.max_cool_s = options.max_cool_s;
  campaign.idle_seconds = options.idle_seconds;
  return campaign;
}

/// Says what cannot be had of a simulated board, whose time passes in the program that is measured.
void require_own_time(const Board& board, const MeasureOptions& options) {
  if (!board.simulated()) return;
  const char* const refused = options.idle_seconds > 0 ? "--idle" : options.cool_to_celsius > 0 ? "--cool-to" : nullptr;
  if (refused != nullptr) {
    throw Error(ErrorCode::kUnsupported, std::string(refused) +
                                             ": the board is simulated, and its time passes only in "
                                             "the program that is measured");
  }
  std::fprintf(stderr,
               "the board is simulated: its sensors and clocks tell of its own time, so rows hold no energy "
               "and no effective values\n");
}

/// None of a simulated board: its sensors tell of simulated time, which passes in the process of the workload.
std::vector<std::unique_ptr<PowerMeter>> meters_of(const Board& board, const MachineOptions& machine) {
  PowerMeterOptions options;
  options.root = machine.root;
  return board.simulated() ? std::vector<std::unique_ptr<PowerMeter>>() : open_power_meters(board, options);
}

/// Why rows of the store failed.
std::vector<FailureCount> failures_in(const CampaignStore& store) {
  std::vector<std::string> reasons;
  for (const CampaignRow& row : store.rows()) {
    if (!row.ok) reasons.push_back(row.reason);
  }
  return count_failures(reasons);
}

std::string json_of(const std::vector<FailureCount>& failures) {
  std::vector<std::string> items;
  for (const FailureCount& failure : failures) {
    items.push_back(JsonObject().add("reason", failure.reason).add("count", failure.count).text());
  }
  return json_array(items);
}

void print(const CampaignReport& report, const std::vector<FailureCount>& failures, const std::string& output,
           bool json) {
  if (!failures.empty()) std::fprintf(stderr, "failed: %s\n", failure_text(failures).c_str());
  if (json) {
    JsonObject line;
    line.add("measured", report.num_measured).add("resumed", report.num_resumed).add("failed", report.num_failed);
    line.add_json("failures", json_of(failures)).add("complete", report.complete).add("output", output);
    std::printf("%s\n", line.text().c_str());
  } else {
    std::printf("%llu measured, %llu measured before, %llu of all failed; rows are in %s\n",
                static_cast<unsigned long long>(report.num_measured),
                static_cast<unsigned long long>(report.num_resumed), static_cast<unsigned long long>(report.num_failed),
                output.c_str());
  }
}

/// A stop signal becomes an error that says how to go on.
CampaignReport until_stopped(const std::string& output, const std::function<CampaignReport()>& run) {
  try {
    return run();
  } catch (const Error& error) {
    if (error.code() == ErrorCode::kCancelled)
      throw_if_stopped("what was measured is in '" + output + "', the same command goes on");
    throw;
  }
}

}  // namespace

void measure_configurations(const MachineOptions& machine, const MeasureOptions& options) {
  take_stop_signals();
  check_measuring_command({options.command, options.timeout_s});
  require_writable(options.csv);
  const Board board = board_of(machine);
  require_own_time(board, options);
  const KnobDriverOptions driver_settings = driver_options(machine);
  GuardProcess guard_process(driver_settings);
  if (!options.dry_run) undo_before_restart(driver_settings);
  KnobDriver driver(board, driver_settings);
  const ConfigSpace space = space_of(driver, options);
  const std::vector<Configuration> configurations = configurations_of(space, options);

  const std::vector<std::unique_ptr<PowerMeter>> meters = meters_of(board, machine);
  const ThermalSensors thermal(board, machine.root);
  ProgressBar bar;
  ConfigurationCampaignOptions campaign = campaign_options(options);
  campaign.callbacks = bar.callbacks();
  campaign.callbacks.cancelled = is_stopped;
  if (options.dry_run) {
    const CampaignReport report =
        dry_run_configuration_campaign(space, configurations, driver, meters, &thermal, campaign);
    if (report.num_failed > 0) throw Error(ErrorCode::kUnsupported, "some configurations cannot be measured here");
    return;
  }
  CampaignStore store = CampaignStore::open(
      options.output,
      configuration_campaign_schema(space, configurations, driver, meters, campaign, {{"command", options.command}}));
  const Workload workload = command_workload({options.command, options.timeout_s}, board, is_stopped);
  const CampaignReport report = until_stopped(options.output, [&] {
    return run_configuration_campaign(store, space, configurations, driver, meters, &thermal, workload, campaign);
  });
  if (!driver.changed()) guard_process.finish();
  if (!options.csv.empty()) write_csv(store.to_csv_table(), options.csv);
  print(report, failures_in(store), options.output, machine.json);
  if (driver.changed()) {
    throw Error(ErrorCode::kIo, "some knobs were not restored, 'perfmodel-knobs restore' tries again");
  }
  if (report.num_failed > 0 && report.num_failed == store.rows().size()) {
    throw Error(ErrorCode::kIo, "no configuration is measured: all failed; --retry-failed measures them again");
  }
}

}  // namespace perfmodel::tools
