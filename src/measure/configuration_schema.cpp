#include "measure/configuration_schema.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>
#include <numeric>
#include <set>
#include <utility>

#include "core/crc32c.h"
#include "measure/told_window.h"
#include "perfmodel/core/error.h"
#include "perfmodel/core/random.h"

namespace perfmodel {
namespace {

void require(bool holds, const char* option, double given, const char* allowed) {
  if (holds) return;
  throw Error(ErrorCode::kInvalidArgument,
              fmt::format("configuration campaign: {} is {}, allowed is {}", option, given, allowed));
}

void require_not_negative(const char* option, double given) {
  require(given >= 0 && std::isfinite(given), option, given, ">= 0");
}

/// A space's JSON on one line and without defaults: those of knobs are what is set at the moment.
std::string identity_text(const ConfigSpace& space) {
  auto json = nlohmann::ordered_json::parse(space.to_json());
  for (auto& option : json["options"]) option.erase("default");
  return json.dump();
}

/// The same on every machine, whatever its byte order.
std::uint32_t checksum_of(const std::vector<Configuration>& configurations) {
  std::uint32_t checksum = 0;
  for (const Configuration& configuration : configurations) {
    const std::string text = fmt::format("{}\n", fmt::join(configuration, " "));
    checksum = crc32c(text.data(), text.size(), checksum);
  }
  return checksum;
}

std::string protocol_text(const ConfigurationCampaignOptions& options, bool has_meters) {
  std::string text = fmt::format("warm-up runs {}, repeats {}", options.warmup_runs, options.repeats);
  if (options.cool_to_celsius > 0) {
    text +=
        fmt::format(", cooled to {:g} degrees Celsius for at most {:g} s", options.cool_to_celsius, options.max_cool_s);
  }
  if (has_meters) {
    text += fmt::format(", {:g} updates of meters or {:g} s", options.min_energy_updates, options.max_window_s);
    if (options.idle_seconds > 0) text += fmt::format(", idle {:g} s", options.idle_seconds);
  }
  return text;
}

std::map<std::string, std::string> identity_of(const ConfigSpace& space,
                                               const std::vector<Configuration>& configurations, const Board& board,
                                               const ConfigurationCampaignOptions& options, bool has_meters) {
  return {{"board", board_text(board)},
          {"config_space", identity_text(space)},
          {"configurations", fmt::format("{}, crc32c {:08x}", configurations.size(), checksum_of(configurations))},
          {"order", options.random_order ? fmt::format("random, seed {}", options.seed) : "as given"},
          {"protocol", protocol_text(options, has_meters)}};
}

void require_equal(const std::string& what, const std::string& stored, const std::string& given) {
  if (stored == given) return;
  throw Error(ErrorCode::kMismatch,
              fmt::format("the store is of another campaign: {} is '{}' there, '{}' was given", what, stored, given));
}

}  // namespace

std::string board_text(const Board& board) {
  if (board.simulated()) return board.name() + " (simulated)";
  return board.tested_on_hardware() ? board.name() : board.name() + " (untested on hardware)";
}

void check_campaign_options(const ConfigurationCampaignOptions& options, std::size_t num_configurations,
                            bool has_thermometers) {
  if (num_configurations == 0) {
    throw Error(ErrorCode::kInvalidArgument,
                "configuration campaign: there are no configurations, at least one is needed");
  }
  const std::set<std::string> different(options.objectives.begin(), options.objectives.end());
  if (different.empty() || different.count("") != 0 || different.size() != options.objectives.size()) {
    throw Error(ErrorCode::kInvalidArgument,
                fmt::format("configuration campaign: objectives are ({}), at least one is needed, each with a name of "
                            "its own",
                            fmt::join(options.objectives, ", ")));
  }
  for (const std::string& objective : options.objectives) {
    if (!is_window_name(objective)) continue;
    throw Error(ErrorCode::kInvalidArgument,
                fmt::format("configuration campaign: '{}' is no objective, a workload tells by it when its runs were",
                            objective));
  }
  require(options.warmup_runs >= 0, "warmup_runs", options.warmup_runs, ">= 0");
  require(options.repeats >= 1, "repeats", options.repeats, ">= 1");
  require(options.repeat_fraction >= 0 && options.repeat_fraction <= 1, "repeat_fraction", options.repeat_fraction,
          "0 .. 1");
  require_not_negative("cool_to_celsius", options.cool_to_celsius);
  require_not_negative("max_cool_s", options.max_cool_s);
  require_not_negative("idle_seconds", options.idle_seconds);
  require_not_negative("min_energy_updates", options.min_energy_updates);
  require_not_negative("max_window_s", options.max_window_s);
  require_not_negative("max_seconds", options.max_seconds);
  if (options.cool_to_celsius > 0 && !has_thermometers) {
    throw Error(ErrorCode::kInvalidArgument,
                fmt::format("configuration campaign: cool_to_celsius is {}, but there are no thermometers",
                            options.cool_to_celsius));
  }
}

std::vector<std::size_t> measuring_order(std::size_t num_configurations, const ConfigurationCampaignOptions& options) {
  std::vector<std::size_t> order(num_configurations);
  std::iota(order.begin(), order.end(), std::size_t{0});
  if (options.random_order) Random(options.seed).shuffle(Span<std::size_t>(order));
  return order;
}

RecordNames record_names(const ConfigurationPlan& plan, const std::vector<std::unique_ptr<PowerMeter>>& meters,
                         const ConfigurationCampaignOptions& options) {
  RecordNames names = {options.objectives, plan.hardware_knobs(), {}};
  for (const auto& meter : meters) names.meters.push_back(meter->info().name);
  return names;
}

void require_schema(const CampaignSchema& stored, const CampaignSchema& expected) {
  require_equal("purpose", stored.purpose, expected.purpose);
  const auto names = [](const std::vector<std::string>& columns) {
    return fmt::format("{}", fmt::join(columns, ", "));
  };
  require_equal("columns in", names(stored.input_columns), names(expected.input_columns));
  require_equal("columns out", names(stored.output_columns), names(expected.output_columns));
  for (const auto& [name, text] : expected.identity) {
    const auto found = stored.identity.find(name);
    require_equal(name, found == stored.identity.end() ? "" : found->second, text);
  }
}

CampaignSchema configuration_campaign_schema(const ConfigSpace& space, const std::vector<Configuration>& configurations,
                                             const KnobDriver& driver,
                                             const std::vector<std::unique_ptr<PowerMeter>>& meters,
                                             const ConfigurationCampaignOptions& options,
                                             std::map<std::string, std::string> identity) {
  CampaignSchema schema;
  schema.purpose = "configurations";
  for (const Option& option : space.options()) schema.input_columns.push_back(option.name());
  schema.output_columns = output_columns(record_names(ConfigurationPlan(space, driver), meters, options));
  schema.identity = std::move(identity);
  for (auto& [name, text] : identity_of(space, configurations, driver.board(), options, !meters.empty())) {
    if (schema.identity.emplace(name, text).second) continue;
    throw Error(
        ErrorCode::kInvalidArgument,
        fmt::format("configuration campaign: '{}' of the identity is taken, the campaign sets it itself", name));
  }
  return schema;
}

}  // namespace perfmodel
