// configuration_victim FOLDER: undoes what a victim before it left set, runs the campaign of kill_configurations.h on a
// simulated board in FOLDER, and writes each configuration whose row is durable to standard output.

#include <unistd.h>

#include <chrono>
#include <cstdio>
#include <optional>
#include <thread>

#include "measure/kill_configurations.h"
#include "perfmodel/core/error.h"
#include "perfmodel/knob/knob_guard.h"

namespace {

using namespace perfmodel;

/// Runs the workload and acknowledges a configuration when the next one begins.
class Acknowledging {
 public:
  Acknowledging(const ConfigSpace& space, Workload workload) : space_(space), workload_(std::move(workload)) {}

  std::map<std::string, double> operator()(const ConfigurationTexts& texts) {
    Configuration configuration;
    for (std::size_t i = 0; i < texts.size(); ++i) {
      configuration.push_back(space_.options()[i].level_of(texts[i].second));
    }
    const DurableConfiguration begun = {space_.index_of(configuration)};
    if (current_ && current_->index != begun.index) acknowledge();
    current_ = begun;
    std::this_thread::sleep_for(std::chrono::microseconds(500));
    return workload_(texts);
  }
  void acknowledge() const {
    if (::write(STDOUT_FILENO, &*current_, sizeof *current_) != sizeof *current_) ::_exit(3);
  }

 private:
  const ConfigSpace& space_;
  Workload workload_;
  std::optional<DurableConfiguration> current_;
};

void run(const std::string& folder) {
  // First of all, so that the board and its driver begin with the state that the first victim found.
  KnobDriverOptions left_options;
  left_options.root = folder + "/board";
  restore_from_journal(left_options);
  SimulatedCampaign simulated(folder + "/board");
  const ConfigSpace space = victim_space();
  const std::vector<Configuration> configurations = all_of(space);
  const ConfigurationCampaignOptions options = victim_options();
  CampaignStore store = CampaignStore::open(
      folder + "/campaign.sqlite",
      configuration_campaign_schema(space, configurations, simulated.driver, simulated.meters, options));
  Acknowledging workload(space, simulated.resnet50());
  const CampaignReport report =
      run_configuration_campaign(store, space, configurations, simulated.driver, simulated.meters, &simulated.thermal,
                                 std::ref(workload), options);
  if (report.num_measured > 0) workload.acknowledge();
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2) {
    std::fputs("usage: configuration_victim FOLDER\n", stderr);
    return 2;
  }
  try {
    run(argv[1]);
  } catch (const Error& error) {
    std::fprintf(stderr, "%s\n", error.what());
    return 1;
  }
  return 0;
}
