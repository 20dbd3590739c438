#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <utility>

#include "measure/simulated_campaign.h"

/// The campaign that configuration_victim runs and that the test knows beforehand: 96 configurations of a simulated
/// board.
namespace perfmodel {

inline ConfigSpace victim_space() {
  return ConfigSpace({Option::integer("num_cores", 1, 4),
                      Option::ordinal("gpu_freq_hz", {114750e3, 318750e3, 522750e3, 726750e3, 930750e3, 1236750e3}),
                      Option::ordinal("batch_size", {1, 2, 4, 8})});
}

inline ConfigurationCampaignOptions victim_options() {
  ConfigurationCampaignOptions options;
  options.seed = 5;
  options.min_energy_updates = 5;
  return options;
}

/// One configuration whose row is known to be on the disk, as the victim writes it to its pipe.
struct DurableConfiguration {
  std::uint64_t index;  ///< in the space
};

}  // namespace perfmodel
