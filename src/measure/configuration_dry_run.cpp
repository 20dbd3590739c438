#include <fmt/format.h>
#include <fmt/ranges.h>

#include "core/progress.h"
#include "measure/configuration_plan.h"
#include "measure/configuration_schema.h"
#include "perfmodel/measure/configuration_campaign.h"

namespace perfmodel {
namespace {

std::string list_of(const std::vector<std::string>& names) {
  return names.empty() ? "nothing" : fmt::format("{}", fmt::join(names, ", "));
}

/// Options that the driver's board does not have.
std::vector<std::string> workload_options(const ConfigurationPlan& plan) {
  std::vector<std::string> names;
  for (const Option& option : plan.space().options()) {
    bool is_knob = false;
    for (const auto& knobs : {plan.hardware_knobs(), plan.handed_knobs()}) {
      for (const std::string& knob : knobs) is_knob = is_knob || knob == option.name();
    }
    if (!is_knob) names.push_back(option.name());
  }
  return names;
}

std::string configuration_text(const ConfigurationPlan& plan, const Configuration& configuration) {
  if (configuration.size() != plan.space().num_options()) return "";
  std::vector<std::string> parts;
  for (std::size_t i = 0; i < configuration.size(); ++i) {
    const Option& option = plan.space().options()[i];
    const bool is_level = configuration[i] < option.num_levels();
    parts.push_back(fmt::format("{}={}", option.name(), is_level ? option.text(configuration[i]) : "?"));
  }
  return fmt::format(" ({})", fmt::join(parts, " "));
}

std::vector<RefusedConfiguration> refused(const ConfigurationPlan& plan,
                                          const std::vector<Configuration>& configurations) {
  std::vector<RefusedConfiguration> found;
  for (std::size_t i = 0; i < configurations.size(); ++i) {
    const std::vector<std::string> objections = plan.objections(configurations[i]);
    if (!objections.empty()) found.push_back({i, fmt::format("{}", fmt::join(objections, "; "))});
  }
  return found;
}

}  // namespace

std::vector<RefusedConfiguration> check_configurations(const ConfigSpace& space,
                                                       const std::vector<Configuration>& configurations,
                                                       const KnobDriver& driver) {
  return refused(ConfigurationPlan(space, driver), configurations);
}

CampaignReport dry_run_configuration_campaign(const ConfigSpace& space,
                                              const std::vector<Configuration>& configurations,
                                              const KnobDriver& driver,
                                              const std::vector<std::unique_ptr<PowerMeter>>& meters,
                                              const ThermalSensors* thermal,
                                              const ConfigurationCampaignOptions& options) {
  check_campaign_options(options, configurations.size(), thermal != nullptr);
  const ConfigurationPlan plan(space, driver);
  const auto say = [&options](LogLevel level, const std::string& line) {
    log_message(options.callbacks, level, "dry run: " + line);
  };
  const CampaignSchema schema = configuration_campaign_schema(space, configurations, driver, meters, options);
  const RecordNames names = record_names(plan, meters, options);
  say(LogLevel::kInfo,
      fmt::format("{} configurations on {}, order {}, {}", configurations.size(), schema.identity.at("board"),
                  schema.identity.at("order"), schema.identity.at("protocol")));
  say(LogLevel::kInfo, "set on hardware: " + list_of(plan.hardware_knobs()));
  say(LogLevel::kInfo, "handed to the workload: " + list_of(plan.handed_knobs()));
  say(LogLevel::kInfo, "no knobs here, for the workload alone: " + list_of(workload_options(plan)));
  say(LogLevel::kInfo, "measured: " + list_of(names.objectives) + "; energy by " + list_of(names.meters));
  const std::vector<RefusedConfiguration> found = refused(plan, configurations);
  for (const RefusedConfiguration& one : found) {
    say(LogLevel::kWarning, fmt::format("configuration {}{}: {}", one.index,
                                        configuration_text(plan, configurations[one.index]), one.reason));
  }
  CampaignReport report;
  report.num_failed = found.size();
  report.noise_floor_pct = ConfigurationRecord::kUnknown;
  return report;
}

}  // namespace perfmodel
