#include <fmt/format.h>

#include <cmath>
#include <limits>
#include <set>

#include "callbacks.h"
#include "measure_handles.h"
#include "perfmodel/measure/configuration_campaign.h"
#include "space_shim.h"
#include "structs.h"
#include "text.h"

namespace capi = perfmodel::capi;

using perfmodel::Configuration;
using perfmodel::Error;
using perfmodel::ErrorCode;

constexpr const char* struct_name(const perfmodel_configuration_options&) {
  return "perfmodel_configuration_options";
}
constexpr const char* struct_name(const perfmodel_campaign_report&) {
  return "perfmodel_campaign_report";
}

namespace {

constexpr std::size_t kReasonCapacity = 512;

perfmodel_configuration_options default_options() noexcept {
  const perfmodel::ConfigurationCampaignOptions defaults;
  perfmodel_configuration_options options = {};
  options.struct_size = sizeof options;
  options.timeout_s = perfmodel::MeasuringCommand().timeout_s;
  options.warmup_runs = defaults.warmup_runs;
  options.repeats = defaults.repeats;
  options.random_order = 1;
  options.max_cool_s = defaults.max_cool_s;
  options.min_energy_updates = defaults.min_energy_updates;
  options.max_window_s = defaults.max_window_s;
  return options;
}

int count_from_c(const char* name, std::int64_t count) {
  if (count >= 0 && count <= std::numeric_limits<int>::max()) return static_cast<int>(count);
  throw Error(ErrorCode::kInvalidArgument,
              fmt::format("{} is {}, allowed is 0 to {}", name, count, std::numeric_limits<int>::max()));
}

perfmodel::ConfigurationCampaignOptions campaign_options(const perfmodel_configuration_options& c) {
  perfmodel::ConfigurationCampaignOptions options;
  if (c.objectives != nullptr) options.objectives = capi::names_from_c(c.objectives, c.num_objectives, "objectives");
  options.warmup_runs = count_from_c("warmup_runs", c.warmup_runs);
  options.repeats = count_from_c("repeats", c.repeats);
  options.seed = c.seed;
  options.random_order = c.random_order != 0;
  options.repeat_fraction = c.repeat_fraction;
  options.cool_to_celsius = c.cool_to_celsius;
  options.max_cool_s = c.max_cool_s;
  options.idle_seconds = c.idle_seconds;
  options.min_energy_updates = c.min_energy_updates;
  options.max_window_s = c.max_window_s;
  options.max_seconds = c.max_seconds;
  options.callbacks = capi::callbacks_of(c);
  return options;
}

/// A callback of C as a workload.
class WorkloadOfC {
 public:
  WorkloadOfC(perfmodel_workload call, void* user_data, std::vector<std::string> objectives)
      : call_(call), user_data_(user_data), objectives_(std::move(objectives)) {}

  std::map<std::string, double> operator()(
      const std::vector<std::pair<std::string, std::string>>& configuration) const {
    std::vector<const char*> options, texts;
    for (const auto& [name, text] : configuration) {
      options.push_back(name.c_str());
      texts.push_back(text.c_str());
    }
    constexpr double kUntold = std::numeric_limits<double>::quiet_NaN();
    std::vector<double> values(objectives_.size(), kUntold);
    std::vector<char> reason(kReasonCapacity, '\0');
    perfmodel_workload_run run = {sizeof run,    options.size(), options.data(), texts.data(),
                                  values.size(), values.data(),  reason.data(),  reason.size(),
                                  kUntold,       kUntold,        kUntold};
    const perfmodel_status status = call_(&run, user_data_);
    reason.back() = '\0';
    if (status != PERFMODEL_OK) throw_failure(status, reason.data());
    std::map<std::string, double> answer;
    for (std::size_t i = 0; i < values.size(); ++i) answer[objectives_[i]] = values[i];
    const std::pair<const char*, double> window[] = {
        {"window_begin_s", run.window_begin_s}, {"window_end_s", run.window_end_s}, {"window_runs", run.window_runs}};
    for (const auto& [name, value] : window) {
      if (!std::isnan(value)) answer[name] = value;
    }
    return answer;
  }

 private:
  [[noreturn]] static void throw_failure(perfmodel_status status, const std::string& reason) {
    const bool is_known = status > PERFMODEL_OK && status <= PERFMODEL_ERROR_INTERNAL;
    const auto code = is_known ? static_cast<ErrorCode>(status) : ErrorCode::kIo;
    throw Error(code, reason.empty() ? fmt::format("the workload ended with {}", status) : reason);
  }

