// campaign_victim PATH: runs the campaign of kill_campaign.h on PATH and writes each row that is durable to standard
// output.

#include <unistd.h>

#include <chrono>
#include <cstdio>
#include <optional>
#include <thread>

#include "measure/kill_campaign.h"
#include "perfmodel/core/error.h"

int main(int argc, char** argv) {
  if (argc != 2) {
    std::fputs("usage: campaign_victim PATH\n", stderr);
    return 2;
  }
  try {
    std::optional<VictimAcknowledgement> measured;
    const auto acknowledge = [&] {
      if (measured && ::write(STDOUT_FILENO, &*measured, sizeof *measured) != sizeof *measured) ::_exit(3);
    };
    perfmodel::CampaignStore store = perfmodel::CampaignStore::open(argv[1], victim_schema());
    perfmodel::CampaignOptions options;
    options.num_candidates = kNumVictimCandidates;
    perfmodel::run_campaign(store, options, [&](perfmodel::CampaignRow& row) {
      acknowledge();  // each row is durable before the next candidate begins
      std::this_thread::sleep_for(std::chrono::microseconds(500));
      row.inputs[0] = victim_size(row.candidate);
      row.outputs[0] = victim_time_ms(row.candidate, row.pass);
      measured = {row.candidate, row.pass, row.attempt};
    });
    acknowledge();
  } catch (const perfmodel::Error& error) {
    std::fprintf(stderr, "%s\n", error.what());
    return 1;
  }
  return 0;
}
