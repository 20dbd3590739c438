#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "measure/configuration_plan.h"
#include "measure/configuration_record.h"
#include "measure/workload_calls.h"
#include "perfmodel/core/error.h"
#include "perfmodel/measure/configuration_campaign.h"

namespace perfmodel {

/// What a campaign over configurations measures with. All of it outlives the campaign.
struct MeasuringMeans {
  KnobDriver& driver;
  const std::vector<std::unique_ptr<PowerMeter>>& meters;
  const ThermalSensors* thermal;
  const Workload& workload;
  const ConfigurationCampaignOptions& options;
};

/// Carries an Error past run_campaign(), which would make a row of it, and out of the campaign.
struct CampaignEnd {
  Error error;
};

/// Measures one configuration after the other.
class ConfigurationMeasurer {
 public:
  /// @param plan          of the means' driver; must outlive this object
  /// @param has_answered  whether the workload is known to be there
  ConfigurationMeasurer(const ConfigurationPlan& plan, const MeasuringMeans& means, bool has_answered);

  /// A record in which nothing is known.
  ConfigurationRecord blank_record() const;
  /// Sets the knobs.
  /// @param record  filled with what they are when it throws
  /// @throws Error as KnobDriver::set().
  void set(const Configuration& configuration, ConfigurationRecord& record);
  /// Cools down, measures idle power, warms up and measures runs.
  /// @param record  blank; holds what is known, also when it throws
  /// @throws what the workload and the meters throw; Error kParse, kInvalidArgument: an answer without an objective,
  ///         with one that is not finite, or with a bad window (take_window()); kMismatch: a knob has another value
  ///         than was set; kCancelled. CampaignEnd: the workload is a program that cannot be started, and will not
  ///         be for the next configuration.
  void measure(const Configuration& configuration, ConfigurationRecord& record);

 private:
  void throw_if_cancelled() const;
  void wait(double seconds);
  void cool_down();
  std::map<std::string, double> ask_workload();
  std::optional<TimeWindow> call_workload(WorkloadCalls& calls);
  double warm_up();
  double sampling_period_s(double run_s) const;
  std::vector<std::string> knobs_that_tell() const;
  double unix_time_s(double time_s) const;
  void measure_idle(ConfigurationRecord& record);
  void measure_runs(ConfigurationRecord& record, double warm_up_s);
  void warn_of_few_updates(const std::string& meter, double num_updates);
  double temperature_celsius() const;
  double throttle_count() const;

  const ConfigurationPlan& plan_;
  MeasuringMeans means_;
  bool has_answered_;
  std::shared_ptr<Clock> clock_;
  std::vector<KnobReading> readings_;                       ///< of what was set last
  std::vector<std::pair<std::string, std::string>> texts_;  ///< of the configuration under measurement
  std::set<std::string> warned_of_;                         ///< meters
};

}  // namespace perfmodel
