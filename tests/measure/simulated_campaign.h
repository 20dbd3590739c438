#pragma once

#include <filesystem>
#include <fstream>
#include <map>
#include <memory>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

#include "perfmodel/knob/simulated_board.h"
#include "perfmodel/measure/configuration_campaign.h"
#include "temporary_folder.h"

namespace perfmodel {

using ConfigurationTexts = std::vector<std::pair<std::string, std::string>>;

inline std::string text_of(const ConfigurationTexts& configuration, const std::string& option) {
  for (const auto& [name, text] : configuration) {
    if (name == option) return text;
  }
  return "";
}

/// Every file under a folder with what it holds.
inline std::map<std::string, std::string> contents_of(const std::string& folder) {
  std::map<std::string, std::string> contents;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(folder)) {
    if (!entry.is_regular_file()) continue;
    std::ostringstream text;
    text << std::ifstream(entry.path()).rdbuf();
    contents[entry.path().lexically_relative(folder).string()] = text.str();
  }
  return contents;
}

/// What the knobs of a simulated board's tree are set to.
inline std::map<std::string, std::string> knobs_of(const std::string& folder) {
  std::map<std::string, std::string> knobs;
  for (const auto& [path, text] : contents_of(folder)) {
    for (const char* end :
         {"/online", "scaling_min_freq", "scaling_max_freq", "min_freq", "max_freq", "/rate", "/mrq_rate_locked"}) {
      const std::string suffix = end;
      if (path.size() > suffix.size() && path.compare(path.size() - suffix.size(), suffix.size(), suffix) == 0) {
        knobs[path] = text.substr(0, text.find('\n'));  // with or without a line end, it is the same setting
      }
    }
  }
  return knobs;
}

inline SimulatedBoardOptions without_noise() {
  SimulatedBoardOptions options;
  options.noise_fraction = 0;
  return options;
}

/// A simulated board with all that a campaign on it needs.
struct SimulatedCampaign {
  explicit SimulatedCampaign(const std::string& folder, const SimulatedBoardOptions& options = without_noise())
      : board(folder, options),
        driver(board.board(), driver_options(board)),
        meters(open_power_meters(board.board(), meter_options(board))),
        thermal(board.board(), board.root()) {}

  static KnobDriverOptions driver_options(const SimulatedBoard& board) {
    KnobDriverOptions options;
    options.root = board.root();
    options.clock = board.clock();
    return options;
  }
  static PowerMeterOptions meter_options(const SimulatedBoard& board) {
    PowerMeterOptions options;
    options.sample_period_s = 0.005;  // quick: a twentieth of the samples by default
    options.root = board.root();
    options.clock = board.clock();
    return options;
  }

  /// Runs ResNet-50 with the batch size that the configuration names.
  Workload resnet50() {
    return [this](const ConfigurationTexts& configuration) -> std::map<std::string, double> {
      ++num_runs;
      SimulatedSettings settings;
      const std::string batch = text_of(configuration, "batch_size");
      if (!batch.empty()) settings.batch = std::stoi(batch);
      last = board.run(SimulatedWorkload::kResnet50, settings);
      return {{"latency_ms", last.latency_ms}};
    };
  }

  SimulatedBoard board;
  KnobDriver driver;
  std::vector<std::unique_ptr<PowerMeter>> meters;
  ThermalSensors thermal;
  int num_runs = 0;
  SimulatedRun last;
};

/// Three numbers of cores, two levels of the GPU's frequency, two of the batch: 12 configurations.
inline ConfigSpace small_space() {
  return ConfigSpace({Option::integer("num_cores", 1, 3), Option::ordinal("gpu_freq_hz", {522750e3, 1236750e3}),
                      Option::ordinal("batch_size", {1, 4})});
}

inline std::vector<Configuration> all_of(const ConfigSpace& space) {
  std::vector<Configuration> all;
  for (std::uint64_t i = 0; i < space.num_points(); ++i) all.push_back(space.at(i));
  return all;
}

/// Runs campaigns over small_space() on a simulated board in a folder of their own.
class ConfigurationCampaignFixture {
 public:
  explicit ConfigurationCampaignFixture(const SimulatedBoardOptions& board = without_noise())
      : simulated(folder.file("board"), board) {
    options.min_energy_updates = 5;  // quick: a window of some runs
    options.callbacks.log = [this](LogLevel level, const std::string& line) {
      (level == LogLevel::kWarning ? warnings : infos).push_back(line);
    };
  }

  CampaignStore open() {
    return CampaignStore::open(path, configuration_campaign_schema(space, configurations, simulated.driver,
                                                                   simulated.meters, options, {{"workload", "test"}}));
  }
  CampaignReport run(CampaignStore& store, const Workload& workload) {
    return run_configuration_campaign(store, space, configurations, simulated.driver, simulated.meters,
                                      &simulated.thermal, workload, options);
  }
  CampaignReport run(const Workload& workload) {
    CampaignStore store = open();
    return run(store, workload);
  }
  CampaignReport run() { return run(simulated.resnet50()); }

  std::vector<CampaignRow> rows() const { return CampaignStore::open_existing(path).all_rows(); }
  /// An output of a row by its column's name.
  double output(const CampaignRow& row, const std::string& column) const {
    const std::vector<std::string> columns = CampaignStore::open_existing(path).schema().output_columns;
    for (std::size_t i = 0; i < columns.size(); ++i) {
      if (columns[i] == column) return row.outputs[i];
    }
    throw std::out_of_range("no column " + column);
  }

  TemporaryFolder folder;
  const std::string path = folder.file("campaign.sqlite");
  SimulatedCampaign simulated;
  ConfigSpace space = small_space();
  std::vector<Configuration> configurations = all_of(space);
  ConfigurationCampaignOptions options;
  std::vector<std::string> infos, warnings;
};

}  // namespace perfmodel
