#include "power/open_meters.h"

#include <fmt/format.h>

#include <set>
#include <utility>

#include "perfmodel/core/error.h"
#include "power/rail_meter.h"
#include "power/shared_ticks.h"

namespace perfmodel {
namespace {

constexpr double kLeastSamplePeriod_s = 1e-4, kGreatestSamplePeriod_s = 10;

std::vector<Rail> find_rails(const RailTable& table, const MeterSources& sources, WhyNot why_not) {
  if (table.kind != RailKind::kNvml) return find_file_rails(table, sources.files, why_not);
  try {
    return find_nvml_rails(table, sources.open_nvml(), why_not);
  } catch (const Error& error) {
    if (why_not != nullptr) why_not->push_back(fmt::format("{}: {}", table.name, error.what()));
    return {};
  }
}

/// `name`, with a number where another rail has it already: the "core" of a second package is "core-2".
std::string unique_name(const std::string& name, std::set<std::string>& names) {
  std::string unique = name;
  for (int number = 2; !names.insert(unique).second; ++number) unique = fmt::format("{}-{}", name, number);
  return unique;
}

}  // namespace

PowerMeter::~PowerMeter() = default;
EnergyRecord::~EnergyRecord() = default;

std::vector<std::unique_ptr<PowerMeter>> open_meters(const BoardTable& table, const MeterSources& sources,
                                                     WhyNot why_not) {
  std::vector<std::unique_ptr<PowerMeter>> meters;
  std::set<std::string> names;
  const auto clock = std::make_shared<SharedTicks>(sources.clock);
  for (const RailTable& rail_table : table.rails) {
    for (Rail& rail : find_rails(rail_table, sources, why_not)) {
      rail.info.name = unique_name(rail.info.name, names);
      rail.info.simulated = table.simulated;
      const std::string name = rail.info.name;
      try {
        meters.push_back(std::make_unique<RailMeter>(std::move(rail), sources.sample_period_s, clock));
      } catch (const Error& error) {
        if (why_not != nullptr) why_not->push_back(fmt::format("{}: {}", name, error.what()));
      }
    }
  }
  return meters;
}

std::vector<std::unique_ptr<PowerMeter>> open_power_meters(const Board& board, const PowerMeterOptions& options,
                                                           std::vector<std::string>* why_not) {
  const double period_s = options.sample_period_s;
  if (!(period_s == 0 || (period_s >= kLeastSamplePeriod_s && period_s <= kGreatestSamplePeriod_s))) {
    throw Error(ErrorCode::kInvalidArgument, fmt::format("sample_period_s is {}, allowed are 0 and {} to {}", period_s,
                                                         kLeastSamplePeriod_s, kGreatestSamplePeriod_s));
  }
  if (options.nvml_library.empty()) {
    throw Error(ErrorCode::kInvalidArgument, "nvml_library is empty, allowed is a name or a path");
  }
  MeterSources sources;
  sources.files = rooted_file_system(options.root);
  sources.open_nvml = [&] { return open_nvml(options.nvml_library); };
  sources.clock = options.clock != nullptr ? options.clock : system_clock();
  sources.sample_period_s = period_s;
  return open_meters(board.table(), sources, why_not);
}

}  // namespace perfmodel
