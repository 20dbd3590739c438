#include "perfmodel/measure/configuration_campaign.h"

#include <fmt/format.h>

#include <algorithm>
#include <exception>
#include <new>

#include "core/progress.h"
#include "measure/configuration_measurer.h"
#include "measure/configuration_plan.h"
#include "measure/configuration_schema.h"
#include "perfmodel/core/error.h"
#include "perfmodel/knob/knob_guard.h"

namespace perfmodel {
namespace {

class ConfigurationCampaign {
 public:
  ConfigurationCampaign(const CampaignStore& store, const std::vector<Configuration>& configurations,
                        const ConfigurationPlan& plan, const MeasuringMeans& means)
      : configurations_(configurations),
        order_(measuring_order(configurations.size(), means.options)),
        plan_(plan),
        driver_(means.driver),
        measurer_(plan, means, has_good_row(store)) {}

  void measure(CampaignRow& row) {
    const Configuration& configuration = configurations_[order_[row.candidate]];
    row.inputs = plan_.space().values(configuration);
    ConfigurationRecord record = measurer_.blank_record();
    try {
      set(configuration, record);
      measurer_.measure(configuration, record);
    } catch (const Error& error) {
      if (error.code() == ErrorCode::kCancelled) throw;
      fail(row, error.code(), error.what());
    } catch (const std::bad_alloc&) {
      fail(row, ErrorCode::kOutOfMemory, "memory ran out");
    } catch (const std::exception& exception) {
      fail(row, ErrorCode::kIo, exception.what());
    }
    // What was measured under other knobs than were asked for is no value of an objective.
    if (!row.ok) record.objectives = measurer_.blank_record().objectives;
    row.outputs = output_values(record);
  }

 private:
  /// What a driver refuses before it has set anything, levels aside, it will refuse again and again.
  void set(const Configuration& configuration, ConfigurationRecord& record) {
    try {
      measurer_.set(configuration, record);
      has_set_ = true;
    } catch (const Error& error) {
      if (has_set_ || driver_.changed() || error.code() == ErrorCode::kInvalidArgument) throw;
      throw CampaignEnd{error};
    }
  }

  static bool has_good_row(const CampaignStore& store) {
    const std::vector<CampaignRow> rows = store.rows();
    return std::any_of(rows.begin(), rows.end(), [](const CampaignRow& row) { return row.ok; });
  }

  static void fail(CampaignRow& row, ErrorCode code, const std::string& reason) {
    row.ok = false;
    row.reason = fmt::format("{}: {}", error_code_name(code), reason);
  }

  const std::vector<Configuration>& configurations_;
  const std::vector<std::size_t> order_;
  const ConfigurationPlan& plan_;
  const KnobDriver& driver_;
  ConfigurationMeasurer measurer_;
  bool has_set_ = false;
};

void require_feasible(const ConfigSpace& space, const std::vector<Configuration>& configurations) {
  for (std::size_t i = 0; i < configurations.size(); ++i) {
    if (space.is_feasible(configurations[i])) continue;
    throw Error(ErrorCode::kInvalidArgument,
                fmt::format("configuration campaign: the space's constraints do not allow configuration {}", i));
  }
}

CampaignOptions campaign_options(const ConfigurationCampaignOptions& options, std::size_t num_configurations) {
  CampaignOptions campaign;
  campaign.num_candidates = num_configurations;
  campaign.repeat_fraction = options.repeat_fraction;
  campaign.max_retry_seconds = 0;
  campaign.max_seconds = options.max_seconds;
  campaign.retry_failed = options.retry_failed;
  campaign.noise_column = options.objectives.front();
  campaign.task = "measuring configurations";
  campaign.callbacks = options.callbacks;
  return campaign;
}

void log_failures(const Callbacks& callbacks, const RestoreReport& report) {
  for (const RestoreReport::Failure& failure : report.failures) {
    log_message(callbacks, LogLevel::kWarning,
                fmt::format("'{}' could not be restored: {}; its prior value stays in the journal", failure.what,
                            failure.reason));
  }
}

}  // namespace

CampaignReport run_configuration_campaign(CampaignStore& store, const ConfigSpace& space,
                                          const std::vector<Configuration>& configurations, KnobDriver& driver,
                                          const std::vector<std::unique_ptr<PowerMeter>>& meters,
                                          const ThermalSensors* thermal, const Workload& workload,
                                          const ConfigurationCampaignOptions& options) {
  check_campaign_options(options, configurations.size(), thermal != nullptr);
  require_schema(store.schema(), configuration_campaign_schema(space, configurations, driver, meters, options));
  if (options.dry_run) {
    CampaignReport report = dry_run_configuration_campaign(space, configurations, driver, meters, thermal, options);
    report.num_resumed = store.rows().size();
    return report;
  }
  require_feasible(space, configurations);
  const ConfigurationPlan plan(space, driver);
  plan.require_settable();
  ConfigurationCampaign campaign(store, configurations, plan, {driver, meters, thermal, workload, options});
  const KnobGuard guard(driver, [&](const RestoreReport& report) { log_failures(options.callbacks, report); });
  try {
    return run_campaign(store, campaign_options(options, configurations.size()),
                        [&](CampaignRow& row) { campaign.measure(row); });
  } catch (const CampaignEnd& end) {
    throw end.error;
  }
}

}  // namespace perfmodel