  perfmodel_workload call_;
  void* user_data_;
  std::vector<std::string> objectives_;
};

perfmodel::Workload workload_from_c(const perfmodel_configuration_options& c, const perfmodel::KnobDriver& driver,
                                    const perfmodel::ConfigurationCampaignOptions& options) {
  capi::require((c.workload != nullptr) != (c.command != nullptr),
                "the options need either a workload or a command, and not both");
  if (c.workload != nullptr) return WorkloadOfC(c.workload, c.user_data, options.objectives);
  return perfmodel::command_workload({c.command, c.timeout_s}, driver.board(), options.callbacks.cancelled);
}

std::map<std::string, std::string> identity_from_c(const perfmodel_configuration_options& c) {
  if (c.identity != nullptr) return {{"workload", c.identity}};
  if (c.command != nullptr) return {{"workload", c.command}};
  return {};
}

std::vector<Configuration> configurations_from_c(const perfmodel::ConfigSpace& space, const double* values,
                                                 std::size_t num_configurations) {
  capi::require(num_configurations == 0 || values != nullptr, "values is NULL but num_configurations is not 0");
  std::vector<Configuration> configurations;
  for (std::size_t i = 0; i < num_configurations; ++i) {
    configurations.push_back(space.from_values({values + i * space.num_options(), space.num_options()}));
  }
  return configurations;
}

perfmodel_campaign_report to_c(const perfmodel::CampaignReport& report) noexcept {
  return {sizeof(perfmodel_campaign_report),
          report.num_measured,
          report.num_resumed,
          report.num_failed,
          report.noise_floor_pct,
          report.complete,
          0};
}

perfmodel::CampaignReport measure(const char* path, const perfmodel::ConfigSpace& space,
                                  const std::vector<Configuration>& configurations, perfmodel::KnobDriver& driver,
                                  const perfmodel_configuration_options& c) {
  const perfmodel::ConfigurationCampaignOptions options = campaign_options(c);
  const std::vector<std::unique_ptr<perfmodel::PowerMeter>> none;
  const auto& meters = c.meters == nullptr ? none : c.meters->impl;
  const perfmodel::ThermalSensors* thermal = c.meters == nullptr ? nullptr : &c.meters->thermal;
  const perfmodel::Workload workload = workload_from_c(c, driver, options);
  if (c.dry_run != 0) {
    return dry_run_configuration_campaign(space, configurations, driver, meters, thermal, options);
  }
  capi::require(path != nullptr, "path is NULL");
  perfmodel::CampaignStore store = perfmodel::CampaignStore::open(
      path, configuration_campaign_schema(space, configurations, driver, meters, options, identity_from_c(c)));
  return run_configuration_campaign(store, space, configurations, driver, meters, thermal, workload, options);
}

}  // namespace

perfmodel_status perfmodel_configuration_options_init(perfmodel_configuration_options* options,
                                                      std::size_t struct_size) noexcept {
  return capi::init_struct(options, struct_size, default_options());
}

perfmodel_status perfmodel_campaign_report_init(perfmodel_campaign_report* report, std::size_t struct_size) noexcept {
  return capi::init_struct(report, struct_size, {});
}

perfmodel_status perfmodel_measure_configurations(const char* path, const perfmodel_space* space, const double* values,
                                                  std::size_t num_configurations, perfmodel_driver* driver,
                                                  const perfmodel_configuration_options* options,
                                                  perfmodel_campaign_report* out_report) noexcept {
  return capi::guard([&] {
    capi::require(space != nullptr && driver != nullptr && options != nullptr, "space, driver or options is NULL");
    const std::size_t struct_size = out_report == nullptr ? 0 : capi::checked_size(out_report);
    const perfmodel_configuration_options c = capi::read_struct(options, options->struct_size, default_options());
    const perfmodel::ConfigSpace& inner = *perfmodel_shim_space(space);
    const perfmodel::CampaignReport report =
        measure(path, inner, configurations_from_c(inner, values, num_configurations), driver->impl, c);
    if (out_report != nullptr) capi::write_struct(to_c(report), out_report, struct_size);
  });
}

perfmodel_status perfmodel_check_configurations(const perfmodel_space* space, const double* values,
                                                std::size_t num_configurations, const perfmodel_driver* driver,
                                                perfmodel_refused_configuration on_refused, void* user_data,
                                                std::size_t* out_num_refused) noexcept {
  return capi::guard([&] {
    capi::require(space != nullptr && driver != nullptr && out_num_refused != nullptr,
                  "space, driver or out_num_refused is NULL");
    const perfmodel::ConfigSpace& inner = *perfmodel_shim_space(space);
    const std::vector<Configuration> configurations = configurations_from_c(inner, values, num_configurations);
    std::set<std::size_t> refused;
    for (const auto& [index, reason] : check_configurations(inner, configurations, driver->impl)) {
      if (on_refused != nullptr) on_refused(index, reason.c_str(), user_data);
      refused.insert(index);
    }
    *out_num_refused = refused.size();
  });
}
